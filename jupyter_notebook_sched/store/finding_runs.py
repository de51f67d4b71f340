"""Lists of runs: filters, keyset pages, counts.

A million runs must answer as fast as a hundred. So every filter has an index that leads to its runs, and a page is cut
in one of two ways: where some filter leaves few runs, those are looked at one by one; else the list is walked from its
newest end, through the index of its narrowest filter, until the page is full.
"""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from ..domain.run import Run
from ..domain.states import RunState
from . import counts as counters
from .narrowing import ALL_STATES, Narrowing, narrowings
from .rows import run_of, select, text_or_none, value
from .run_filter import RunFilter

COUNT_CAP = 1000
LOOKED_AT = 10_000
"""Counting under several filters looks at no more runs than this; what it then has is a lower bound."""
FEW = 2000


def page(db: Database, filter: RunFilter, limit: int, after: list[str] | None) -> list[Run]:
    """Up to ``limit`` runs, newest first, behind the position ``after`` (that of the last run of the page before)."""
    found = narrowings(db, filter)
    narrowest, size = _narrowest(db, found)
    where, values = _where(filter, found, after)
    order = "runs.seq desc" if filter.order == "seq" else f"runs.{filter.order} desc, runs.seq desc"
    if narrowest is not None and size <= FEW:
        seqs = f"select runs.seq {_of_few(narrowest.source)} where {where} order by {order} limit :limit"
    elif filter.order != "seq":
        seqs = f"select seq from runs {_by_time(filter)} where {where} order by {order} limit :limit"
    else:
        seqs = _newest(narrowest, filter.states, where)
    sql = f"select * from runs_seen as runs where seq in ({seqs}) order by {order}"
    return [run_of(row) for row in select(db, sql, values | {"limit": limit})]


def position(db: Database, filter: RunFilter, run: Run) -> list[str]:
    """Where a page that ends with this run ends, for ``page(after=…)``."""
    seq = str(value(db, "select seq from runs where id = ?", [run.id]) or 0)
    if filter.order == "seq":
        return [seq]
    return [text_or_none(getattr(run, filter.order)) or "", seq]


def counts(db: Database, filter: RunFilter) -> tuple[dict[str, int], bool]:
    """Runs by state under the filter, whatever its states; and whether that is only a lower bound."""
    found = narrowings(db, filter, with_states=False)
    if filter.order == "seq":
        if not found:
            return counters.by_state(db, "all"), False
        if len(found) == 1 and found[0].counter is not None:
            return counters.by_state(db, *found[0].counter), False
    narrowest, _ = _narrowest(db, found)
    where, values = _where(filter, found, None)
    source = narrowest.source if narrowest is not None else f"select seq from runs {_by_time(filter)} where {where}"
    looked_at = f"{source} limit {LOOKED_AT}"
    rows = select(
        db,
        f"""select state, count(*) as n from (
                select state {_of_few(looked_at)} where {where} limit {COUNT_CAP}) group by state""",
        values,
    )
    by_state = {state.value: 0 for state in RunState} | {row["state"]: row["n"] for row in rows}
    all_looked_at = value(db, f"select count(*) from ({looked_at})", values)
    return by_state, sum(by_state.values()) >= COUNT_CAP or all_looked_at >= LOOKED_AT


def _narrowest(db: Database, found: list[Narrowing]) -> tuple[Narrowing | None, int]:
    """The filter that leaves the fewest runs, and how many, as far as looking at FEW of each tells."""
    sizes = [
        (int(value(db, f"select count(*) from ({part.source} limit {FEW + 1})", part.values)), number)
        for number, part in enumerate(found)
    ]
    if not sizes:
        return None, 0
    size, number = min(sizes)
    return found[number], size


def _where(filter: RunFilter, found: list[Narrowing], after: list[str] | None) -> tuple[str, dict[str, Any]]:
    conditions = [part.condition for part in found]
    values: dict[str, Any] = {}
    for part in found:
        values |= part.values
    if filter.by == "scheduled_for":
        conditions.append("scheduled_for is not null")
    for name, moment, compare in (("since", filter.since, ">="), ("until", filter.until, "<")):
        if moment is not None:
            conditions.append(f"{filter.by} {compare} :{name}")
            values[name] = text_or_none(moment)
    if after is not None and filter.order == "seq":
        conditions.append("runs.seq < :after_seq")
        values["after_seq"] = int(after[0])
    elif after is not None:
        conditions.append(f"({filter.order} < :after or ({filter.order} = :after and runs.seq < :after_seq))")
        conditions.append(f"{filter.order} <= :after")
        values |= {"after": after[0], "after_seq": int(after[1])}
    return " and ".join(conditions) or "true", values


def _of_few(source: str) -> str:
    """Those runs, looked up one by one (a cross join keeps SQLite from walking another index instead)."""
    return f"from ({source}) as few cross join runs on runs.seq = few.seq"


def _by_time(filter: RunFilter) -> str:
    if filter.order == "seq":
        return ""
    if filter.by == "created_at":
        return "indexed by runs_by_creation"
    return "indexed by runs_by_due_time" if filter.job is None else "indexed by runs_by_job_and_due_time"


def _newest(narrowest: Narrowing | None, states: tuple[str, ...], where: str) -> str:
    """The newest runs through the index of the narrowest filter, each part of which is in the list's order already."""
    if narrowest is not None and narrowest.is_ordered:
        return f"""select runs.seq from ({narrowest.source} order by seq desc) as few cross join runs
            on runs.seq = few.seq where {where} order by few.seq desc limit :limit"""
    if narrowest is None or not narrowest.parts:
        return f"select seq from runs not indexed where {where} order by seq desc limit :limit"
    parts = [
        f"""select * from (select seq from runs indexed by {narrowest.index} where {part} and state = '{state}'
            and {where} order by seq desc limit :limit)"""
        for part in narrowest.parts
        for state in states or ALL_STATES
    ]
    return f"select seq from ({' union all '.join(parts)}) order by seq desc limit :limit"
