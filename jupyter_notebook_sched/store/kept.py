"""What is on record of the kernels that are kept of runs, held against what is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from ..domain.keeping import REASONS
from .rows import select, text_or_none, to_json, value


@dataclass(frozen=True)
class KeptRow:
    """``of``: its job, or its notebook where it has none. ``until``: text, UTC; None: its kernel is not on record.
    ``may_have``: whether a kernel of it may be kept; None: it has not ended yet."""

    run_id: str
    of: str
    until: str | None
    may_have: bool | None


def on_record(db: Database, host: str) -> list[str]:
    """The runs whose kernels are kept on a host, as far as the record says."""
    rows = select(db, "select id from runs where kept_until is not null and host = ?", [host])
    return [row["id"] for row in rows]


def rows_of(db: Database, run_ids: list[str]) -> dict[str, KeptRow]:
    """Run → its row, where there is one."""
    rows = select(
        db,
        """select id, coalesce(job_id, notebook, '') as belongs_to, kept_until, state, reason from runs_seen
           where id in (select value from json_each(?))""",
        [to_json(run_ids)],
    )
    return {
        row["id"]: KeptRow(row["id"], row["belongs_to"], row["kept_until"], _may_have(row["state"], row["reason"]))
        for row in rows
    }


def number_on(db: Database, host: str, now: datetime) -> int:
    """How many kernels are kept on a host."""
    sql = "select count(*) from runs where kept_until > ? and host = ?"
    return int(value(db, sql, [text_or_none(now), host]) or 0)


def _may_have(state: str, reason: str | None) -> bool | None:
    if state == "running":
        return None
    return state in ("failed", "cancelled") and reason in REASONS
