"""Lists of runs: filters, keyset pages, counts.

A million runs must answer as fast as a hundred. So every filter has an index that leads to its runs, and a page is cut
in one of two ways: where some filter leaves few runs, those are looked at one by one; else the list is walked from its
newest end, through the index of one filter, until the page is full. Either way the other filters are asked first where
an index answers them (a look into a row costs three times as much), and the rows of what is left last.
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
LOOKED_AT = 4_000
"""Counting under several filters looks at no more runs than this; what it then has is a lower bound."""
FEW = 2000
Query = tuple[str, dict[str, Any]]


def page(db: Database, filter: RunFilter, limit: int, after: list[str] | None) -> list[Run]:
    """Up to ``limit`` runs, newest first, behind the position ``after`` (that of the last run of the page before)."""
    found = narrowings(db, filter)
    lead, size = _leading(db, found, FEW)
    if lead is not None and size <= FEW:
        seqs, values = _of_few(filter, found, lead, after)
    elif filter.order != "seq":
        seqs, values = _by_time(found[0], found, after)
    else:
        seqs, values = _newest(filter, found, after)
    order = "runs.seq desc" if filter.order == "seq" else f"runs.{filter.order} desc, runs.seq desc"
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
    if not found:
        return counters.by_state(db, "all"), False
    if len(found) == 1 and found[0].counter is not None:
        return counters.by_state(db, *found[0].counter), False
    lead, size = _leading(db, found, LOOKED_AT)
    assert lead is not None
    joins, where, values = _others(found, lead, needs_row=not lead.index)
    state = "few.its_state" if lead.index else "runs.state"
    looked_at = f"select {state} as state from ({lead.source} limit {LOOKED_AT}) as few {joins} where {where}"
    sql = f"select state, count(*) as n from ({looked_at} limit {COUNT_CAP}) group by state"
    by_state = {state.value: 0 for state in RunState} | {row["state"]: row["n"] for row in select(db, sql, values)}
    return by_state, sum(by_state.values()) >= COUNT_CAP or size > LOOKED_AT


def _leading(db: Database, found: list[Narrowing], enough: int) -> tuple[Narrowing | None, int]:
    """The filter that leaves the fewest runs, and how many, as far as looking at ``enough`` of each tells."""
    if not found:
        return None, 0
    sizes = [int(value(db, f"select count(*) from ({one.source} limit {enough + 1})", one.values)) for one in found]
    size, number = min(zip(sizes, range(len(sizes)), strict=True))
    return found[number], size


def _others(found: list[Narrowing], lead: Narrowing, needs_row: bool) -> tuple[str, str, dict[str, Any]]:
    """What is asked of the runs of ``lead`` (``few``) beside it: joins, a condition on their rows, and the values.
    Cross joins keep their order (https://www.sqlite.org/optoverview.html#crossjoin)."""
    rest = [one for one in found if one is not lead]
    joins = [f"cross join {one.light}" for one in rest if one.light]
    conditions = [one.condition for one in rest if not one.light]
    if conditions or needs_row:
        joins.append("cross join runs on runs.seq = few.seq")
    return " ".join(joins), " and ".join(conditions) or "true", _values(found)


def _values(found: list[Narrowing]) -> dict[str, Any]:
    return {name: given for one in found for name, given in one.values.items()}


def _of_few(filter: RunFilter, found: list[Narrowing], lead: Narrowing, after: list[str] | None) -> Query:
    """Few runs, each of which is looked at."""
    joins, where, values = _others(found, lead, needs_row=True)
    behind, position = _behind(f"runs.{filter.order}", "runs.seq", after)
    few = f"select runs.seq from ({lead.source}) as few {joins} where {where} and {behind}"
    return f"{few} order by runs.{filter.order} desc, runs.seq desc limit :limit", values | position


def _by_time(times: Narrowing, found: list[Narrowing], after: list[str] | None) -> Query:
    """The newest by a time, from the end of its index."""
    joins, where, values = _others(found, times, needs_row=False)
    behind, position = _behind("at", "seq", after)
    few = f"select few.seq from ({times.source} and {behind}) as few {joins} where {where}"
    return f"{few} order by few.at desc, few.seq desc limit :limit", values | position


def _newest(filter: RunFilter, found: list[Narrowing], after: list[str] | None) -> Query:
    """The newest runs, through the index of the first filter that has them in the list's order."""
    behind, position = _behind("seq", "seq", after)
    lead = next((one for one in found if one.parts or one.is_ordered), None)
    if lead is None:
        where = " and ".join([behind, *(one.condition for one in found)])
        return f"select seq from runs not indexed where {where} order by seq desc limit :limit", _values(
            found
        ) | position
    sources = [f"{lead.source} and {behind}"]
    if lead.parts:
        found = [one for one in found if one is lead or one.index != "runs_by_state"]
        sources = [
            f"select seq from runs indexed by {lead.index} where {part} and state = '{state}' and {behind}"
            for part in lead.parts
            for state in filter.states or ALL_STATES
        ]
    joins, where, values = _others(found, lead, needs_row=False)
    rest = f"{joins} where {where} order by few.seq desc limit :limit"
    newest = " union all ".join(f"select * from (select few.seq from ({source}) as few {rest})" for source in sources)
    return f"select seq from ({newest}) order by seq desc limit :limit", values | position


def _behind(at: str, seq: str, after: list[str] | None) -> Query:
    """The condition on runs behind a position: below its ``seq``, where that is all it has."""
    if after is None:
        return "true", {}
    if len(after) == 1:
        return f"{seq} < :after_seq", {"after_seq": int(after[0])}
    condition = f"{at} <= :after and ({at} < :after or {seq} < :after_seq)"
    return condition, {"after": after[0], "after_seq": int(after[1])}
