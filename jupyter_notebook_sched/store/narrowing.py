"""Each filter of a list of runs: what it demands, and the index that leads to its runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from ..domain.states import RunState
from .counts import CountKind
from .rows import column
from .run_filter import RunFilter
from .terms import parameter_term, tag_term

ALL_STATES = tuple(state.value for state in RunState)
FEW_TITLES = 20


@dataclass(frozen=True)
class Narrowing:
    """``condition`` on a row of runs; ``source``: a query for the ``seq`` of its runs.

    ``parts``: conditions that ``index`` answers, each with one state, in the order of ``seq``; none where ``source``
    has that order already (``is_ordered``) or nothing has. ``counter``: where its runs are counted exactly.
    """

    condition: str
    source: str
    values: dict[str, Any] = field(default_factory=dict)
    index: str = ""
    parts: tuple[str, ...] = ()
    is_ordered: bool = False
    counter: tuple[CountKind, str] | None = None


def narrowings(db: Database, filter: RunFilter, with_states: bool = True) -> list[Narrowing]:
    """One for each part of the filter but its times."""
    return list(_narrowings(db, filter, with_states))


def _narrowings(db: Database, filter: RunFilter, with_states: bool) -> Iterator[Narrowing]:
    if filter.job is not None:
        yield _equal("job_id", filter.job, "runs_by_job", ("job", filter.job))
    if filter.batch is not None:
        yield _equal("batch_id", filter.batch, "runs_by_batch", ("batch", filter.batch))
    if filter.cause is not None:
        yield _equal("cause", filter.cause, "runs_by_cause", None)
    if filter.notebook is not None:
        titles = "select id from titles where notebook = :notebook"
        yield _of_titles(db, titles, {"notebook": filter.notebook}, ("notebook", filter.notebook))
    words = [word for word in filter.words if any(map(str.isalnum, word))]
    if words:
        titles = "select rowid from titles_text where titles_text match :words"
        yield _of_titles(db, titles, {"words": " ".join(map(_prefix, words))}, None)
    if filter.tag is not None:
        yield _term("tag", tag_term(filter.tag))
    for number, (name, text) in enumerate(filter.parameters.items()):
        yield _term(f"parameter{number}", parameter_term(name, text))
    if with_states and filter.states:
        states = ", ".join(f"'{state}'" for state in filter.states if state in ALL_STATES)
        source = f"select seq from runs where state in ({states})"
        yield Narrowing(f"state in ({states})", source, {}, "runs_by_state", ("true",))


def _equal(column: str, wanted: str, index: str, counter: tuple[CountKind, str] | None) -> Narrowing:
    condition = f"{column} = :{column}"
    source = f"select seq from runs where {condition}"
    return Narrowing(condition, source, {column: wanted}, index, (condition,), counter=counter)


def _of_titles(db: Database, titles: str, values: dict[str, str], counter: tuple[CountKind, str] | None) -> Narrowing:
    found = column(db, f"{titles} limit {FEW_TITLES + 1}", values)
    parts = tuple(f"title = {title}" for title in found) if len(found) <= FEW_TITLES else ()
    condition = f"title in ({titles})" if not parts and found else f"title in ({', '.join(map(str, found))})"
    source = f"select seq from runs indexed by runs_by_title where {condition}"
    return Narrowing(condition, source, values, "runs_by_title", parts, counter=counter)


def _term(name: str, term: int) -> Narrowing:
    source = f"select seq from run_terms where term = :{name}"
    condition = f"exists (select 1 from run_terms where term = :{name} and run_terms.seq = runs.seq)"
    return Narrowing(condition, source, {name: term}, is_ordered=True)


def _prefix(word: str) -> str:
    """A word as FTS5 takes a prefix (https://www.sqlite.org/fts5.html#fts5_prefix_queries)."""
    return '"' + word.replace('"', '""').replace("\0", "") + '" *'
