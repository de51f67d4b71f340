"""Rows to domain values and back: times as text that sorts, structures as JSON."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from ..domain import times
from ..domain.run import Attempt, Run, RunDetail

Row = dict[str, Any]
_JSON = ("parameters", "parameters_template", "covers", "error", "tags", "cells")


def select(db: Database, sql: str, values: Mapping[str, Any] | list[Any] | None = None) -> list[Row]:
    """Every row as a dictionary; the cursor is always read to its end, so that no read stays open."""
    cursor = db.conn.execute(sql, values or [])
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def change(db: Database, sql: str, values: Mapping[str, Any] | list[Any] | None = None) -> int:
    """The number of rows changed: 0 says that somebody else was first."""
    cursor: sqlite3.Cursor = db.conn.execute(sql, values or [])
    return cursor.rowcount


def run_of(row: Row) -> Run:
    return msgspec.convert(_run_fields(row), Run)


def run_detail_of(row: Row, attempts: list[Attempt]) -> RunDetail:
    return msgspec.convert(_run_fields(row) | {"attempts": attempts, "files": []}, RunDetail)


def attempt_of(row: Row) -> Attempt:
    return msgspec.convert(row, Attempt)


def _run_fields(row: Row) -> Row:
    fields = dict(row)
    for name in _JSON:
        fields[name] = json.loads(row[name]) if row[name] is not None else None
    fields["progress"] = {
        "done": row["progress_done"],
        "total": row["progress_total"],
        "current": row["progress_current"],
    }
    fields["duration_seconds"] = _seconds(row["started_at"], row["finished_at"])
    fields["kernel_alive_until"] = None
    return fields


def _seconds(started: str | None, finished: str | None) -> float | None:
    if started is None or finished is None:
        return None
    return round((times.from_text(finished) - times.from_text(started)).total_seconds(), 3)


def text_or_none(moment: datetime | None) -> str | None:
    return None if moment is None else times.to_text(moment)


def to_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
