"""What a worker writes of the attempts that it holds: progress, end, or the way back into the queue. Every write is
fenced by owner, epoch and attempt; False says that the worker was deposed and must throw its work away."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from ..domain.queueing import place_in_queue
from ..domain.run import CellError, CellOutcome, Progress, Resumption, Run, RunPolicies
from ..domain.states import RunState, check_transition
from . import outbox, titles
from .deliveries import PENDING
from .rows import UNREADABLE, Row, change, column, rendering_of, run_of, select, text_or_none, to_json, value

Key = tuple[str, int, int]
"""An attempt under one registration of one worker: run, attempt, epoch."""


@dataclass(frozen=True)
class Owner:
    """Who holds a run: a worker's identity, and the epoch of its registration."""

    identity: str
    epoch: int


@dataclass(frozen=True)
class Claimed:
    """A run that this worker has just started on, with the rules that the attempt needs. ``rendering`` and
    ``resumption``: see NewRun."""

    run: Run
    policies: RunPolicies
    owner: Owner
    rendering: dict[str, Any] | None = None
    resumption: Resumption | None = None

    @property
    def key(self) -> Key:
        return self.run.id, self.run.attempt, self.owner.epoch


@dataclass(frozen=True)
class Ending:
    """How an attempt ended: all that is written of it. ``bytes`` is the size of the run's files in the archive,
    ``results`` what the notebook recorded, by name. ``kept_until``: its kernel is kept until then."""

    state: RunState
    reason: str | None = None
    message: str | None = None
    error: CellError | None = None
    cells: tuple[CellOutcome, ...] = ()
    progress: Progress = Progress()
    output: str | None = None
    output_sha256: str | None = None
    bytes: int = 0
    memory_bytes: int | None = None
    results: dict[str, Any] = field(default_factory=dict)
    kept_until: datetime | None = None


HELD = """state = 'running' and lease_owner = :owner and lease_epoch = :epoch and attempt = :attempt"""
OF_ATTEMPT = f"run = (select seq from runs where id = :id and {HELD}) and n = :attempt"


def is_held(db: Database, claimed: Claimed) -> bool:
    """Whether the attempt is still this worker's: asked before anything of it is written into the archive."""
    return bool(value(db, f"select 1 from runs where id = :id and {HELD}", _fence(claimed)))


def keep_handle(db: Database, claimed: Claimed, handle: str) -> bool:
    """What the executor finds the attempt again by."""
    return _of_attempt(db, claimed, "handle = :handle", {"handle": handle})


def handle_of(db: Database, claimed: Claimed) -> str | None:
    """None where the executor has not given one, or its worker vanished before it was on record."""
    found: str | None = value(db, f"select handle from attempts where {OF_ATTEMPT}", _fence(claimed))
    return found


def take_over(db: Database, claimed: Claimed, me: Owner, host: str) -> Claimed | None:
    """The same attempt, held by another worker (on ``host``) from now on; None where it was not as ``claimed`` says."""
    heir = {"heir": me.identity, "epoch_of_heir": me.epoch, "host": host}
    _of_attempt(db, claimed, "owner = :heir", {"heir": me.identity})
    sql = f"""update runs set lease_owner = :heir, lease_epoch = :epoch_of_heir, host = :host
        where id = :id and {HELD}"""
    return replace(claimed, owner=me) if change(db, sql, heir | _fence(claimed)) else None


def set_progress(db: Database, claimed: Claimed, progress: Progress, cells: list[CellOutcome], now: datetime) -> bool:
    changed = _of_attempt(
        db,
        claimed,
        "progress_done = :done, progress_total = :total, progress_current = :current, cells = :cells",
        _progress_values(progress) | {"cells": to_json(cells)},
    )
    if changed:
        outbox.tell_run(db, claimed.run.id, now)
    return changed


def finish(db: Database, claimed: Claimed, ending: Ending, now: datetime) -> bool:
    """Ends the run for good, with its attempt."""
    check_transition(RunState.RUNNING, ending.state, ending.reason)
    values = _ending_values(ending, now) | {"state": ending.state.value}
    values["results"] = to_json(ending.results) if ending.results else None
    delivers = ending.state is RunState.SUCCEEDED and claimed.policies.deliver is not None
    values["delivery"] = PENDING if delivers else None
    values["kept_until"] = text_or_none(ending.kept_until)
    if not _end_attempt(db, claimed, values):
        return False
    _of_run(
        db,
        claimed,
        """state = :state, reason = :reason, message = :message, finished_at = :now, bytes = bytes + :bytes,
           results = :results, kept_until = :kept_until, delivery = :delivery""",
        values,
    )
    took = (now - claimed.run.started_at).total_seconds() if claimed.run.started_at else None
    if claimed.run.cause != "resume":  # a part teaches nothing of the whole
        titles.learn(db, claimed.run.id, took if ending.state is RunState.SUCCEEDED else None, ending.memory_bytes)
    outbox.tell_run(db, claimed.run.id, now)
    return True


