"""The records of a job's due times, written in the transaction that moves the job on."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlite_utils import Database

from ..domain.job import Job
from ..domain.run import Cause, Covers
from ..domain.states import RunState
from ..domain.times import to_text
from ..notebook.parameters.model import Parameter
from ..store import claims, jobs, runs
from . import overlap
from .making_runs import fault_of, insert, rendered, rendering_of_job, run_of_job
from .slots import Plan, Slot

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Source:
    """What the runs of a job use now: a version and the kernel to run it on, or why there is none (``fault``).
    ``parameters``: those of its notebook, where the job's values hold templates."""

    version: str
    kernel: str
    fault: str | None = None
    parameters: tuple[Parameter, ...] = ()


def record(db: Database, job: Job, plan: Plan, source: Source, now: datetime) -> None:
    """One record for each due time of the plan; the job stands behind them."""
    for span in plan.missed:
        _record_missed(db, job, source, span, now)
    ran = sum(_record_due(db, job, source, slot, now) for slot in plan.runs)
    jobs.record_slots(db, job, source.version, plan.last_slot, plan.next_run_at, ran)


def _record_due(db: Database, job: Job, source: Source, slot: Slot, now: datetime) -> bool:
    """Whether the due time became a run."""
    if source.fault is not None:
        new = run_of_job(job, slot.cause, source.version, source.kernel, now)
        return _insert(db, new, slot.due) and claims.fail_unstarted(db, new.id, source.fault, now)
    new = run_of_job(job, slot.cause, source.version, source.kernel, now)
    if job.templates:
        new = rendered(new, source.parameters, rendering_of_job(job, slot.due))
    if fault_of(new) is not None:
        return _insert(db, new, slot.due)
    catches_all_up = slot.cause == "catch_up" and job.on_missed == "run_all"
    overlaps = None if catches_all_up else overlap.make_room(db, job, slot.due, now)
    if overlaps is not None:
        _insert_skipped(db, job, source, slot.due, slot.cause, "overlap", overlaps, now)
        return False
    limited = msgspec.structs.replace(
        new,
        available_at=max(slot.available_at, now),
        job_limit=overlap.limit_of(job),
        yields=not catches_all_up,
    )
    return _insert(db, limited, slot.due)


def _record_missed(db: Database, job: Job, source: Source, span: Covers, now: datetime) -> None:
    """One record stands for them all."""
    message = "missed: the scheduler was not running at that time"
    if span.count > 1:
        message = f"{span.count} due times missed: the scheduler was not running"
    covers = span if span.count > 1 else None
    _insert_skipped(db, job, source, span.end, "schedule", "missed", message, now, covers)


def record_user_skip(db: Database, job: Job, source: Source, due: datetime, now: datetime) -> str | None:
    """A due time that somebody skips before it comes; the record's id, None where it has a record already."""
    return _insert_skipped(db, job, source, due, "schedule", "user", "skipped on request", now)


def _insert_skipped(
    db: Database,
    job: Job,
    source: Source,
    due: datetime,
    cause: Cause,
    reason: str,
    message: str,
    now: datetime,
    covers: Covers | None = None,
) -> str | None:
    new = run_of_job(job, cause, source.version, source.kernel, now)
    facts = {"state": RunState.SKIPPED, "reason": reason, "message": message, "covers": covers}
    return new.id if _insert(db, msgspec.structs.replace(new, **facts), due) else None


def _insert(db: Database, new: runs.NewRun, due: datetime) -> bool:
    try:
        insert(db, msgspec.structs.replace(new, scheduled_for=due, slot_key=to_text(due)))
    except runs.SlotTaken as taken:
        log.warning("%s", taken)
        return False
    return True
