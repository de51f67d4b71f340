"""Values inside values whose kind JSON cannot tell: read, described, checked, written, and alive again in Python."""

from __future__ import annotations

import datetime
import decimal
import math
import pathlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_notebook_sched.notebook.parameters.injecting import injected_source
from jupyter_notebook_sched.notebook.parameters.literals import literal
from jupyter_notebook_sched.notebook.parameters.values import check_values

from .parameter_cells import only

SEEN = """
import datetime, decimal, pathlib
from datetime import date
from decimal import Decimal
from pathlib import Path
"""


@pytest.mark.parametrize(
    ("literal", "wire"),
    [
        ("[date(2026, 1, 1), None]", ["2026-01-01", None]),
        ("{'start': date(2026, 1, 1), 'n': 1}", {"start": "2026-01-01", "n": 1}),
        ("{'paths': [Path('a')], 'rate': Decimal('1.50')}", {"paths": ["a"], "rate": "1.50"}),
        ("[(1, 2), (3,), ()]", [[1, 2], [3], []]),
        ("(1, date(2026, 1, 1), (2, 'a'))", [1, "2026-01-01", [2, "a"]]),
        ("[[float('nan')], [1.0]]", [["NaN"], [1.0]]),
        ("{'a': float('-inf')}", {"a": "-Infinity"}),
        ("{(1, 'a')}", [[1, "a"]]),
        ("frozenset({Decimal('1')})", ["1"]),
        ("[{'day': date(2026, 1, 1)}, {}]", [{"day": "2026-01-01"}, {}]),
        ("dict(day=date(2026, 1, 1))", {"day": "2026-01-01"}),
    ],
)
def test_it_reads_what_is_inside_and_gives_the_same_object_back(literal: str, wire: Any) -> None:
    found = only(f"x = {literal}")
    assert (found.default, found.expression) == (wire, None)
    assert check_values([found], {"x": wire}) == ({"x": wire}, [])
    assert repr(arrives(f"x = {literal}", wire)) == repr(eval(literal, imported()))


@pytest.mark.parametrize(
    ("declared", "sent", "expected"),
    [
        ("x: list[date]", ["2026-02-03"], [datetime.date(2026, 2, 3)]),
        ("x: dict[str, float]", {"a": 1, "b": "Infinity"}, {"a": 1.0, "b": math.inf}),
        ("x: tuple[int, Path]", [1, "a"], (1, pathlib.Path("a"))),
        ("x: set[tuple[int, ...]]", [[1, 2], [3]], {(1, 2), (3,)}),
        ("x: dict[str, list[Decimal]]", {"a": ["1.10"]}, {"a": [decimal.Decimal("1.10")]}),
        ("x: list[tuple[str, datetime]]", [["a", "2026-01-02T03:04"]], [("a", datetime.datetime(2026, 1, 2, 3, 4))]),
        ("x: Optional[list[float | None]]", [1, None], [1.0, None]),
        ("x: list[list[float]]", [[1], []], [[1.0], []]),
    ],
)
def test_it_builds_what_an_annotation_declares_inside(declared: str, sent: Any, expected: Any) -> None:
    assert repr(arrives(declared, sent)) == repr(expected)


def test_it_makes_inner_values_by_the_names_that_the_cell_uses() -> None:
    found = only("import datetime as dt\nx = [dt.date(2026, 1, 1)]")
    written = literal("python", ["2026-02-03", "2026-02-04"], found, "[dt.date(2026, 1, 1)]")
    assert written == "[dt.date(2026, 2, 3), dt.date(2026, 2, 4)]"


def imported() -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(SEEN, names)
    return names


def arrives(declared: str, value: Any) -> Any:
    namespace: dict[str, Any] = {}
    exec(injected_source("python", [only(declared)], {"x": value}), namespace)
    return namespace["x"]


leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=6),
    st.dates(),
    st.datetimes(),
    st.decimals(allow_nan=False),
    st.from_regex(r"[a-z]{1,5}(/[a-z]{1,5})?", fullmatch=True).map(pathlib.PurePosixPath),
)


def containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    hashable = st.one_of(st.integers(), st.dates(), st.text(max_size=3))
    return st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(max_size=3), inner, max_size=3),
        st.sets(hashable, max_size=3),
        st.frozensets(st.dates(), max_size=2),
    )


@given(st.recursive(leaves, containers, max_leaves=6))
def test_it_gives_back_any_value_that_it_can_read(value: Any) -> None:
    """What it cannot tell faithfully must be an expression; everything else arrives as it was."""
    source = f"x = {spelled(value)}"
    found = only(source)
    if found.expression is not None:
        assert found.default is None
        return
    assert check_values([found], {"x": found.default}) == ({"x": found.default}, [])
    assert spelled(arrives(source, found.default)) == spelled(value)


def spelled(value: Any) -> str:
    """The value as people write it; sets in an order of their own."""
    if isinstance(value, float) and not math.isfinite(value):
        return f"float('{value}')"
    if isinstance(value, pathlib.PurePath):
        return f"pathlib.Path({str(value)!r})"
    if isinstance(value, decimal.Decimal):
        return f"decimal.Decimal('{value}')"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {spelled(item)}" for key, item in value.items()) + "}"
    if isinstance(value, set | frozenset):
        inner = "{" + ", ".join(sorted(map(spelled, value))) + "}" if value else ""
        return f"frozenset({inner})" if isinstance(value, frozenset) else inner or "set()"
    if isinstance(value, list | tuple):
        inner = ", ".join(map(spelled, value))
        return f"[{inner}]" if isinstance(value, list) else f"({inner},)" if len(value) == 1 else f"({inner})"
    return repr(value)
