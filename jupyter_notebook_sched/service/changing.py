"""A stored job, changed: read, changed, written back if nobody else was faster."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlite_utils import Database

from ..domain.job import Job
from ..domain.version import NOBODY, Signature
from ..errors import Conflict, FieldError, Invalid, NotFound
from ..scheduler.ticking import Scheduler, resumed
from ..store import jobs, ledger
from ..store.jobs import Broken
from .context import Context

TRIES = 20
STALE = "stale_revision"
Changed = TypeVar("Changed")


def sound(context: Context, job_id: str) -> Job:
    """The job; NotFound, or Invalid where its row cannot be read."""
    with context.store.read() as db:
        found = jobs.get(db, job_id)
    if found is None:
        raise NotFound(f"there is no job {job_id!r}")
    if isinstance(found, Broken):
        raise Invalid(f"{found.message}; delete it and make it again", "broken_job")
    return found


def on_the_newest(change: Callable[[], Changed]) -> Changed:
    """A change that names no revision is meant for the job as it is now: again, where somebody else was first."""
    for _ in range(TRIES):
        try:
            return change()
        except Conflict as error:
            if error.reason != STALE:
                raise
    return change()


def restarted(db: Database, job: Job, now: datetime) -> Job:
    """The job awake, with due times that count from now. Invalid where its trigger cannot be followed (any more)."""
    try:
        return resumed(job, now, ledger.recorded_after(db, job.id, now))
    except ValueError as error:
        raise Invalid.fields([FieldError("trigger", str(error))], "broken_job") from None


def save(context: Context, job: Job, told: str, now: datetime, reschedules: bool, signed: Signature = NOBODY) -> None:
    """Conflict (``stale_revision``) where the job was changed since it was read. ``signed``: by whom, where it has
    another version now."""
    with context.store.write() as db:
        if not put(context, db, job, told, now, reschedules, signed):
            raise stale()
    context.committed()


def stale() -> Conflict:
    return Conflict("this job was changed meanwhile; read it again and repeat your change", STALE)


def put(
    context: Context,
    db: Database,
    job: Job,
    told: str,
    now: datetime,
    reschedules: bool,
    signed: Signature = NOBODY,
) -> bool:
    """In a transaction: what has come by the rules of before is on record first. False where the job was changed."""
    if reschedules and isinstance(before := jobs.get(db, job.id), Job):
        _scheduler(context).bring_abreast(db, before, now)
    return jobs.update(db, job, told, now, reschedules, signed)


def _scheduler(context: Context) -> Scheduler:
    return Scheduler(context.store, context.archive, context.workspace, context.settings.default_kernel)
