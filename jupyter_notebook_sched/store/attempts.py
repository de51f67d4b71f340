"""What a worker does to runs: claim, progress, finish, give back. Every write is fenced by owner and attempt; False
says that the worker was deposed and must throw its work away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from ..domain.retry import Retry
from ..domain.run import CellError, CellOutcome, Progress, Run
from ..domain.states import RunState, check_transition
from . import outbox
from .rows import Row, change, run_of, select, text_or_none, to_json


@dataclass(frozen=True)
class Claimed:
    """A run that this worker has just started on, with the policies that the attempt needs."""

    run: Run
    retry: Retry
    timeout_seconds: float | None
    cell_timeout_seconds: float | None


@dataclass(frozen=True)
class Ending:
    """How an attempt ended: all that is written of it."""

    state: RunState
    reason: str | None = None
    message: str | None = None
    error: CellError | None = None
    cells: tuple[CellOutcome, ...] = ()
    progress: Progress = Progress()
    output: str | None = None
    output_sha256: str | None = None


# Hand-started runs first; a scheduled run of a job waits while another run of that job is active.
ANOTHER_IS_ACTIVE = """waits_for_job and exists (
        select 1 from runs as active where active.job_id = waiting.job_id and active.id <> waiting.id
        and (active.state = 'running' or (active.state = 'queued' and active.attempt > 1)))"""
CLAIM = f"""
update runs set state = 'running', reason = null, message = null, lease_owner = :owner, host = :host,
    started_at = :now, finished_at = null, error = null, cells = '[]', output = null,
    progress_done = 0, progress_total = 0, progress_current = null
where id = (
    select id from runs as waiting where state = 'queued' and available_at <= :now
    and not ({ANOTHER_IS_ACTIVE})
    order by cause not in ('manual', 'api', 'rerun'), available_at, id limit 1)
returning *
"""


def claim(db: Database, owner: str, host: str, now: datetime) -> Claimed | None:
    """Takes the next run that may start, in one statement; None where there is none."""
    rows = select(db, CLAIM, {"owner": owner, "host": host, "now": text_or_none(now)})
    if not rows:
        return None
    try:
        claimed = _claimed(rows[0])
    except msgspec.MsgspecError as error:
        _refuse_unreadable(db, rows[0]["id"], error, now)
        return claim(db, owner, host, now)
    outbox.tell_run(db, claimed.run, now)
    return claimed


def _refuse_unreadable(db: Database, run_id: str, error: Exception, now: datetime) -> None:
    """A run whose policies cannot be read ends, so that it holds up no other."""
    change(
        db,
        """update runs set state = 'failed', reason = 'invalid', message = ?, finished_at = ?, lease_owner = null
           where id = ?""",
        [f"the record of this run cannot be read: {error}", text_or_none(now), run_id],
    )
    _told(db, run_id, now)


def set_output(db: Database, run: Run, owner: str, output: str) -> bool:
    """Where the attempt writes its output notebook, so that it can be opened while it fills."""
    return _fenced(db, run, owner, "output = :output", {"output": output})


def set_progress(
    db: Database, run: Run, owner: str, progress: Progress, cells: list[CellOutcome], now: datetime
) -> bool:
    changed = _fenced(
        db,
        run,
        owner,
        "progress_done = :done, progress_total = :total, progress_current = :current, cells = :cells",
        {"done": progress.done, "total": progress.total, "current": progress.current, "cells": to_json(cells)},
    )
    if changed:
        outbox.tell_run(db, msgspec.structs.replace(run, state=RunState.RUNNING, progress=progress), now)
    return changed


def finish(db: Database, run: Run, owner: str, ending: Ending, now: datetime) -> bool:
    """Ends the run for good, with its attempt."""
    check_transition(RunState.RUNNING, ending.state, ending.reason)
    values = _ending_values(ending) | {"state": ending.state.value, "now": text_or_none(now)}
    changed = _fenced(
        db, run, owner, f"state = :state, finished_at = :now, lease_owner = null, {_ENDING_COLUMNS}", values
    )
    if changed:
        _record(db, run, ending, now)
        _told(db, run.id, now)
    return changed


def give_back(db: Database, run: Run, owner: str, ending: Ending, available_at: datetime, now: datetime) -> bool:
    """Ends this attempt but not the run: queued again, for a further attempt at ``available_at``."""
    check_transition(RunState.RUNNING, RunState.QUEUED, "retry_wait")
    values = _ending_values(ending) | {
        "reason": "retry_wait",
        "message": f"attempt {run.attempt} of {run.max_attempts} failed ({ending.reason}), tried again soon"
        + (f": {ending.message}" if ending.message else ""),
        "available": text_or_none(available_at),
    }
    changed = _fenced(
        db,
        run,
        owner,
        f"""state = 'queued', attempt = attempt + 1, available_at = :available, started_at = null,
            lease_owner = null, {_ENDING_COLUMNS}""",
        values,
    )
    if changed:
        _record(db, run, ending, now)
        _told(db, run.id, now)
    return changed


def fail_unstarted(db: Database, run_id: str, message: str, now: datetime) -> bool:
    """A queued run that can never start."""
    check_transition(RunState.QUEUED, RunState.FAILED, "invalid")
    changed = change(
        db,
        """update runs set state = 'failed', reason = 'invalid', message = ?, finished_at = ?
           where id = ? and state = 'queued'""",
        [message, text_or_none(now), run_id],
    )
    if changed:
        _told(db, run_id, now)
    return bool(changed)


def owned_by(db: Database, owner: str) -> list[Claimed]:
    """The runs that this worker holds."""
    rows = select(db, "select * from runs where state = 'running' and lease_owner = ?", [owner])
    return [_claimed(row) for row in rows]


def owners(db: Database) -> list[str]:
    """Every worker that holds a running run."""
    return [row["lease_owner"] for row in select(db, "select distinct lease_owner from runs where state = 'running'")]


def recorded_sha256(db: Database, output: str) -> str | None:
    """The hash that was recorded of an output notebook (by its path in the archive) when its attempt ended."""
    run_id = output.split("/")[-3] if output.count("/") >= 6 else ""
    rows = select(db, "select output_sha256 from attempts where run_id = ? and output = ?", [run_id, output])
    return rows[0]["output_sha256"] if rows else None


def last_cells(db: Database, run_id: str) -> list[CellOutcome]:
    """The cells of the attempt as its runner last told them."""
    rows = select(db, "select cells from runs where id = ?", [run_id])
    return msgspec.json.decode(rows[0]["cells"], type=list[CellOutcome]) if rows else []


def to_cancel(db: Database, owner: str) -> list[str]:
    """The ids of this worker's runs that somebody asked to end."""
    sql = "select id from runs where state = 'running' and lease_owner = ? and cancel_requested_at is not null"
    return [row["id"] for row in select(db, sql, [owner])]


