"""Values written into cells in Scala, C# and F#: they are read back, and nothing else changes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jupyter_notebook_sched.notebook.parameters.literals import assignment, literal
from jupyter_notebook_sched.notebook.parameters.model import Json, Parameter
from jupyter_notebook_sched.notebook.parameters.values import check_values

from .json_values import identical, values
from .parameter_cells import edited, only, read

ANY = Parameter("x", "any", nullable=True)
LANGUAGES = ["scala", "csharp", "fsharp"]


@pytest.mark.parametrize(
    ("language", "before", "changes", "after"),
    [
        (
            "scala",
            'val x = "us" // 😀\nvar n:Int=5;val y = List(\n 1,\n 2) /* two */\r\nval f: Double = 0.5\n',
            {"x": 'f$"r', "n": 6, "y": [3], "f": 2},
            'val x = "f$\\"r" // 😀\nvar n:Int=6;val y = List(3) /* two */\r\nval f: Double = 2.0\n',
        ),
        (
            "csharp",
            'string x = "us"; // 😀\nint n=5;var y = new[] {\n 1,\n 2}; // two\r\nfloat f = 0.5f;\n',
            {"x": 'f{"r', "n": 6, "y": [3], "f": 2},
            'string x = "f{\\"r"; // 😀\nint n=6;var y = new int[] { 3 }; // two\r\nfloat f = 2.0f;\n',
        ),
        (
            "fsharp",
            'let x = "us" // 😀\nlet n:int=5\nlet y = [\n  1\n  ; 2 ] // two\r\nlet f: float = 0.5\n',
            {"x": 'f{"r', "n": 6, "y": [3], "f": 2},
            'let x = "f{\\"r" // 😀\nlet n:int=6\nlet y = [3] // two\r\nlet f: float = 2.0\n',
        ),
    ],
)
def test_it_edits_right_hand_sides_only(language: str, before: str, changes: dict[str, Json], after: str) -> None:
    assert edited(before, changes, language) == after
    assert edited(after, changes, language) == after


@pytest.mark.parametrize("language", LANGUAGES)
@given(values)
@example([2**63])
def test_it_reads_any_value_that_it_writes(language: str, value: Any) -> None:
    source = assignment(language, ANY, literal(language, value, ANY)) + " // Help"
    found = only(source, language)
    assert found.expression is None, source
    assert identical(found.default, value), source


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("value", ["aé😀\\" * 7_000, list(range(900)), {f"k{n}": [n, None] for n in range(300)}])
def test_it_reads_large_values_that_it_writes(language: str, value: Any) -> None:
    source = assignment(language, ANY, literal(language, value, ANY))
    assert identical(only(source, language).default, value)


def _pairs(of: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, Any]]:
    return st.tuples(of, of)


changes = st.one_of(
    _pairs(st.integers()),
    _pairs(st.floats(allow_nan=False, allow_infinity=False)),
    _pairs(st.booleans()),
    _pairs(st.text(max_size=8)),
    _pairs(st.lists(st.text(max_size=4), min_size=1, max_size=4)),
    _pairs(st.lists(st.integers(), min_size=1, max_size=4)),
    _pairs(st.dictionaries(st.text(max_size=4), values, min_size=1, max_size=3)),
)


@pytest.mark.parametrize("language", LANGUAGES)
@given(st.lists(changes, min_size=2, max_size=4), st.data())
def test_it_changes_one_value_and_nothing_else(
    language: str, pairs: list[tuple[Any, Any]], data: st.DataObject
) -> None:
    lines = []
    for number, (value, _) in enumerate(pairs):
        each = Parameter(f"x{number}", "any", nullable=True)
        lines.append(f"{assignment(language, each, literal(language, value, each))}  // é😀 = {number}")
    source = data.draw(st.sampled_from(["\n", "\r\n", "\n\n// c = 1\n"])).join(lines)
    chosen = data.draw(st.integers(0, len(pairs) - 1))
    after = edited(source, {f"x{chosen}": pairs[chosen][1]}, language)
    found, again = read(source, language), read(after, language)
    assert (found.problems, again.problems) == ((), ())
    start, end = found.parameters[chosen].range or (0, 0)
    units, changed = source.encode("utf-16-le"), after.encode("utf-16-le")
    assert changed.startswith(units[: start * 2])
    assert changed.endswith(units[end * 2 :])
    for number, (before, then) in enumerate(pairs):
        assert identical(again.parameters[number].default, then if number == chosen else before), after


@pytest.mark.parametrize("value", ["a", [1, "b"], {"c": None}, None, 2.5, True, 2**40])
@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("csharp", "object x = 1;"),
        ("csharp", "dynamic x = 1.5;"),
        ("scala", "val x: Any = List(1)"),
        ("fsharp", "let x: obj = 1"),
        ("typescript", "let x: unknown = 1"),
        ("typescript", "let x: any = 'a'"),
    ],
)
def test_it_takes_anything_where_the_declaration_does(language: str, source: str, value: Any) -> None:
    fresh = only(edited(source, {"x": value}, language), language)
    assert check_values([only(source, language)], {"x": value})[1] == []
    assert (fresh.type, fresh.nullable, fresh.expression, fresh.default) == ("any", True, None, value)
