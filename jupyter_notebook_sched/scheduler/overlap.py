"""A due time that comes while earlier runs of its job wait or run (API.md, *Overlap*)."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from ..domain.job import Job
from ..domain.run import HAND_STARTED
from ..domain.times import to_text
from ..store import jobs, ledger, runs
from ..store.ledger import GoingOn

ASKED_FOR = (*HAND_STARTED, "backfill")
"""No schedule ends what a person has asked for."""


def make_room(db: Database, job: Job, slot: datetime, now: datetime) -> str | None:
    """Does to the job's earlier runs what its policy says; the reason why this due time does not run, or None.

    Active runs (running, or between two attempts) are never superseded, those that a person started never touched; one
    that is merely spread to a later moment waits for nothing.
    """
    going_on = ledger.going_on(db, job.id, now)
    if not going_on:
        return None
    active = [run for run in going_on if run.is_active]
    waiting = [run.run_id for run in going_on if not run.is_active and run.yields and run.has_come]
    if job.on_overlap == "skip":
        if active:
            return f"an earlier run of this job ({active[0].run_id}) had not ended"
        return f"an earlier run of this job ({waiting[0]}) had not begun" if waiting else None
    if job.on_overlap == "replace":
        _replace(db, active, now)
    allowed = max(job.max_parallel - len(active), 1) if job.on_overlap == "parallel" else 1
    for run_id in waiting[: max(len(waiting) + 1 - allowed, 0)]:
        supersede(db, run_id, slot, now)
    return None


def supersede(db: Database, run_id: str, by: datetime, now: datetime) -> None:
    """A newer due time takes the place of one that waits."""
    if runs.skip(db, run_id, "superseded", f"a newer due time, {to_text(by)}, took its place", now):
        jobs.count_slot_back(db, run_id)


def limit_of(job: Job) -> int:
    """How many runs of the job may be active at a time for a scheduled one to start."""
    return job.max_parallel if job.on_overlap == "parallel" else 1


def _replace(db: Database, active: list[GoingOn], now: datetime) -> None:
    for run in active:
        if run.cause in ASKED_FOR:
            continue
        if run.state == "running":
            runs.request_cancel(db, run.run_id, now, "replaced")
        else:
            runs.cancel_queued(db, run.run_id, now, "replaced")
