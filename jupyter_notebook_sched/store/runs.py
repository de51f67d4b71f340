"""Runs: born, cancelled, skipped, deleted. What the worker does to them is in ``claims`` and ``attempts``."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from ..domain.queueing import place_in_queue
from ..domain.run import Cause, Covers, Resumption, Run, RunDetail, RunPolicies
from ..domain.states import ENDED, RunState, check_transition
from . import outbox
from .rows import (
    UNREADABLE,
    Row,
    add,
    attempt_of,
    change,
    column,
    rendering_of,
    run_detail_of,
    run_of,
    select,
    text_or_none,
    to_json,
    value,
)
from .terms import terms_of
from .titles import title_of

ENDED_STATES = ", ".join(f"'{state.value}'" for state in ENDED)


class SlotTaken(Exception):
    """Somebody else was first to record this due time."""


class NewRun(msgspec.Struct, frozen=True, kw_only=True):
    """All that a run copies when it is made; later edits of its job never touch it.

    ``job_limit``: it starts only while fewer runs of its job are active. ``yields``: a newer due time takes its place
    as long as it has not begun. ``asked_on``: the host where somebody asked for it. ``batch_index``: its place in the
    sweep ``batch_id``; ``label``: what sets it apart there, told behind its name. ``rendering``: what its templates are
    rendered from (JSON; in no answer). ``resumption``: it goes on with a kept kernel, which is on ``only_on``, the host
    that alone may start it.
    """

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
    policies: RunPolicies = RunPolicies()
    tags: list[str] = []
    job_limit: int | None = None
    yields: bool = False
    asked_on: str | None = None
    batch_index: int | None = None
    label: str | None = None
    rendering: dict[str, Any] | None = None
    resumption: Resumption | None = None
    only_on: str | None = None


def insert(db: Database, new: NewRun) -> None:
    """A new run, queued or skipped, with its event. SlotTaken where its due time has a record already."""
    available_at = new.available_at or new.created_at
    row = {
        "id": new.id,
        "job_id": new.job_id,
        "batch_id": new.batch_id,
        "parent_run_id": new.parent_run_id,
        "title": title_of(db, new.name, new.notebook),
        "source_version": new.source_version,
        "parameters": to_json(new.parameters),
        "parameters_template": _unless(new.parameters, new.parameters_template),
        "kernel": new.kernel,
        "cause": new.cause,
        "scheduled_for": text_or_none(new.scheduled_for),
        "slot_key": new.slot_key,
        "covers": None if new.covers is None else to_json(new.covers),
        "state": new.state.value,
        "reason": new.reason,
        "message": new.message,
        "max_attempts": new.policies.retry.max_attempts,
        "created_at": text_or_none(new.created_at),
        "available_at": text_or_none(available_at),
        "queue_at": text_or_none(place_in_queue(new.cause, available_at, new.batch_index)),
        "finished_at": text_or_none(new.created_at) if new.state in ENDED else None,
        "policies": to_json(new.policies),
        "tags": to_json(new.tags),
        "job_limit": new.job_limit,
        "yields": int(new.yields),
        "asked_on": new.asked_on,
        "batch_index": new.batch_index,
        "label": new.label,
        "rendering": None if new.rendering is None else to_json(new.rendering),
        "resumption": None if new.resumption is None else to_json(new.resumption),
        "only_on": new.only_on,
    }
    try:
        seq = add(db, "runs", row)
    except sqlite3.IntegrityError as error:
        if new.slot_key is None or "slot_key" not in str(error):
            raise
        raise SlotTaken(f"job {new.job_id} has a run for {new.slot_key} already") from None
    terms = [(term, seq) for term in terms_of(new.parameters, new.tags)]
    if terms:
        db.conn.executemany("insert into run_terms (term, seq) values (?, ?)", terms)
    outbox.tell_run(db, new.id, new.created_at)


def _unless(values: dict[str, Any], template: dict[str, Any]) -> str | None:
    return None if template == values and to_json(template) == to_json(values) else to_json(template)


def get(db: Database, run_id: str) -> Run | None:
    rows = select(db, "select * from runs_seen where id = ?", [run_id])
    return run_of(rows[0]) if rows else None


def last_of_job(db: Database, job_id: str) -> Run | None:
    """The job's newest record, found state by state: each is the end of an index."""
    newest = " union all ".join(
        f"select max(seq) as seq from runs where job_id = :job and state = '{state.value}'" for state in RunState
    )
    rows = select(db, f"select * from runs_seen where seq = (select max(seq) from ({newest}))", {"job": job_id})
    return run_of(rows[0]) if rows else None


def policies(db: Database, run_id: str) -> RunPolicies:
    """The rules that the run copied, for making another one like it. One of UNREADABLE where they cannot be read."""
    rows = select(db, "select policies from runs where id = ?", [run_id])
    return msgspec.json.decode(rows[0]["policies"], type=RunPolicies)


def rendering(db: Database, run_id: str) -> dict[str, Any] | None:
    """What the run's templates are rendered from; None where it has none, or it cannot be read."""
    return rendering_of(value(db, "select rendering from runs where id = ?", [run_id]))


