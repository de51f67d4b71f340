"""Titles: each pair of a name and a notebook once, with what its runs have taught about the next one."""

from __future__ import annotations

from sqlite_utils import Database

from .rows import change, value


def title_of(db: Database, name: str, notebook: str) -> int:
    """The number of the pair, made where it is new."""
    pair = [name, notebook]
    found = value(db, "select id from titles where name = ? and notebook = ?", pair)
    if found is None:
        found = value(db, "insert into titles (name, notebook) values (?, ?) returning id", pair)
    return int(found)


def learn(db: Database, run_id: str, seconds: float | None, memory_bytes: int | None) -> None:
    """What a run took: wall seconds where it succeeded, memory at its height where that is known."""
    change(
        db,
        """update titles set expected_seconds = coalesce(?, expected_seconds), memory_bytes = coalesce(?, memory_bytes)
           where id = (select title from runs where id = ?)""",
        [seconds, memory_bytes, run_id],
    )