def give_back(db: Database, claimed: Claimed, ending: Ending, available_at: datetime, now: datetime) -> bool:
    """Ends this attempt but not the run: queued again, for a further attempt at ``available_at``."""
    check_transition(RunState.RUNNING, RunState.QUEUED, "retry_wait")
    run = claimed.run
    if not _end_attempt(db, claimed, _ending_values(ending, now) | {"state": ending.state.value}):
        return False
    message = f"attempt {run.attempt} of {run.max_attempts} failed ({ending.reason}), tried again soon"
    _of_run(
        db,
        claimed,
        """state = 'queued', reason = 'retry_wait', message = :message, attempt = attempt + 1,
           available_at = :available, queue_at = :place, started_at = null, bytes = bytes + :bytes""",
        {
            "message": message + (f": {ending.message}" if ending.message else ""),
            "available": text_or_none(available_at),
            "place": text_or_none(place_in_queue(run.cause, available_at)),
            "bytes": ending.bytes,
        },
    )
    outbox.tell_run(db, run.id, now)
    return True


def held_by(db: Database, owner: Owner) -> list[Claimed]:
    """The runs that a worker holds."""
    rows = select(
        db,
        "select * from runs_seen where state = 'running' and lease_owner = ? and lease_epoch = ?",
        [owner.identity, owner.epoch],
    )
    return [_held(row) for row in rows]


def owners(db: Database) -> list[Owner]:
    """Every worker that holds a running run."""
    rows = select(db, "select distinct lease_owner, lease_epoch from runs where state = 'running'")
    return [Owner(row["lease_owner"], row["lease_epoch"]) for row in rows]


def recorded_sha256(db: Database, output: str) -> str | None:
    """The hash that was recorded of an output notebook (by its path in the archive) when its attempt ended."""
    run_id = output.split("/")[-3] if output.count("/") >= 6 else ""
    sql = "select output_sha256 from attempts where run = (select seq from runs where id = ?) and output = ?"
    found: str | None = value(db, sql, [run_id, output])
    return found


def last_cells(db: Database, run_id: str) -> list[CellOutcome]:
    """The cells of the attempt as its runner last told them."""
    found = value(db, "select cells from runs_seen where id = ?", [run_id])
    try:
        return msgspec.json.decode(found, type=list[CellOutcome]) if found else []
    except UNREADABLE:
        return []


def to_cancel(db: Database, owner: Owner) -> list[str]:
    """The ids of this worker's runs that somebody asked to end."""
    return column(
        db,
        """select id from runs where state = 'running' and lease_owner = ? and lease_epoch = ?
           and cancel_requested_at is not null""",
        [owner.identity, owner.epoch],
    )


def cancel_reason(db: Database, run_id: str) -> str | None:
    """Why somebody asked to end it (``user``, ``replaced``); None where nobody did."""
    found: str | None = value(db, "select cancel_reason from runs where id = ?", [run_id])
    return found


def claimed_of(row: Row) -> Claimed:
    """One of UNREADABLE where its rules cannot be read (edited by hand)."""
    rules = msgspec.json.decode(row["policies"], type=RunPolicies)
    resumption = row["resumption"]
    goes_on = None if resumption is None else msgspec.json.decode(resumption, type=Resumption)
    return Claimed(run_of(row), rules, _owner_of(row), rendering_of(row["rendering"]), goes_on)


def _held(row: Row) -> Claimed:
    """As ``claimed_of``; a run that goes on although its rules cannot be read any more has the default ones."""
    try:
        return claimed_of(row)
    except UNREADABLE:
        return Claimed(run_of(row), RunPolicies(), _owner_of(row), rendering_of(row["rendering"]))


def _owner_of(row: Row) -> Owner:
    return Owner(row["lease_owner"], row["lease_epoch"])


def _end_attempt(db: Database, claimed: Claimed, values: dict[str, Any]) -> bool:
    # A run whose attempt has lost its row (by hand, or damaged) must be able to end all the same.
    change(
        db,
        f"""insert or ignore into attempts (run, n, state, started_at, owner)
           select seq, :attempt, 'running', started_at, :owner from runs where id = :id and {HELD}""",
        _fence(claimed),
    )
    return _of_attempt(
        db,
        claimed,
        """state = :state, reason = :reason, message = :message, finished_at = :now, error = :error, cells = :cells,
           output = :output, output_sha256 = :sha256, progress_done = :done, progress_total = :total,
           progress_current = null""",
        values,
    )


def _ending_values(ending: Ending, now: datetime) -> dict[str, Any]:
    return _progress_values(ending.progress) | {
        "reason": ending.reason,
        "message": ending.message,
        "error": None if ending.error is None else to_json(ending.error),
        "cells": to_json(list(ending.cells)),
        "output": ending.output,
        "sha256": ending.output_sha256,
        "bytes": ending.bytes,
        "now": text_or_none(now),
    }


def _progress_values(progress: Progress) -> dict[str, Any]:
    return {"done": progress.done, "total": progress.total, "current": progress.current}


def _of_attempt(db: Database, claimed: Claimed, assignments: str, values: dict[str, Any]) -> bool:
    return change(db, f"update attempts set {assignments} where {OF_ATTEMPT}", values | _fence(claimed)) == 1


def _of_run(db: Database, claimed: Claimed, assignments: str, values: dict[str, Any]) -> bool:
    sql = f"update runs set {assignments}, lease_owner = null, lease_epoch = null where id = :id and {HELD}"
    return change(db, sql, values | _fence(claimed)) == 1


def _fence(claimed: Claimed) -> dict[str, Any]:
    owner, run = claimed.owner, claimed.run
    return {"id": run.id, "attempt": run.attempt, "owner": owner.identity, "epoch": owner.epoch}
