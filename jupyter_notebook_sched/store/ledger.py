"""The ledger of due times: what is on record for a job, and what waits or goes on for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from ..domain import times
from .rows import column, is_moment, select, text_or_none, to_json, value

RECORDED_AHEAD = f"""
select runs.job_id, runs.slot_key from json_each(?) as asked cross join jobs on jobs.id = asked.value
    cross join runs on runs.job_id = jobs.id and runs.slot_key >= jobs.next_run_at
where {is_moment("runs.slot_key")} order by runs.job_id, runs.slot_key
"""


@dataclass(frozen=True)
class GoingOn:
    """A run that has not ended. It is active once an attempt has begun; before that it may yield to a newer one."""

    run_id: str
    state: str
    cause: str
    tried: int
    yields: int
    has_come: int  # the moment from which on it may start

    @property
    def is_active(self) -> bool:
        return self.tried > 0


@dataclass(frozen=True)
class Recorded:
    """A due time's own record."""

    run_id: str
    state: str
    reason: str | None
    attempts: int


def recorded_ahead(db: Database, job_ids: list[str]) -> dict[str, list[datetime]]:
    """Job → the due times from its next one on that have a record of their own already (skipped ahead), in order."""
    found: dict[str, list[datetime]] = {}
    for row in select(db, RECORDED_AHEAD, [to_json(job_ids)]):
        found.setdefault(row["job_id"], []).append(times.from_text(row["slot_key"]))
    return found


def recorded_after(db: Database, job_id: str, moment: datetime) -> list[datetime]:
    """The job's due times strictly after the moment that have a record already, in order."""
    sql = f"""select slot_key from runs where job_id = ? and slot_key > ? and {is_moment("slot_key")}
        order by slot_key"""
    return [times.from_text(key) for key in column(db, sql, [job_id, text_or_none(moment)])]


def record_of(db: Database, job_id: str, slot: datetime) -> Recorded | None:
    """The record of that due time; None where it has none of its own (one span may still cover it)."""
    rows = select(
        db,
        "select id, state, reason, tried from runs where job_id = ? and slot_key = ? and covers is null",
        [job_id, text_or_none(slot)],
    )
    return Recorded(*rows[0].values()) if rows else None


def going_on(db: Database, job_id: str, now: datetime) -> list[GoingOn]:
    """The job's runs that wait or run, the oldest first."""
    sql = """select id, state, cause, tried, yields, available_at <= ? as has_come from runs
        where job_id = ? and state in ('queued', 'running') order by scheduled_for, seq"""
    return [GoingOn(*row.values()) for row in select(db, sql, [text_or_none(now), job_id])]


def done_or_going_on(db: Database, job_id: str, since: datetime, until: datetime) -> set[datetime]:
    """The due times in [since, until) that some run of the job has succeeded for, or waits or runs for, whoever
    started it."""
    sql = """select scheduled_for from runs where job_id = ? and scheduled_for >= ? and scheduled_for < ?
        and state in ('succeeded', 'queued', 'running')"""
    found = column(db, sql, [job_id, text_or_none(since), text_or_none(until)])
    return {times.from_text(text) for text in found}


def last_of_state(db: Database, job_id: str, state: str) -> str | None:
    """The id of the job's newest run in that state."""
    found: str | None = value(
        db, "select id from runs where job_id = ? and state = ? order by seq desc limit 1", [job_id, state]
    )
    return found
