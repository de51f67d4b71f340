"""Lists of runs: filters, keyset pages, counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlite_utils import Database

from ..domain.run import Run
from ..domain.states import RunState
from .rows import run_of, select, text_or_none

COUNT_CAP = 1000


@dataclass(frozen=True)
class RunFilter:
    """Which runs; every part narrows. ``since`` is inclusive, ``until`` exclusive, both on the ``by`` time."""

    states: tuple[str, ...] = ()
    job: str | None = None
    notebook: str | None = None
    batch: str | None = None
    cause: str | None = None
    tag: str | None = None
    parameters: dict[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    by: Literal["created_at", "scheduled_for"] = "created_at"

    def counts_exactly(self) -> bool:
        """Exact counts are cheap only where an index leads to them: no filter, or one of job, notebook, batch."""
        others = (self.cause, self.tag, self.parameters, self.words, self.since, self.until)
        return sum(part is not None for part in (self.job, self.notebook, self.batch)) <= 1 and not any(others)


def page(db: Database, filter: RunFilter, limit: int, after: list[str] | None) -> list[Run]:
    """Up to ``limit`` runs, newest first, behind the position ``after`` (that of the last run of the page before)."""
    conditions, values = _conditions(filter)
    if filter.states:
        conditions.append(f"state in ({', '.join('?' * len(filter.states))})")
        values += filter.states
    order = ["id"] if filter.by == "created_at" else ["scheduled_for", "id"]
    if after is not None:
        conditions.append(f"({', '.join(order)}) < ({', '.join('?' * len(order))})")
        values += after
    where = " and ".join(conditions) or "true"
    newest_first = ", ".join(f"{column} desc" for column in order)
    rows = select(db, f"select * from runs where {where} order by {newest_first} limit ?", [*values, limit])
    return [run_of(row) for row in rows]


def position(filter: RunFilter, run: Run) -> list[str]:
    """Where a page that ends with this run ends, for ``page(after=…)``."""
    if filter.by == "created_at":
        return [run.id]
    return [text_or_none(run.scheduled_for) or "", run.id]


def counts(db: Database, filter: RunFilter) -> tuple[dict[str, int], bool]:
    """Runs by state under the filter, whatever its states; and whether counting stopped at COUNT_CAP rows."""
    conditions, values = _conditions(filter)
    where = " and ".join(conditions) or "true"
    if filter.counts_exactly():
        source, cap = f"runs where {where}", None
    else:
        source, cap = f"(select state from runs where {where} limit {COUNT_CAP})", COUNT_CAP
    found = {
        row["state"]: row["n"]
        for row in select(db, f"select state, count(*) as n from {source} group by state", values)
    }
    return {state.value: found.get(state.value, 0) for state in RunState}, cap is not None and sum(
        found.values()
    ) >= cap


def _conditions(filter: RunFilter) -> tuple[list[str], list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    for column, wanted in (
        ("job_id", filter.job),
        ("notebook", filter.notebook),
        ("batch_id", filter.batch),
        ("cause", filter.cause),
    ):
        if wanted is not None:
            conditions.append(f"{column} = ?")
            values.append(wanted)
    if filter.tag is not None:
        conditions.append("exists (select 1 from json_each(runs.tags) where json_each.value = ?)")
        values.append(filter.tag)
    for name, wanted in filter.parameters.items():
        # The query string carries text: true, 1, 1.5 and "us" are compared as SQLite and JSON write them.
        conditions.append(
            """exists (select 1 from json_each(runs.parameters) as p where p.key = ?
                       and case when p.type in ('true', 'false', 'null') then p.type
                           else cast(p.atom as text) end = ?)"""
        )
        values += [name, wanted]
    for word in filter.words:
        pattern = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        spaced = (
            "' ' || replace(replace(replace(replace(name || ' ' || notebook, '/', ' '), '.', ' '), '-', ' '), '_', ' ')"
        )
        unspaced = "' ' || name || ' ' || notebook || ' ' || replace(notebook, '/', ' ')"
        conditions.append(f"({spaced} || {unspaced}) like ? escape '\\'")
        values.append(f"% {pattern}%")
    if filter.by == "scheduled_for":
        conditions.append("scheduled_for is not null")
    column = "created_at" if filter.by == "created_at" else "scheduled_for"
    for moment, compare in ((filter.since, ">="), (filter.until, "<")):
        if moment is not None:
            conditions.append(f"{column} {compare} ?")
            values.append(text_or_none(moment))
    return conditions, values
