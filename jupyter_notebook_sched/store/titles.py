"""Titles: each pair of a name and a notebook once, with what its runs have taught about the next one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlite_utils import Database

from .rows import change, value

BATCH = 500


def title_of(db: Database, name: str, notebook: str) -> int:
    """The number of the pair, made where it is new."""
    pair = [name, notebook]
    found = value(db, "select id from titles where name = ? and notebook = ?", pair)
    if found is None:
        found = value(db, "insert into titles (name, notebook) values (?, ?) returning id", pair)
    return int(found)


def matching(words: Sequence[str]) -> str:
    """Those words as prefixes, in the language of FTS5 (https://www.sqlite.org/fts5.html#fts5_prefix_queries); empty
    where there is nothing to look for in them."""
    return " ".join(_prefix(word) for word in words if any(map(str.isalnum, word)))


def _prefix(word: str) -> str:
    return '"' + word.replace('"', '""').replace("\0", "") + '" *'


def drop_unused(db: Database) -> None:
    """Pairs that no run and no job has any more."""
    change(
        db,
        f"""delete from titles where id in (
               select id from titles where not exists (select 1 from runs where title = titles.id)
               and not exists (select 1 from jobs where notebook = titles.notebook and name = titles.name)
               limit {BATCH})""",
    )


def learn(db: Database, run_id: str, seconds: float | None, memory_bytes: int | None) -> None:
    """What a run took: wall seconds where it succeeded, memory at its height where that is known."""
    change(
        db,
        """update titles set expected_seconds = coalesce(?, expected_seconds), memory_bytes = coalesce(?, memory_bytes)
           where id = (select title from runs where id = ?)""",
        [seconds, memory_bytes, run_id],
    )
