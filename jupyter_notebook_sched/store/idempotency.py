"""Requests already answered, kept for a day, so that a repeated one gives the first answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from .rows import change, select, text_or_none

KEPT = timedelta(hours=24)


@dataclass(frozen=True)
class Answered:
    digest: str
    run_ids: list[str]


def find(db: Database, key: str, now: datetime) -> Answered | None:
    """The first answer to that key, if it is younger than a day."""
    rows = select(
        db, "select digest, run_ids from idempotency where key = ? and created_at >= ?", [key, text_or_none(now - KEPT)]
    )
    return Answered(rows[0]["digest"], json.loads(rows[0]["run_ids"])) if rows else None


def remember(db: Database, key: str, digest: str, run_ids: list[str], now: datetime) -> None:
    change(db, "delete from idempotency where created_at < ?", [text_or_none(now - KEPT)])
    change(
        db,
        "insert or replace into idempotency (key, digest, run_ids, created_at) values (?, ?, ?, ?)",
        [key, digest, json.dumps(run_ids), text_or_none(now)],
    )
