"""Which due times of a job have come, and what becomes of each: run, caught up, or missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ..domain.job import Job
from ..domain.run import Cause, Covers

ON_TIME = timedelta(seconds=60)
_JUST_BEFORE = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Due:
    """The due times up to now: the one that runs, if any, those that were missed, and the next one to come."""

    last: datetime | None
    runs: datetime | None
    cause: Cause
    missed: Covers | None
    next_run_at: datetime | None


def due_slots(job: Job, now: datetime) -> Due:
    """Under ``run_latest``: the newest due time runs unless it is older than the job's limit, earlier ones are missed.

    The job's ``next_run_at`` is its first due time that has no record; where the rules of its zone have changed since
    there may be none by now. ValueError where its trigger is not valid.
    """
    assert job.trigger is not None
    assert job.next_run_at is not None
    first = before = newest = next_run_at = None
    count = 0
    for fire in job.trigger.fires(job.next_run_at - _JUST_BEFORE):  # type: ignore[union-attr]
        if fire.at > now:
            next_run_at = fire.at
            break
        first, before, newest, count = first or fire.at, newest, fire.at, count + 1
    if first is None or newest is None:
        return Due(job.last_slot, None, "schedule", None, next_run_at)
    late = now - newest
    if late > timedelta(seconds=job.late_limit_seconds):
        return Due(newest, None, "schedule", Covers(count, first, newest), next_run_at)
    missed = Covers(count - 1, first, before) if before is not None else None
    return Due(newest, newest, "schedule" if late <= ON_TIME else "catch_up", missed, next_run_at)
