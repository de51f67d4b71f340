"""Runs: born, found, cancelled, deleted. What the worker does to them is in ``attempts``."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from ..domain.retry import Retry
from ..domain.run import Cause, Covers, Run, RunDetail
from ..domain.states import ENDED, RunState, check_transition
from . import outbox
from .rows import Row, attempt_of, change, run_detail_of, run_of, select, text_or_none, to_json


class SlotTaken(Exception):
    """Somebody else was first to record this due time."""


class NewRun(msgspec.Struct, frozen=True, kw_only=True):
    """All that a run copies when it is made; later edits of its job never touch it."""

    id: str
    name: str
    notebook: str
    source_version: str
    kernel: str
    cause: Cause
    created_at: datetime
    parameters: dict[str, Any] = {}
    parameters_template: dict[str, Any] = {}
    job_id: str | None = None
    batch_id: str | None = None
    parent_run_id: str | None = None
    scheduled_for: datetime | None = None
    slot_key: str | None = None
    covers: Covers | None = None
    state: RunState = RunState.QUEUED
    reason: str | None = None
    message: str | None = None
    available_at: datetime | None = None
    retry: Retry = Retry()
    timeout_seconds: float | None = None
    cell_timeout_seconds: float | None = None
    tags: list[str] = []
    waits_for_job: bool = False


def insert(db: Database, new: NewRun) -> Run:
    """A new run, queued or skipped, with its event. SlotTaken where its due time has a record already."""
    row = {
        "id": new.id,
        "job_id": new.job_id,
        "batch_id": new.batch_id,
        "parent_run_id": new.parent_run_id,
        "name": new.name,
        "notebook": new.notebook,
        "source_version": new.source_version,
        "parameters": to_json(new.parameters),
        "parameters_template": to_json(new.parameters_template),
        "kernel": new.kernel,
        "cause": new.cause,
        "scheduled_for": text_or_none(new.scheduled_for),
        "slot_key": new.slot_key,
        "covers": None if new.covers is None else to_json(new.covers),
        "state": new.state.value,
        "reason": new.reason,
        "message": new.message,
        "max_attempts": new.retry.max_attempts,
        "created_at": text_or_none(new.created_at),
        "available_at": text_or_none(new.available_at or new.created_at),
        "finished_at": text_or_none(new.created_at) if new.state in ENDED else None,
        "retry": to_json(new.retry),
        "timeout_seconds": new.timeout_seconds,
        "cell_timeout_seconds": new.cell_timeout_seconds,
        "tags": to_json(new.tags),
        "waits_for_job": int(new.waits_for_job),
    }
    columns = ", ".join(row)
    places = ", ".join(f":{name}" for name in row)
    try:
        change(db, f"insert into runs ({columns}) values ({places})", row)
    except sqlite3.IntegrityError as error:
        if new.slot_key is None or "slot_key" not in str(error):
            raise
        raise SlotTaken(f"job {new.job_id} has a run for {new.slot_key} already") from None
    run = get(db, new.id)
    assert run is not None
    outbox.tell_run(db, run, new.created_at)
    if new.job_id is not None:
        change(db, "update jobs set last_run_id = ? where id = ?", [new.id, new.job_id])
    return run


def get(db: Database, run_id: str) -> Run | None:
    rows = select(db, "select * from runs where id = ?", [run_id])
    return run_of(rows[0]) if rows else None


def get_row(db: Database, run_id: str) -> Row | None:
    """The whole row, policies included, for making another run like it."""
    rows = select(db, "select * from runs where id = ?", [run_id])
    return rows[0] if rows else None


def get_detail(db: Database, run_id: str) -> RunDetail | None:
    """A run with its cells and attempts."""
    row = get_row(db, run_id)
    if row is None:
        return None
    attempts = select(db, "select * from attempts where run_id = ? order by n", [run_id])
    return run_detail_of(row, [attempt_of(attempt) for attempt in attempts])


def cancel_queued(db: Database, run_id: str, now: datetime, reason: str = "user") -> Run | None:
    """Ends a run that waits; None where it does not wait (any more)."""
    check_transition(RunState.QUEUED, RunState.CANCELLED, reason)
    changed = change(
        db,
        """update runs set state = 'cancelled', reason = :reason, message = null, finished_at = :now,
               cancel_requested_at = :now
           where id = :id and state = 'queued'""",
        {"id": run_id, "now": text_or_none(now), "reason": reason},
    )
    return _told(db, run_id, now) if changed else None


def request_cancel(db: Database, run_id: str, now: datetime) -> Run | None:
    """Asks the worker of a running run to end it; None where it does not run. Asking again changes nothing."""
    changed = change(
        db,
        """update runs set cancel_requested_at = coalesce(cancel_requested_at, :now)
           where id = :id and state = 'running'""",
        {"id": run_id, "now": text_or_none(now)},
    )
    return _told(db, run_id, now) if changed else None


def supersede_waiting(db: Database, job_id: str, now: datetime, message: str) -> list[str]:
    """Skips the scheduled runs of a job that have not begun: the newest due time wins. Returns their ids."""
    check_transition(RunState.QUEUED, RunState.SKIPPED, "superseded")
    rows = select(
        db,
        """update runs set state = 'skipped', reason = 'superseded', message = :message, finished_at = :now
           where job_id = :job and state = 'queued' and attempt = 1 and cause in ('schedule', 'catch_up')
           returning id""",
        {"job": job_id, "now": text_or_none(now), "message": message},
    )
    for row in rows:
        _told(db, row["id"], now)
    return [row["id"] for row in rows]


def cancel_waiting_of_job(db: Database, job_id: str, now: datetime) -> None:
    """Cancels every run of the job that waits (its deletion)."""
    for row in select(db, "select id from runs where job_id = ? and state = 'queued'", [job_id]):
        cancel_queued(db, row["id"], now)


def delete(db: Database, run_id: str) -> bool:
    """Removes an ended run; False where it has not ended."""
    ended = ", ".join(f"'{state.value}'" for state in ENDED)
    if not change(db, f"delete from runs where id = ? and state in ({ended})", [run_id]):
        return False
    change(db, "delete from attempts where run_id = ?", [run_id])
    change(
        db,
        """update jobs set last_run_id = (select max(id) from runs where runs.job_id = jobs.id)
           where last_run_id = ?""",
        [run_id],
    )
    return True


def _told(db: Database, run_id: str, now: datetime) -> Run:
    run = get(db, run_id)
    assert run is not None
    outbox.tell_run(db, run, now)
    return run
