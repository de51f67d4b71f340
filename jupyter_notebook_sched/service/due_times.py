"""A job's due times by hand: one skipped ahead, a range of the past run."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from ..domain.job import Job
from ..domain.run import Run
from ..domain.schedule import Schedule
from ..domain.times import whole_milliseconds
from ..errors import Conflict, FieldError, Invalid, NotFound
from ..scheduler import versions
from ..scheduler.making_runs import insert, rendered, rendering_of_job, run_of_job
from ..scheduler.overlap import limit_of
from ..scheduler.recording import Source, record_user_skip
from ..scheduler.ticking import MOMENT
from ..store import jobs, ledger, runs
from ..store.jobs import Broken
from ..store.runs import NewRun
from . import waiting
from .changing import sound
from .context import Context
from .forms import Backfill, SkipSlot
from .notebooks import Opened, checked_values, current_source
from .resolving import where_on

MOST_SLOTS = 1000


class DueTimes(msgspec.Struct, frozen=True):
    """What a backfill would run."""

    slots: list[datetime]


class Filled(msgspec.Struct, frozen=True):
    runs: list[Run]


def skip(context: Context, job_id: str, form: SkipSlot) -> Run:
    """That due time is recorded as skipped: one that waits in the queue, or one to come. Invalid where the job has no
    such due time, Conflict where it has begun or is on record otherwise."""
    due, now = whole_milliseconds(form.scheduled_for), context.clock()
    with context.store.write() as db:
        job = jobs.get(db, job_id)
        if job is None:
            raise NotFound(f"there is no job {job_id!r}")
        if isinstance(job, Broken):
            raise Invalid(f"{job.message}; delete it and make it again", "broken_job")
        run_id = _skip_queued(db, job, due, now) or _skip_ahead(db, job, due, now)
        run = runs.get(db, run_id)
    assert run is not None
    context.committed()
    return run


def backfill(context: Context, job_id: str, form: Backfill) -> DueTimes | Filled:
    """Runs the due times of a range, up to now; those that have a succeeded run already, or one that waits or
    runs, only if asked ``again``.

    They follow each other, behind what is scheduled, and are no part of the ledger of due times.
    """
    job, now = sound(context, job_id), context.clock()
    slots = _slots_to_fill(context, job, form, now)
    if form.dry_run:
        return DueTimes(slots)
    notebook = current_source(context, job)
    parameters = checked_values(notebook, job.parameters, where_on(context, job.templates))
    versions.keep(context.archive, notebook.snapshot)
    made = [_made(context, job, notebook, parameters, due, now) for due in slots]
    with context.store.write() as db:
        versions.keep_again(context.archive, notebook.snapshot)
        for new in made:
            insert(db, new)
        started = waiting.seen(context, db, [runs.get(db, new.id) for new in made])
    context.committed()
    return Filled(started)


def _made(
    context: Context, job: Job, notebook: Opened, parameters: dict[str, Any], due: datetime, now: datetime
) -> NewRun:
    new = run_of_job(job, "backfill", notebook.snapshot.version, notebook.kernel, now, parameters)
    new = msgspec.structs.replace(new, scheduled_for=due, job_limit=limit_of(job), asked_on=context.host)
    return rendered(new, notebook.read.parameters, rendering_of_job(job, due)) if job.templates else new


def _skip_queued(db: Database, job: Job, due: datetime, now: datetime) -> str | None:
    record = ledger.record_of(db, job.id, due)
    if record is None:
        return None
    if not runs.skip(db, record.run_id, "user", "skipped on request", now):
        if (record.state, record.reason) == ("skipped", "user"):
            return record.run_id
        raise Conflict(f"this due time is on record already: its run is {record.state}", "already_recorded")
    jobs.count_slot_back(db, record.run_id)
    if job.is_exhausted:  # it may make one more again
        freed = msgspec.structs.replace(job, slots_run=job.slots_run - 1)
        with suppress(ValueError):  # a trigger edited by hand
            after = max(now, job.last_slot or due)
            jobs.set_next(db, job.id, freed.next_slot(after, ledger.recorded_after(db, job.id, after)))
    return record.run_id


def _skip_ahead(db: Database, job: Job, due: datetime, now: datetime) -> str:
    """A due time to come; where it is the next one, the one behind it is next now."""
    schedule = _schedule(job)
    if job.paused or job.next_run_at is None or due < job.next_run_at or not _has(schedule, due):
        raise Invalid.fields([FieldError("scheduled_for", "is no due time of this job that is still to come")])
    source = Source(job.source_version, job.kernel or job.source_kernel or "")
    run_id = record_user_skip(db, job, source, due, now)
    if run_id is None:
        raise Conflict("this due time is on record already", "already_recorded")
    if due == job.next_run_at:
        jobs.set_next(db, job.id, schedule.next_after(due, ledger.recorded_after(db, job.id, due)))
    return run_id


def _slots_to_fill(context: Context, job: Job, form: Backfill, now: datetime) -> list[datetime]:
    schedule = _schedule(job)
    end = min(form.end, now + MOMENT)
    errors = []
    if form.start > now:
        errors.append(FieldError("from", "lies in the future: those due times will run by themselves"))
    if form.end <= form.start:
        errors.append(FieldError("to", "must be later than 'from'"))
    if errors:
        raise Invalid.fields(errors)
    try:
        count = schedule.count(form.start - MOMENT, end - MOMENT)
        if count > MOST_SLOTS:
            raise Invalid.fields(
                [FieldError("to", f"that are {count} due times; at most {MOST_SLOTS} can be run at once: take less")]
            )
        slots = schedule.newest(form.start - MOMENT, end - MOMENT, MOST_SLOTS)
    except ValueError as error:
        raise Invalid.fields([FieldError("trigger", str(error))], "broken_job") from None
    if form.again:
        return slots
    with context.store.read() as db:
        done = ledger.done_or_going_on(db, job.id, form.start, end)
    return [due for due in slots if due not in done]


def _schedule(job: Job) -> Schedule:
    if (schedule := job.schedule) is None:
        raise Invalid("this job has no trigger, so it has no due times", "no_trigger")
    return schedule


def _has(schedule: Schedule, due: datetime) -> bool:
    try:
        return schedule.has(due)
    except ValueError:
        return False
