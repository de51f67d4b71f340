"""Another version for a job, and for others with it: the notebook as it is now, or one that the job had before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from sqlite_utils import Database

from ..domain.job import Job, JobAnswer
from ..domain.version import Signature
from ..errors import Conflict, Invalid, Together
from ..notebook.comparing.telling import ToldCells
from ..scheduler import versions
from ..scheduler.versions import Snapshot
from ..store import versions as stored_versions
from .changing import on_the_newest, put, restarted, sound, stale
from .context import Context
from .fixes import LIVE
from .forms import Publish
from .jobs import get
from .recipients import Misfit, Other, chosen, misfits, others_of, pinned_on, refuse_new_kernel, without
from .validating import form_of, told_with_the_rest, with_stand_ins
from .versions import differences, now_in_workspace, snapshot_of

Form = TypeVar("Form", bound=msgspec.Struct)


class Published(msgspec.Struct, frozen=True):
    """``diff``: what the version changes. ``misfits``: of this job and of those that get it, too; in a dry run of all
    ``others``, the jobs on the same notebook that could. ``job``: as it is then; null in a dry run. ``earlier``: the
    number of the job's version that it already was, so that what came after is undone."""

    source_version: str
    diff: ToldCells
    misfits: list[Misfit]
    others: list[Other]
    job: JobAnswer | None
    earlier: int | None = None


@dataclass(frozen=True)
class Plan:
    """``found``: other jobs on the notebook, ``chosen``: those of them that get the version, too."""

    job: Job
    snapshot: Snapshot
    found: list[Job]
    chosen: list[Job]


def publish(context: Context, job_id: str, sent: dict[str, Any], by: str | None = None) -> Published:
    """Conflict where the job always runs the current file, or was changed since ``revision``."""
    sound(context, job_id)
    form = checked_form(Publish, sent, lambda form: _plan(context, job_id, form))
    if form.revision is not None:
        return _publish(context, job_id, form, by)
    return on_the_newest(lambda: _publish(context, job_id, form, by))


def _publish(context: Context, job_id: str, form: Publish, by: str | None) -> Published:
    plan = _plan(context, job_id, form)
    job, snapshot = plan.job, plan.snapshot
    told = Published(
        source_version=snapshot.version,
        diff=differences(snapshot_of(context, job, job.source_version), snapshot),
        misfits=misfits(context, snapshot, [job, *(plan.found if form.dry_run else plan.chosen)]),
        others=others_of(
            plan.found if form.dry_run else without(plan.found, plan.chosen), snapshot.version, {job.source_version}
        ),
        job=None,
        earlier=_earlier(context, job, snapshot.version),
    )
    if form.dry_run:
        return told
    versions.keep(context.archive, snapshot)
    with context.store.write() as db:
        give(context, db, snapshot, [job, *plan.chosen], context.clock(), Signature(by, form.message.strip()))
    context.committed()
    return msgspec.structs.replace(told, job=get(context, job_id))


def _earlier(context: Context, job: Job, version: str) -> int | None:
    if version == job.source_version:
        return None
    with context.store.read() as db:
        before = stored_versions.newest_of_source(db, job.id, version)
    return None if before is None else before.n


def _plan(context: Context, job_id: str, form: Publish) -> Plan:
    """Invalid names everything that does not fit."""
    job = sound(context, job_id)
    if job.source == "live":
        raise Conflict("this job always runs the current file; it has no version of its own to change", LIVE)
    if form.revision is not None and form.revision != job.revision:
        raise stale()
    refused = Together()
    with context.store.read() as db:
        found = pinned_on(db, job.notebook, job)
        with refused.hear("jobs"):
            wanted = chosen(db, found, form.jobs, job)
    with refused.hear("source_version"):
        if form.source_version is None:
            snapshot = now_in_workspace(context, job.notebook, "source_version")
        else:
            snapshot = snapshot_of(context, job, form.source_version)
    refused.tell()
    refuse_new_kernel(context, snapshot, [job, *wanted])
    return Plan(job, snapshot, found, wanted)


def give(
    context: Context, db: Database, snapshot: Snapshot, jobs: Sequence[Job], now: datetime, signed: Signature
) -> None:
    """In a transaction: the version is that of these jobs from now on. Conflict where one was changed since it was
    read."""
    versions.keep_again(context.archive, snapshot)
    for job in jobs:
        if job.source_version == snapshot.version:
            continue
        after = msgspec.structs.replace(job, source_version=snapshot.version, source_kernel=snapshot.kernel)
        mended = _mended(db, after, now)
        if not put(context, db, mended or after, "published", now, mended is not None, signed):
            raise stale()


def _mended(db: Database, job: Job, now: datetime) -> Job | None:
    """A job that could not be scheduled is tried again with its new version; None where there is nothing to mend."""
    if job.problem is None or job.paused:
        return None
    try:
        return restarted(db, job, now)
    except Invalid:
        return None


def checked_form(kind: type[Form], sent: dict[str, Any], check: Callable[[Form], object]) -> Form:
    """The body as a form. Invalid names every field that is wrong, also those that only ``check`` knows; a Conflict is
    for bodies that are right."""

    def check_rest(right: dict[str, Any]) -> None:
        with suppress(Conflict):
            check(with_stand_ins(kind, right))

    try:
        return form_of(kind, sent)
    except Invalid as error:
        found = error
    raise told_with_the_rest(found, kind, sent, check_rest)
