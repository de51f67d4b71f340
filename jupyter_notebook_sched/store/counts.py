"""Counters that triggers keep, so that counting never means looking at every run."""

from __future__ import annotations

from typing import Literal

from sqlite_utils import Database

from ..domain.states import RunState
from .rows import change, select, value

CountKind = Literal["all", "job", "notebook", "batch"]


def by_state(db: Database, kind: CountKind, key: str = "") -> dict[str, int]:
    """Runs by state: of all, or of one job, notebook or batch."""
    rows = select(db, "select state, n from run_counts where kind = ? and key = ?", [kind, key])
    found = {row["state"]: row["n"] for row in rows}
    return {state.value: found.get(state.value, 0) for state in RunState}


def archived_bytes(db: Database) -> int:
    """The size of all files that runs left in the archive."""
    return int(value(db, "select n from run_counts where kind = 'bytes'") or 0)


def uses_of_source(db: Database, version: str) -> int:
    """How many runs, jobs and versions of jobs refer to a source."""
    runs = value(db, "select n from run_counts where kind = 'source' and key = ?", [version]) or 0
    jobs = value(db, "select count(*) from jobs where source_version = ?", [version])
    versions = value(db, "select count(*) from versions where source_version = ?", [version])
    return int(runs) + int(jobs) + int(versions)


def move_title(db: Database, title: int, old: str, new: str) -> None:
    """The runs of a title count for another notebook from now on."""
    for notebook, sign in ((old, -1), (new, 1)):
        change(
            db,
            """insert into run_counts (kind, key, state, n)
               select 'notebook', ?, state, count(*) * ? from runs where title = ? group by state
               on conflict do update set n = n + excluded.n""",
            [notebook, sign, title],
        )


def drop_empty(db: Database) -> None:
    """Counters that came down to nothing."""
    change(db, "delete from run_counts where n = 0")
