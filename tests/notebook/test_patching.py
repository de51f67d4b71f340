"""Lists and objects edited where they are written out: only the elements that differ change."""

from __future__ import annotations

import ast
import math
import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_notebook_sched.notebook.parameters.editing import edits
from jupyter_notebook_sched.notebook.parameters.literals import literal
from jupyter_notebook_sched.notebook.parameters.model import Parameter, same_value

from .json_values import values as json_values
from .parameter_cells import edited, only, parameters_cell, read

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
        ({"a": 1, "b": {"c": [1, 2]}, "d": None, "é": 1}, NAMED.replace("None\n", "None,\n  'é': 1\n")),
        ({"b": {"c": [1, 2]}, "d": None}, NAMED.replace("  'a': 1,  # one\n", "")),
        ({"a": 1, "b": {"c": [1, 2]}}, NAMED.replace("  'd': None\n", "")),
        ({"b": {}, "z": 1}, "x = {\n  'b': {},  # two\n  'z': 1,\n  # last\n}\n"),
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
        ("x = [1, 2, 3, 4]", [1], "x = [1]"),
        ("x = [1, 2, 3, 4]", [4], "x = [4]"),
        ("x = [1, 2, 3, 4]", [1, 4], "x = [1, 4]"),
        ("x = {'a': 1, 'b': 2, 'c': 3}", {"b": 2}, "x = {'b': 2}"),
        ("x = {'a': 1, 'b': 2}", {"a": 1, "c": 3, "d": 4}, "x = {'a': 1, 'c': 3, 'd': 4}"),
        ("x = [\n 1,\n 2,]", [1], "x = [\n 1,\n]"),
        ("x: object = (1, 2)", [1, 3], "x: object = [1, 3]"),
        ("x = [  # all\n    1, 2,\n    3, 4,\n]", [1, 2, 3, 5], "x = [  # all\n    1, 2,\n    3, 5,\n]"),
    ],
)
def test_it_changes_only_the_elements_that_differ(source: str, value: Any, expected: str) -> None:
    if not isinstance(value, type(only(source.replace("**y", "'q': 1").replace("*y", "1")).default)):
        source = source.replace("x =", "x: object =", 1)
        expected = expected.replace("x =", "x: object =", 1)
    assert edited(source, {"x": value}) == expected


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ("x: set[int] = [1]", [1, 2], "x: set[int] = {1, 2}"),
        ("x: frozenset[int] = {1}", [1, 2], "x: frozenset[int] = frozenset({1, 2})"),
        ("x: tuple[int, ...] = [1]", [1, 2], "x: tuple[int, ...] = (1, 2)"),
        ("x: list[int] = (1, 2)", [2], "x: list[int] = [2]"),
        (
            "x: dict[str, set[int]] = {'a': [1], 'b': {2}}",
            {"a": [2], "b": [2]},
            "x: dict[str, set[int]] = {'a': {2}, 'b': {2}}",
        ),
        ("x: object = (1, 2)", [2], "x: object = [2]"),
    ],
)
def test_it_writes_what_is_declared_as_it_is_injected(source: str, value: Any, expected: str) -> None:
    assert edited(source, {"x": value}) == expected
    (parameter,) = read(source).parameters
    if "dict" not in source:
        assert expected.endswith(f"= {literal('python', value, parameter)}")


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ('x = ["a",  # A\n     "b"]  # B', ["a"], 'x = ["a",  # A\n     ]  # B'),
        ('x = ["a",  # A\n     "b",  # B\n]', ["a"], 'x = ["a",  # A\n]'),
        ('x = ["a",  # A\n     "b"]  # B', ["b"], 'x = ["b"]  # B'),
        ('x = ["a",  # A\n     # on b\n     "b"]', ["b"], 'x = [\n     # on b\n     "b"]'),
        ('x = {"a": 1,  # A\n     "b": 2}  # B', {"a": 1}, 'x = {"a": 1,  # A\n     }  # B'),
        ('x = {"a": 1,  # A\n     "b": 2}  # B', {"a": 1, "c": 3}, 'x = {"a": 1,  # A\n     "c": 3}  # B'),
        ("x = [1, 2,  # both\n     3]", [1, 3], "x = [1,  # both\n     3]"),
        ("x = [1, 2,  # both\n     3]", [1], "x = [1,  # both\n     ]"),
        ("x = [\n 1, 2,  # both\n]", [1], "x = [\n 1,  # both\n]"),
        ("x = [\n 1, 2,  # low\n 3, 4,  # high\n]", [1, 4], "x = [\n 1,  # low\n 4,  # high\n]"),
        ("x = [  # all\n  1, 2,\n  3,  # three\n]", [3], "x = [  # all\n  3,  # three\n]"),
        ("x = [1,\n     2,\n     3]", [1], "x = [1]"),
        ("x = [1\n   , 2  # two\n   , 3]", [1, 2], "x = [1\n   , 2]"),
        ("x = [  # first\n]", [1], "x = [  # first\n    1,\n]"),
        ("x = {\r\n  # none yet\r\n}  # Help", {"a": 1}, 'x = {\r\n  # none yet\r\n  "a": 1,\r\n}  # Help'),
        ("x = (  # first\n  )", [1, 2], "x = (  # first\n      1,\n      2,\n  )"),
    ],
)
def test_it_keeps_the_comments_of_what_stays(source: str, value: Any, expected: str) -> None:
    assert edited(source, {"x": value}) == expected


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ("x = [1,\n     2,\n     3]", [1, 2, 3, 4], "x = [1,\n     2,\n     3,\n     4]"),
        ("x = [1,\n     2,  # two\n     3]", [1, 2, 9, 3], "x = [1,\n     2,  # two\n     9,\n     3]"),
        ('x = {"a": 1,  # A\n     "b": 2}', {"a": 1, "b": 2, "c": 3}, 'x = {"a": 1,  # A\n     "b": 2,\n     "c": 3}'),
        ('x = ["a",  # A\n     "b"]', ["z", "a", "b"], 'x = ["z",\n     "a",  # A\n     "b"]'),
        ("x = [1,\r\n\t2\r\n]", [1, 2, 3], "x = [1,\r\n\t2,\r\n\t3\r\n]"),
    ],
)
def test_it_gives_what_is_new_a_line_where_the_others_have_one(source: str, value: Any, expected: str) -> None:
    assert edited(source, {"x": value}) == expected


