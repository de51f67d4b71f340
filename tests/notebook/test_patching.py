"""Lists and objects edited where they are written out: only the elements that differ change."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_notebook_sched.notebook.parameters.editing import edits
from jupyter_notebook_sched.notebook.parameters.literals import literal
from jupyter_notebook_sched.notebook.parameters.model import Parameter, same_value

from .json_values import values as json_values
from .parameter_cells import edited, only, parameters_cell

LINES = "x = [\n    1,  # one\n    2,  # two\n    3,  # three\n]  # Help\n"
NAMED = "x = {\n  'a': 1,  # one\n  'b': {'c': [1, 2]},  # two\n  # last\n  'd': None\n}\n"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([1, 5, 3], LINES.replace("2,", "5,")),
        ([1.0, 2, 3], LINES),
        ([1, 2, 3, 4], LINES.replace("three\n", "three\n    4,\n")),
        ([0, 1, 2, 3], LINES.replace("[\n    ", "[\n    0,\n    ")),
        ([1, 9, 8, 2, 3], LINES.replace("one\n", "one\n    9,\n    8,\n")),
        ([1, 3], LINES.replace("    2,  # two\n", "")),
        ([2, 3], LINES.replace("    1,  # one\n", "")),
        ([1, 2], LINES.replace("    3,  # three\n", "")),
        ([7], "x = [\n    7,  # one\n]  # Help\n"),
        ([], "x = []  # Help\n"),
        (["a", None, [1]], 'x = [\n    "a",  # one\n    None,  # two\n    [1],  # three\n]  # Help\n'),
    ],
)
def test_it_keeps_a_list_one_element_a_line_with_its_comments(value: Any, expected: str) -> None:
    assert edited(LINES, {"x": value}) == expected
    for newline in ("\r\n", "\r"):
        assert edited(LINES.replace("\n", newline), {"x": value}) == expected.replace("\n", newline)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": 2, "b": {"c": [1, 2]}, "d": None}, NAMED.replace("1,  #", "2,  #")),
        ({"d": None, "b": {"c": [1, 2]}, "a": 1}, NAMED),
        ({"a": 1, "b": {"c": [1, 3]}, "d": "x"}, NAMED.replace("2]", "3]").replace("None", '"x"')),
        ({"a": 1, "b": {"c": [1, 2]}, "d": None, "é": 1}, NAMED.replace("None\n", 'None,\n  "é": 1\n')),
        ({"b": {"c": [1, 2]}, "d": None}, NAMED.replace("  'a': 1,  # one\n", "")),
        ({"a": 1, "b": {"c": [1, 2]}}, NAMED.replace("  'd': None\n", "")),
        ({"b": {}, "z": 1}, "x = {\n  'b': {},  # two\n  \"z\": 1,\n  # last\n}\n"),
        ({}, "x = {}\n"),
    ],
)
def test_it_keeps_an_object_one_name_a_line_with_its_comments(value: Any, expected: str) -> None:
    assert edited(NAMED, {"x": value}) == expected


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ("x = [1, 'a', (2)]", [1, "b", 3], "x = [1, 'b', (3)]"),
        ("x = [1,2,]", [1, 2, 3], "x = [1,2, 3,]"),
        ("x = [1, 2, 3]", [1, 3], "x = [1, 3]"),
        ("x = [1, 2, 3]", [2, 3], "x = [2, 3]"),
        ("x = [1, 2, 3]", [1, 2], "x = [1, 2]"),
        ("x = (1, 2)", [1, 3], "x = (1, 3)"),
        ("x = 1, 2", [1, 3], "x = 1, 3"),
        ("x = (1, 2)", [1], "x = (1,)"),
        ("x = {3, 1}", [1, 3], "x = {3, 1}"),
        ("x = {3, 1}", [1, 4, 3], "x = {3, 1, 4}"),
        ("x = {3, 1}", [1], "x = {1}"),
        ("x = set([3, 1])", [1, 3, 2], "x = set([1, 3, 2])"),
        ("x = frozenset({1})", [1, 2], "x = frozenset({1, 2})"),
        ("x = [1.5, 2.0]", [1.5, 2.5], "x = [1.5, 2.5]"),
        ("x: list[float] = [1, 2]", [1, 3], "x: list[float] = [1, 3.0]"),
        ("x: dict[str, float] = {'a': 1.5}", {"a": 2}, "x: dict[str, float] = {'a': 2.0}"),
        ("x = {'a': 1, 'a': 2}", {"a": 3}, "x = {'a': 3}"),
        ("x = {**y}", {"a": 3}, 'x = {"a": 3}'),
        ("x = [*y]", [1], "x = [1]"),
        ("x = [[1, 2], [3, 4]]", [[1, 2], [3, 5]], "x = [[1, 2], [3, 5]]"),
        ("x = [1, 2]", {"a": 1}, 'x = {"a": 1}'),
        ("x = [\n 1,\n 2]", [1, 2, 3], "x = [\n 1,\n 2,\n 3]"),
        ("x = [\n 1,\n 2]", [1], "x = [\n 1,\n]"),
        ("x = ['é', '😀', 'z']  # 😀", ["é", "😀", "a"], "x = ['é', '😀', 'a']  # 😀"),
        ("x = [ 1 , 2 ]", [1, 2, 3], "x = [ 1 , 2, 3 ]"),
        ("x = list((1, 2))", [1, 3], "x = list((1, 3))"),
        ("x = [  # all\n    1, 2,\n    3, 4,\n]", [1, 2, 3, 5], "x = [  # all\n    1, 2,\n    3, 5,\n]"),
    ],
)
def test_it_changes_only_the_elements_that_differ(source: str, value: Any, expected: str) -> None:
    if not isinstance(value, type(only(source.replace("**y", "'q': 1").replace("*y", "1")).default)):
        source = source.replace("x =", "x: object =", 1)
        expected = expected.replace("x =", "x: object =", 1)
    assert edited(source, {"x": value}) == expected


def test_it_makes_an_edit_for_each_element_so_that_cursors_stay() -> None:
    found = edits(parameters_cell("x = [1, {'a': '😀', 'b': 2}, 3]"), "python", {"x": [0, {"a": "😀", "b": 5}, 4]})
    assert [(edit.start, edit.end, edit.text) for edit in found] == [(5, 6, "0"), (25, 26, "5"), (29, 30, "4")]


collections = json_values.filter(lambda value: isinstance(value, list | dict))
near = st.deferred(lambda: collections)


@st.composite
def changed_somewhat(draw: st.DrawFn) -> tuple[Any, Any]:
    """Two values that have much in common."""
    old = draw(collections)
    if isinstance(old, dict):
        new = {
            key: draw(json_values) if draw(st.booleans()) else item for key, item in old.items() if draw(st.booleans())
        }
        return old, new | draw(st.dictionaries(st.text(max_size=3), json_values, max_size=2))
    kept = [draw(json_values) if draw(st.booleans()) else item for item in old if draw(st.integers(0, 3))]
    place = draw(st.integers(0, len(kept)))
    return old, [*kept[:place], *draw(st.lists(json_values, max_size=2)), *kept[place:]]


def spread(value: Any, comment: str) -> str:
    """A literal, one element a line, with a comment behind each."""
    one = Parameter("x", "any")
    if isinstance(value, dict):
        lines = [f"{key!r}: {literal('python', item, one)}" for key, item in value.items()]
        return "{\n" + "".join(f"    {line},{comment}\n" for line in lines) + "}"
    return "[\n" + "".join(f"    {literal('python', item, one)},{comment}\n" for item in value) + "]"


@given(changed_somewhat(), st.sampled_from(["", "  # it's", " # 1, 2]"]), st.booleans())
def test_it_writes_any_value_over_any_other(pair: tuple[Any, Any], comment: str, lines: bool) -> None:
    old, new = pair
    right = spread(old, comment) if lines else repr(old)
    before, after = "# above\n", "  # Help\ny = 1\n"
    changed = edited(f"{before}x = {right}{after}", {"x": new})
    assert changed.startswith(f"{before}x = ")
    assert changed.endswith(after)
    ast.parse(changed)
    assert same_value(only(changed.removesuffix("y = 1\n")).default, new)
    assert edits(parameters_cell(changed), "python", {"x": new}) == []
    if len(old) == len(new) > 0 and isinstance(old, list) and lines and comment:
        assert changed.count(comment) >= len(old), "as long as it stays as long, no comment is lost"
