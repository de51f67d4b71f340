"""Rows to domain values and back: times as text that sorts, structures as JSON."""

from __future__ import annotations

import functools
import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from sqlite_utils import Database

from ..domain import times
from ..domain.run import Attempt, Run, RunDetail

Row = dict[str, Any]
Values = Mapping[str, Any] | list[Any] | None
UNREADABLE = (msgspec.MsgspecError, ValueError, TypeError, RecursionError)
"""What a column raises that was edited by hand or damaged, when its JSON or its moment is read."""
EPOCH = "1970-01-01T00:00:00.000Z"
RunKind = TypeVar("RunKind", bound=Run)
_JSON = ("parameters", "parameters_template", "covers", "error", "tags", "cells", "results", "delivery")
_MOMENTS = (
    "scheduled_for",
    "created_at",
    "available_at",
    "started_at",
    "finished_at",
    "cancel_requested_at",
    "kept_until",
)
_NOTHING: Row = {"parameters": "{}", "parameters_template": "{}", "tags": "[]", "cells": "[]", "results": "{}"}
_NOTHING |= {"covers": None, "error": None, "delivery": None}


def select(db: Database, sql: str, values: Values = None) -> list[Row]:
    """Every row as a dictionary; the cursor is always read to its end, so that no read stays open."""
    cursor, rows = _read(db, sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in rows]


def column(db: Database, sql: str, values: Values = None) -> list[Any]:
    """The first column of every row."""
    return [row[0] for row in _read(db, sql, values)[1]]


def _read(db: Database, sql: str, values: Values) -> tuple[sqlite3.Cursor, list[tuple[Any, ...]]]:
    try:
        cursor: sqlite3.Cursor = db.conn.execute(sql, values or [])
        return cursor, cursor.fetchall()
    except sqlite3.OperationalError as error:
        if "decode" not in str(error):
            raise
    # Bytes that are no text, in a row that somebody damaged: it is to harm no other.
    db.conn.text_factory = _text_whatever_it_is
    try:
        cursor = db.conn.execute(sql, values or [])
        return cursor, cursor.fetchall()
    finally:
        db.conn.text_factory = str


def _text_whatever_it_is(raw: bytes) -> str:
    return raw.decode(errors="replace")


def value(db: Database, sql: str, values: Values = None) -> Any:
    """The first column of the first row; None where there is none."""
    found = column(db, sql, values)
    return found[0] if found else None


def change(db: Database, sql: str, values: Values = None) -> int:
    """The number of rows changed: 0 says that somebody else was first."""
    cursor: sqlite3.Cursor = db.conn.execute(sql, values or [])
    return cursor.rowcount


def add(db: Database, table: str, row: Row) -> int:
    """Inserts a row; the number that it got."""
    return int(db.conn.execute(insertion(table, tuple(row)), row).lastrowid or 0)


@functools.cache
def insertion(table: str, columns: tuple[str, ...]) -> str:
    return f"insert into {table} ({', '.join(columns)}) values ({', '.join(f':{name}' for name in columns)})"


def is_moment(column: str) -> str:
    """The condition that a column holds a moment as they are stored, and nothing that a person left there by hand."""
    return f"strftime('%Y-%m-%dT%H:%M:%fZ', {column}) = {column}"


def run_of(row: Row) -> Run:
    """The run of a row of ``runs_seen``; what cannot be read of it (edited by hand, or damaged) is left out, and told
    as its message."""
    return _converted(row, Run, {})


def run_detail_of(row: Row, attempts: list[Attempt]) -> RunDetail:
    return _converted(row, RunDetail, {"attempts": attempts, "files": [], "files_capped": False})


def _converted(row: Row, kind: type[RunKind], more: Row) -> RunKind:
    try:
        return msgspec.convert(_run_fields(row) | more, kind)
    except UNREADABLE as error:
        return msgspec.convert(_run_fields(_mended(row, error)) | more, kind)


def attempt_of(row: Row) -> Attempt:
    return msgspec.convert(row, Attempt)


def _run_fields(row: Row) -> Row:
    fields = row | {"cells": row["cells"] or "[]", "results": row["results"] or "{}"}
    fields["parameters_template"] = row["parameters_template"] or row["parameters"]
    for name in _JSON:
        fields[name] = json.loads(fields[name]) if fields[name] is not None else None
    fields["progress"] = {
        "done": row["progress_done"],
        "total": row["progress_total"],
        "current": row["progress_current"],
    }
    fields["duration_seconds"] = seconds_between(row["started_at"], row["finished_at"])
    fields["kernel_alive_until"] = row["kept_until"]
    fields["delivery"] = fields["delivery"] or None  # one that is still to come
    fields.setdefault("expected_seconds", None)
    return fields


def _mended(row: Row, error: Exception) -> Row:
    """The row without what may be wrong with it, so that one bad record does not hide a list of good ones."""
    moments = {name: row[name] if _is_moment(row[name]) else None for name in _MOMENTS}
    made = {name: moments[name] or EPOCH for name in ("created_at", "available_at")}
    return row | _NOTHING | moments | made | {"message": f"the record of this run cannot be read: {error}"}


def rendering_of(text: str | None) -> dict[str, Any] | None:
    """The column ``rendering``; None where there is nothing, or nothing that can be read."""
    try:
        return None if text is None else msgspec.json.decode(text, type=dict[str, Any])
    except UNREADABLE:
        return None


def _is_moment(text: str | None) -> bool:
    try:
        return text is None or bool(times.from_text(text))
    except ValueError:
        return False


def seconds_between(started: str | None, finished: str | None) -> float | None:
    if started is None or finished is None:
        return None
    return round((times.from_text(finished) - times.from_text(started)).total_seconds(), 3)


def text_or_none(moment: datetime | None) -> str | None:
    return None if moment is None else times.to_text(moment)


def to_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