def get_detail(db: Database, run_id: str) -> RunDetail | None:
    """A run with its cells and attempts."""
    rows = select(db, "select * from runs_seen where id = ?", [run_id])
    if not rows:
        return None
    attempts = select(db, "select * from attempts where run = ? order by n", [rows[0]["seq"]])
    return run_detail_of(rows[0], [attempt_of(attempt) for attempt in attempts])


def cancel_queued(db: Database, run_id: str, now: datetime, reason: str = "user") -> bool:
    """Ends a run that waits; False where it does not wait (any more)."""
    check_transition(RunState.QUEUED, RunState.CANCELLED, reason)
    changed = change(
        db,
        """update runs set state = 'cancelled', reason = :reason, message = null, finished_at = :now,
               cancel_requested_at = :now, cancel_reason = :reason
           where id = :id and state = 'queued'""",
        {"id": run_id, "now": text_or_none(now), "reason": reason},
    )
    return _told_if(changed, db, run_id, now)


def request_cancel(db: Database, run_id: str, now: datetime, reason: str = "user") -> bool:
    """Asks the worker of a running run to end it; False where it does not run. Asking again changes nothing, but a
    person's word counts more than the schedule's."""
    changed = change(
        db,
        """update runs set cancel_requested_at = coalesce(cancel_requested_at, :now),
               cancel_reason = case when :reason = 'user' then 'user' else coalesce(cancel_reason, :reason) end
           where id = :id and state = 'running'""",
        {"id": run_id, "now": text_or_none(now), "reason": reason},
    )
    return _told_if(changed, db, run_id, now)


def take_over(db: Database, run_id: str, now: datetime) -> bool:
    """Asks the worker of a running run to end it and to keep its kernel, whatever its policy; False where it does not
    run."""
    sql = "update runs set taken_over = 1 where id = ? and state = 'running'"
    return bool(change(db, sql, [run_id])) and request_cancel(db, run_id, now)


def is_taken_over(db: Database, run_id: str) -> bool:
    return bool(value(db, "select taken_over from runs where id = ?", [run_id]))


def set_kept_until(db: Database, run_id: str, until: datetime | None, now: datetime) -> None:
    """How long its kernel is kept now; None: it is gone."""
    sql = "update runs set kept_until = :until where id = :id and kept_until is not :until"
    _told_if(change(db, sql, {"id": run_id, "until": text_or_none(until)}), db, run_id, now)


def skip(db: Database, run_id: str, reason: str, message: str, now: datetime) -> bool:
    """A due time that waits will not run after all; False where it has begun (or ended) already."""
    check_transition(RunState.QUEUED, RunState.SKIPPED, reason)
    changed = change(
        db,
        """update runs set state = 'skipped', reason = :reason, message = :message, finished_at = :now
           where id = :id and state = 'queued' and tried = 0""",
        {"id": run_id, "reason": reason, "message": message, "now": text_or_none(now)},
    )
    return _told_if(changed, db, run_id, now)


def cancel_waiting_of_job(db: Database, job_id: str, now: datetime) -> None:
    """Cancels every run of the job that waits (its deletion)."""
    for run_id in column(db, "select id from runs where job_id = ? and state = 'queued'", [job_id]):
        cancel_queued(db, run_id, now)


def delete(db: Database, run_id: str) -> bool:
    """Removes an ended run; False where it has not ended."""
    rows = select(db, f"select * from runs where id = ? and state in ({ENDED_STATES})", [run_id])
    for row in rows:
        forget(db, row)
    return bool(rows)


def forget(db: Database, row: Row) -> None:
    """Removes a row of ``runs`` and all that leads to it; nothing where that row is gone already, for the number of the
    newest is given to the next one."""
    if not change(db, "delete from runs where seq = ? and id = ?", [row["seq"], row["id"]]):
        return
    try:
        terms = terms_of(msgspec.json.decode(row["parameters"], type=dict), msgspec.json.decode(row["tags"], type=list))
        db.conn.executemany("delete from run_terms where term = ? and seq = ?", [(term, row["seq"]) for term in terms])
    except UNREADABLE:  # edited by hand: what it was found under is not known any more
        change(db, "delete from run_terms where seq = ?", [row["seq"]])
    if row["slot_key"] is not None and row["state"] == RunState.SKIPPED:
        _remember_passed(db, row["job_id"], row["slot_key"])


def _remember_passed(db: Database, job_id: str, due: str) -> None:
    """A due time that was skipped ahead has only its record to say so: once that is gone, ``last_slot`` does, so that
    it does not come again when the clock goes back."""
    sql = """update jobs set last_slot = ? where id = ? and not paused and (next_run_at is null or next_run_at > ?)
        and (last_slot is null or last_slot < ?)"""
    change(db, sql, [due, job_id, due, due])


def _told_if(changed: int, db: Database, run_id: str, now: datetime) -> bool:
    if changed:
        outbox.tell_run(db, run_id, now)
    return bool(changed)
