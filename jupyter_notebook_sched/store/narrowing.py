"""Each filter of a list of runs: what it demands, and the index that leads to its runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from ..domain.states import RunState
from .counts import CountKind
from .rows import column, text_or_none
from .run_filter import RunFilter
from .terms import parameter_term, tag_term
from .titles import matching

ALL_STATES = tuple(state.value for state in RunState)
FEW_TITLES = 20


@dataclass(frozen=True)
class Narrowing:
    """``condition`` on a row of runs; ``source``: a query for the ``seq`` of its runs, which one index answers.

    ``light``: a join that an index answers, whether a run of ``few`` is one of them. ``parts``: conditions that
    ``index`` answers, each with one state, in the order of ``seq``; the index holds the state, too. ``is_ordered``:
    ``source`` has that order already. ``counter``: where its runs are counted exactly.
    """

    condition: str
    source: str
    values: dict[str, Any] = field(default_factory=dict)
    light: str = ""
    index: str = ""
    parts: tuple[str, ...] = ()
    is_ordered: bool = False
    counter: tuple[CountKind, str] | None = None


def narrowings(db: Database, filter: RunFilter, with_states: bool = True) -> list[Narrowing]:
    """One for each part of the filter. Where none leaves few runs, the first one leads: so those come first that are
    dear to look up, and last the terms, which are cheap."""
    return list(_narrowings(db, filter, with_states))


def _narrowings(db: Database, filter: RunFilter, with_states: bool) -> Iterator[Narrowing]:
    if filter.order != "seq":
        yield _of_times(filter)
    if filter.job is not None:
        yield _equal("job_id", filter.job, "runs_by_job", ("job", filter.job))
    if filter.batch is not None:
        yield _equal("batch_id", filter.batch, "runs_by_batch", ("batch", filter.batch))
    if filter.cause is not None:
        yield _equal("cause", filter.cause, "runs_by_cause", None)
    if filter.notebook is not None:
        titles = "select id from titles where notebook = :notebook"
        yield _of_titles(db, titles, {"notebook": filter.notebook}, ("notebook", filter.notebook))
    if with_states and filter.states:
        yield _of_states([state for state in filter.states if state in ALL_STATES])
    if words := matching(filter.words):
        titles = "select rowid from titles_text where titles_text match :words"
        yield _of_titles(db, titles, {"words": words}, None)
    if filter.tag is not None:
        yield _term("tag", tag_term(filter.tag))
    for number, (name, text) in enumerate(filter.parameters.items()):
        yield _term(f"parameter{number}", parameter_term(name, text))


def _of_times(filter: RunFilter) -> Narrowing:
    """In the order of that time, which is ``at``; those of one job where the filter has one."""
    conditions, values = [f"{filter.by} is not null"], dict[str, Any]()
    for name, moment, compare in (("since", filter.since, ">="), ("until", filter.until, "<")):
        if moment is not None:
            conditions.append(f"{filter.by} {compare} :{name}")
            values[name] = text_or_none(moment)
    condition = " and ".join(conditions)
    index, within = "runs_by_creation", condition
    if filter.by == "scheduled_for":
        index = "runs_by_due_time"
        if filter.job is not None:
            index, within = "runs_by_job_and_due_time", f"job_id = :job_id and {condition}"
            values["job_id"] = filter.job
    source = f"select seq, {filter.by} as at from runs indexed by {index} where {within}"
    return Narrowing(condition, source, values)


def _of_states(states: list[str]) -> Narrowing:
    condition = f"state in ({', '.join(map(repr, states))})"
    source = f"select seq, state as its_state from runs indexed by runs_by_state where {condition}"
    light = f"({source}) as of_state on of_state.seq = few.seq"
    return Narrowing(condition, source, light=light, index="runs_by_state", parts=("true",))


def _equal(column: str, wanted: str, index: str, counter: tuple[CountKind, str] | None) -> Narrowing:
    condition = f"{column} = :{column}"
    source = f"select seq, state as its_state from runs where {condition}"
    return Narrowing(condition, source, {column: wanted}, index=index, parts=(condition,), counter=counter)


def _of_titles(db: Database, titles: str, values: dict[str, str], counter: tuple[CountKind, str] | None) -> Narrowing:
    found = column(db, f"{titles} limit {FEW_TITLES + 1}", values)
    parts = tuple(f"title = {title}" for title in found) if len(found) <= FEW_TITLES else ()
    condition = f"title in ({titles})" if not parts and found else f"title in ({', '.join(map(str, found))})"
    source = f"select seq, state as its_state from runs indexed by runs_by_title where {condition}"
    return Narrowing(condition, source, values, index="runs_by_title", parts=parts, counter=counter)


def _term(name: str, term: int) -> Narrowing:
    source = f"select seq from run_terms where term = :{name}"
    condition = f"exists (select 1 from run_terms where term = :{name} and run_terms.seq = runs.seq)"
    light = f"run_terms as of_{name} on of_{name}.term = :{name} and of_{name}.seq = few.seq"
    return Narrowing(condition, source, {name: term}, light=light, is_ordered=True)
