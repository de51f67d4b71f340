"""Values that are right whatever the notebook calls ``set`` or ``float``, and default values of another kind."""

from __future__ import annotations

import math
from typing import Any

import pytest

from jupyter_notebook_sched.notebook.parameters.injecting import injected_source

from .parameter_cells import edited, only, read

CELL = "set = {1}\nfloat = 1.5\nfrozenset = 'x'\ns = {1}\nf = 2.5\nz = [1.5]"
SENT: dict[str, Any] = {"set": [], "float": "NaN", "s": [], "f": "-Infinity", "z": [2]}


def after(cell: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {}
    exec(cell, namespace)
    return namespace


def test_it_sends_what_was_sent_to_parameters_named_like_built_ins() -> None:
    arrived = after(f"{CELL}\n{injected_source('python', read(CELL).parameters, SENT)}")
    assert (arrived["set"], arrived["s"], arrived["f"], arrived["z"]) == (set(), set(), -math.inf, [2.0])
    assert math.isnan(arrived["float"])


@pytest.mark.parametrize(
    ("declared", "sent", "expected"),
    [("x = {1}", [], set()), ("x = frozenset({1})", [2], frozenset({2})), ("x = 1.5", "Infinity", math.inf)],
)
def test_it_sends_what_was_sent_where_the_notebook_took_the_names(declared: str, sent: Any, expected: Any) -> None:
    source = injected_source("python", [only(declared)], {"x": sent})
    arrived = after(f"float = set = frozenset = None\n{source}")["x"]
    assert (arrived, type(arrived)) == (expected, type(expected))
    assert only(source).default == sent


def test_it_edits_a_cell_as_a_person_would() -> None:
    source = "s = {1}\nf = 2.5\nz = frozenset({1})"
    assert edited(source, {"s": [], "f": "NaN", "z": []}) == 's = set()\nf = float("nan")\nz = frozenset()'


def test_it_edits_a_cell_that_took_the_names_so_that_it_runs() -> None:
    assert after(edited(CELL, {"s": [], "f": "-Infinity"}))["s"] == set()
    assert read(edited(CELL, SENT)).parameters[3].default == []


def test_it_does_not_take_a_call_of_a_name_that_was_taken_for_a_literal() -> None:
    *_, f = read("float = 1.5\nf = float('nan')").parameters
    assert f.expression == "float('nan')"


@pytest.mark.parametrize(
    ("source", "sent", "told", "written"),
    [
        ("x: set[int] = [1]", [2], "a list, but a set", "x: set[int] = {2}"),
        ("x: list[int] = (1, 2)", [2], "a tuple, but a list", "x: list[int] = [2]"),
        ("x: tuple[int, ...] = [1, 2]", [2], "a list, but a tuple", "x: tuple[int, ...] = (2,)"),
        ("x: frozenset = {1}", [2], "a set, but a frozenset", "x: frozenset = frozenset({2})"),
        ("x: str = Path('a')", "b", "a path, but a text", "x: str = 'b'"),
    ],
)
def test_it_lets_the_declared_kind_win_over_that_of_the_default(
    source: str, sent: Any, told: str, written: str
) -> None:
    found = read(source)
    (problem,) = found.problems
    assert told in problem.message
    assert edited(source, {"x": sent}) == written
    injected, declared = after(injected_source("python", found.parameters, {"x": sent}))["x"], after(written)["x"]
    assert (injected, type(injected)) == (declared, type(declared))


@pytest.mark.parametrize(
    "source", ["x: date = '2026-01-31'", "x: datetime = '2026-01-31'", "x: Path = 'a'", "x: Decimal = '1'"]
)
def test_it_tells_of_a_text_where_something_else_is_declared(source: str) -> None:
    (problem,) = read(source).problems
    assert "The default of x" in problem.message


@pytest.mark.parametrize("source", ["x: Sequence[int] = (1,)", "x: str = 'a'", "x: list | None = None", "x: Any = {1}"])
def test_it_says_nothing_where_the_kind_is_left_open(source: str) -> None:
    assert read(source).problems == ()
