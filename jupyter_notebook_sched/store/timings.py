"""How runs went in time, for whoever draws curves of it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlite_utils import Database

from .rows import select, to_json


class Timing(msgspec.Struct, frozen=True):
    """``lateness``: seconds from when the run might start to when its last attempt did; None where it never began.
    ``duration``: seconds of its last attempt; None where it goes on or never began."""

    state: str
    reason: str | None
    lateness: float | None
    duration: float | None


def timings(db: Database, run_ids: Sequence[str]) -> list[Timing]:
    """Of those runs that are still there."""
    rows = select(
        db,
        """select state, reason, (julianday(started_at) - julianday(available_at)) * 86400.0 as lateness,
               (julianday(finished_at) - julianday(started_at)) * 86400.0 as duration
           from runs where id in (select value from json_each(?))""",
        [to_json(list(run_ids))],
    )
    return [msgspec.convert(row, Timing) for row in rows]
