"""What a workspace must remember of itself from one worker to the next: name → text."""

from __future__ import annotations

from sqlite_utils import Database

from .rows import change, value


def get(db: Database, name: str) -> str | None:
    found: str | None = value(db, "select value from facts where name = ?", [name])
    return found


def put(db: Database, name: str, text: str) -> None:
    sql = "insert into facts (name, value) values (?, ?) on conflict do update set value = excluded.value"
    change(db, sql, [name, text])
