"""Next due times after the tz database has changed: a moment computed with old rules may be none any more."""

from __future__ import annotations

import logging
from datetime import datetime

from ..domain import zones
from ..domain.job import Job
from ..domain.trigger import Cron
from ..store import facts, jobs, ledger
from ..store.connection import Store

log = logging.getLogger(__name__)
_FACT = "tzdata"


def follow_zone_rules(store: Store, now: datetime) -> int:
    """Computes the next due time of every cron job anew where the tz database is another than the last time; how many
    changed. A due time is never earlier than the last one on record."""
    version = zones.tzdata_version()
    with store.read() as db:
        if facts.get(db, _FACT) == version:
            return 0
    changed = 0
    with store.write() as db:
        for job in jobs.scheduled(db):
            if not isinstance(job, Job) or not isinstance(job.trigger, Cron):
                continue
            try:
                after = max(moment for moment in (job.restarted_at, job.last_slot) if moment is not None)
                found = job.next_slot(after, ledger.recorded_after(db, job.id, after))
            except (ValueError, OverflowError) as error:
                jobs.record_problem(db, job, f"this schedule cannot be followed: {error}", now)
                continue
            if found != job.next_run_at:
                jobs.set_next(db, job.id, found)
                changed += 1
        facts.put(db, _FACT, version)
    if changed:
        log.info("the time zone rules %s move the next due times of %s jobs", version, changed)
    return changed