def test_it_needs_no_name_in_an_element_that_the_cell_has_given_another_meaning() -> None:
    changed = edited("set = {1}\ny = [\n    {1},  # one\n    {2},\n]", {"y": [[1], [], [2]]})
    assert "{1},  # one" in changed
    found: dict[str, Any] = {}
    exec(changed, found)
    empty = {1} - {1}
    assert found["y"] == [{1}, empty, {2}]


@st.composite
def laid_out(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A list of numbered elements in some layout, a comment at some lines' ends; those of them that are to stay."""
    count = draw(st.integers(2, 6))
    gaps = [draw(st.sampled_from([" ", "\n   ", f"  # c{place}\n   "])) for place in range(count)]
    opening = draw(st.sampled_from(["", "\n   ", "  # all\n   "]))
    last = draw(st.sampled_from(["", ",", "\n", ",\n", f",  # c{count - 1}\n"]))
    body = "".join(f'"e{place}",{gap}' for place, gap in enumerate(gaps[:-1]))
    names = [f"e{place}" for place in range(count)]
    first = draw(st.integers(0, count - 1))
    kept = names[:first] + names[draw(st.integers(first, count)) :]
    return f'x = [{opening}{body}"e{count - 1}"{last}]  # Help', kept or names[:1]


@given(laid_out())
def test_it_takes_out_elements_and_no_comment_of_another(case: tuple[str, list[str]]) -> None:
    source, kept = case
    found = edits(parameters_cell(source), "python", {"x": kept})
    assert all(left.end <= right.start for left, right in pairwise(found)), "no client could apply edits that overlap"
    changed = edited(source, {"x": kept})
    assert only(changed).default == kept
    lines = [set(re.findall(r'"(e\d)"', line)) for line in source.split("\n")]
    for line, elements in zip(source.split("\n"), lines, strict=True):
        comment = re.search(r"# (?:c\d|all)", line)
        if comment is not None and (elements & set(kept) or not elements):
            assert comment[0] in changed
    assert len(changed.split("\n")) >= len([elements for elements in lines if elements & set(kept)])


@given(st.sampled_from([0.0, -0.0, 0]), st.sampled_from([0.0, -0.0]), st.booleans())
def test_it_tells_the_two_zeros_apart(old: float, new: float, inside: bool) -> None:
    source = f"x: list[float] = [{old!r}, 1.0]" if inside else f"x: float = {old!r}"
    changed = edited(source, {"x": [new, 1.0] if inside else new})
    read_back = only(changed).default
    zero = read_back[0] if isinstance(read_back, list) else read_back
    assert isinstance(zero, int | float)
    assert math.copysign(1, zero) == math.copysign(1, new)


def test_it_leaves_a_negative_zero_that_a_browser_sends_back_as_zero() -> None:
    assert edits(parameters_cell("x = -0.0"), "python", {"x": 0}) == []


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
