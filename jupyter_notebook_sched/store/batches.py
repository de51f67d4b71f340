"""Batches: the runs of a sweep, made together, read side by side, cancelled together."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlite_utils import Database

from ..domain.batch import Batch, BatchRun, BriefError, Member, NewBatch
from ..domain.run import Progress
from ..domain.states import RunState
from . import runs
from .rows import UNREADABLE, Row, add, column, seconds_between, select, text_or_none, to_json

LONGEST_ERROR = 500
# Where one was run again, the newest stands in its place.
OF_BATCH = """select id, state, reason, message, attempt, progress_done, progress_total, progress_current, parameters,
    results, created_at, started_at, finished_at, error, output, notebook, source_version, kernel
    from runs_seen where seq in (select max(seq) from runs where batch_id = ? group by batch_index)
    order by batch_index"""


def insert(db: Database, new: NewBatch) -> None:
    """The batch itself; its runs follow in the same transaction."""
    row = {"id": new.id, "name": new.name, "mode": new.mode, "varied": to_json(new.varied)}
    add(db, "batches", row | {"created_at": text_or_none(new.created_at)})


def get(db: Database, batch_id: str) -> Batch | None:
    """A batch with its runs; None where there is none (any more)."""
    found = select(db, "select * from batches where id = ?", [batch_id])
    rows = select(db, OF_BATCH, [batch_id]) if found else []
    if not rows:
        return None
    varied = msgspec.json.decode(found[0]["varied"], type=list[str])
    members = [_run_of(row, varied) for row in rows]
    first = {name: rows[0][name] for name in ("notebook", "source_version", "kernel")}
    counts = {state.value: sum(member.state is state for member in members) for state in RunState}
    ends = [member.finished_at for member in members if member.finished_at is not None]
    return msgspec.convert(
        found[0]
        | first
        | {
            "finished_at": max(ends) if len(ends) == len(members) else None,
            "total": len(members),
            "counts": counts,
            "varied": varied,
            "results": list(dict.fromkeys(name for member in members for name in member.results)),
            "runs": members,
        },
        Batch,
    )


def _run_of(row: Row, varied: list[str]) -> BatchRun:
    parameters = _readable(row["parameters"])
    fields = row | {
        "progress": Progress(row["progress_done"], row["progress_total"], row["progress_current"]),
        "parameters": {name: parameters[name] for name in varied if name in parameters},
        "results": _readable(row["results"] or "{}"),
        "duration_seconds": seconds_between(row["started_at"], row["finished_at"]),
        "error": _brief(row["error"]),
    }
    return msgspec.convert(fields, BatchRun)


def _readable(text: str) -> dict[str, object]:
    """Nothing, where somebody edited it by hand."""
    try:
        return msgspec.json.decode(text, type=dict[str, object])
    except UNREADABLE:
        return {}


def _brief(text: str | None) -> BriefError | None:
    try:
        error = None if text is None else msgspec.json.decode(text, type=BriefError)
    except UNREADABLE:
        return None
    if error is None or len(error.value) <= LONGEST_ERROR:
        return error
    return msgspec.structs.replace(error, value=error.value[:LONGEST_ERROR] + "…")


def exists(db: Database, batch_id: str) -> bool:
    return bool(column(db, "select 1 from batches where id = ?", [batch_id]))


def member(db: Database, run_id: str) -> Member | None:
    """The place of a run in its sweep; None where it is of none."""
    rows = select(
        db,
        """select batch_id, batch_index as "index", label, plain_name, varied from runs_seen
           join batches on batches.id = runs_seen.batch_id where runs_seen.id = ? and batch_index is not null""",
        [run_id],
    )
    return msgspec.convert(rows[0] | {"varied": msgspec.json.decode(rows[0]["varied"])}, Member) if rows else None


def cancel(db: Database, batch_id: str, now: datetime) -> None:
    """Ends every run of it that waits, and asks for the end of those that run."""
    sql = f"select id from runs where batch_id = ? and state not in ({runs.ENDED_STATES})"
    for run_id in column(db, sql, [batch_id]):
        if not runs.cancel_queued(db, run_id, now):
            runs.request_cancel(db, run_id, now)