def next_available(db: Database) -> str | None:
    """When the next waiting run may start at the earliest (text, UTC)."""
    row = db.conn.execute("select min(available_at) from runs where state = 'queued'").fetchone()
    return row[0] if row else None


def unexplained(db: Database, now: datetime) -> bool:
    """Whether a run that could start by its time waits without a word."""
    sql = "select 1 from runs where state = 'queued' and reason is null and available_at <= ? limit 1"
    return bool(select(db, sql, [text_or_none(now)]))


def explain_waits(db: Database, busy: int, capacity: int, now: datetime) -> None:
    """Tells every run that could start by its time why it waits; those already told are left alone."""
    due = "state = 'queued' and reason is null and available_at <= :now"
    values = {"now": text_or_none(now), "message": f"waits for a free place ({busy} of {capacity} in use)"}
    told = select(
        db,
        f"""update runs as waiting set reason = 'overlap', message = 'waits for the run of this job before it'
            where {due} and {ANOTHER_IS_ACTIVE} returning id""",
        {"now": values["now"]},
    )
    if busy >= capacity:
        told += select(db, f"update runs set reason = 'capacity', message = :message where {due} returning id", values)
    for row in told:
        _told(db, row["id"], now)


_ENDING_COLUMNS = """reason = :reason, message = :message, error = :error, cells = :cells, output = :output,
    output_sha256 = :sha256, progress_done = :done, progress_total = :total, progress_current = null"""


def _ending_values(ending: Ending) -> dict[str, Any]:
    return {
        "reason": ending.reason,
        "message": ending.message,
        "error": None if ending.error is None else to_json(ending.error),
        "cells": to_json(list(ending.cells)),
        "output": ending.output,
        "sha256": ending.output_sha256,
        "done": ending.progress.done,
        "total": ending.progress.total,
    }


def _record(db: Database, run: Run, ending: Ending, now: datetime) -> None:
    change(
        db,
        """insert into attempts (run_id, n, state, reason, message, started_at, finished_at, output, output_sha256)
           values (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            run.id,
            run.attempt,
            ending.state.value,
            ending.reason,
            ending.message,
            text_or_none(run.started_at),
            text_or_none(now),
            ending.output,
            ending.output_sha256,
        ],
    )


def _fenced(db: Database, run: Run, owner: str, assignments: str, values: dict[str, Any]) -> bool:
    sql = f"""update runs set {assignments}
        where id = :id and state = 'running' and lease_owner = :owner and attempt = :attempt"""
    return change(db, sql, values | {"id": run.id, "owner": owner, "attempt": run.attempt}) == 1


def _claimed(row: Row) -> Claimed:
    retry = msgspec.json.decode(row["retry"], type=Retry)
    return Claimed(run_of(row), retry, row["timeout_seconds"], row["cell_timeout_seconds"])


def _told(db: Database, run_id: str, now: datetime) -> None:
    rows = select(db, "select * from runs where id = ?", [run_id])
    outbox.tell_run(db, run_of(rows[0]), now)
