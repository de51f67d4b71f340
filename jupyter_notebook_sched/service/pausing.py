"""Jobs paused and resumed: one, all, or those with a tag. Pausing stops new due times only; queued runs still run."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlite_utils import Database

from ..domain.job import Job, JobAnswer
from ..errors import FieldError, Invalid
from ..store import jobs
from . import changing
from .context import Context
from .forms import Pause, PauseMany, ResumeMany
from .jobs import get

AT_ONCE = 200


class Changed(msgspec.Struct, frozen=True):
    """How many jobs were changed."""

    changed: int


def pause(context: Context, job_id: str, form: Pause) -> JobAnswer:
    """No new due times from now on, or until the moment given."""
    _refuse_past(form.until, context.clock())
    return _one(context, job_id, Pausing(form.until))


def resume(context: Context, job_id: str) -> JobAnswer:
    """Due times count from now, without catching up."""
    return _one(context, job_id, Resuming())


def pause_many(context: Context, form: PauseMany) -> Changed:
    """All jobs, or those with a tag."""
    _refuse_past(form.until, context.clock())
    return _each(context, form.tag, Pausing(form.until))


def resume_many(context: Context, form: ResumeMany) -> Changed:
    """All jobs, or those with a tag."""
    return _each(context, form.tag, Resuming())


@dataclass(frozen=True)
class Pausing:
    until: datetime | None
    told = "paused"

    def of(self, db: Database, job: Job, now: datetime) -> Job | None:
        """The job as it is to be; None where it is so already."""
        if job.paused and job.paused_until == self.until:
            return None
        return msgspec.structs.replace(job, paused=True, paused_until=self.until, next_run_at=None)


@dataclass(frozen=True)
class Resuming:
    told = "resumed"

    def of(self, db: Database, job: Job, now: datetime) -> Job | None:
        return changing.restarted(db, job, now) if job.paused else None


def _one(context: Context, job_id: str, change: Pausing | Resuming) -> JobAnswer:
    changing.sound(context, job_id)
    with context.store.write() as db:
        _change(context, db, job_id, change, context.clock())
    context.committed()
    return get(context, job_id)


def _each(context: Context, tag: str | None, change: Pausing | Resuming) -> Changed:
    """Some hundreds in a transaction. One that is broken, or deleted meanwhile, keeps no other from being changed."""
    with context.store.read() as db:
        found = jobs.ids(db, tag)
    changed = 0
    for begin in range(0, len(found), AT_ONCE):
        now = context.clock()
        with context.store.write() as db:
            for job_id in found[begin : begin + AT_ONCE]:
                with suppress(Invalid):
                    changed += _change(context, db, job_id, change, now)
        context.committed()
    return Changed(changed)


def _change(context: Context, db: Database, job_id: str, change: Pausing | Resuming, now: datetime) -> bool:
    job = jobs.get(db, job_id)
    if not isinstance(job, Job) or (after := change.of(db, job, now)) is None:
        return False
    return changing.put(context, db, after, change.told, now, reschedules=True)


def _refuse_past(until: datetime | None, now: datetime) -> None:
    if until is not None and until <= now:
        raise Invalid.fields([FieldError("until", "lies in the past; give a later time, or none")])
