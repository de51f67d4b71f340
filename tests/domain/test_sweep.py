"""Which runs a sweep makes, in which order, and what is told where it cannot be one."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_notebook_sched.domain.sweep import LONGEST_LABEL, Mode, expanded, label
from jupyter_notebook_sched.errors import Invalid

NAMES = st.text("abcαβ_", min_size=1, max_size=4)
VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=2)
GRIDS = st.dictionaries(NAMES, st.lists(VALUES, min_size=1, max_size=4), min_size=1, max_size=4)


def fields(mode: Mode, values: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        expanded(mode, values)
    return {error.field: error.message for error in refused.value.errors}


@given(GRIDS)
def test_it_makes_every_combination_and_the_last_name_varies_fastest(lists: dict[str, list[Any]]) -> None:
    sweep = expanded("grid", lists)
    assert sweep.varied == tuple(lists)
    assert [tuple(point.values.values()) for point in sweep.points] == list(itertools.product(*lists.values()))
    assert all(tuple(point.values) == tuple(lists) for point in sweep.points)


@given(GRIDS, st.sampled_from(("grid", "zip")))
def test_it_knows_where_each_value_stands_in_the_request(lists: dict[str, list[Any]], mode: Mode) -> None:
    shortest = min(map(len, lists.values()))
    sent = {name: values[:shortest] for name, values in lists.items()} if mode == "zip" else lists
    for point in expanded(mode, sent).points:
        for name, field in point.fields.items():
            start, end = f"sweep.values.{name}.", field.rpartition(".")[2]
            assert field == start + end
            assert point.values[name] is sent[name][int(end)]


@given(st.dictionaries(NAMES, VALUES, max_size=3).flatmap(lambda first: st.lists(st.just(first), min_size=1)))
def test_it_takes_sets_of_values_as_they_are(sets: list[dict[str, Any]]) -> None:
    sweep = expanded("list", sets)
    assert [point.values for point in sweep.points] == sets
    assert [list(point.fields.values()) for point in sweep.points] == [
        [f"sweep.values.{place}.{name}" for name in values] for place, values in enumerate(sets)
    ]


def test_it_pairs_the_first_with_the_first() -> None:
    sweep = expanded("zip", {"b": [1, 2], "a": ["x", "y"]})
    assert [point.values for point in sweep.points] == [{"b": 1, "a": "x"}, {"b": 2, "a": "y"}]


def test_it_names_all_that_a_list_varies_in_the_order_of_their_coming() -> None:
    assert expanded("list", [{"b": 1}, {"a": 2, "b": 3}, {}]).varied == ("b", "a")


def test_it_takes_the_same_values_as_often_as_they_are_sent() -> None:
    assert [point.values for point in expanded("grid", {"seed": [1, 1]}).points] == [{"seed": 1}, {"seed": 1}]


@pytest.mark.parametrize(
    ("mode", "values", "wrong"),
    [
        ("grid", {}, {"sweep.values"}),
        ("grid", {"a": [], "b": [1], "c": 5, "d": "text"}, {"sweep.values.a", "sweep.values.c", "sweep.values.d"}),
        ("grid", [1], {"sweep.values"}),
        ("zip", {}, {"sweep.values"}),
        ("zip", {"a": [1, 2], "b": [1], "c": [1, 2], "d": [1, 2, 3]}, {"sweep.values.b", "sweep.values.d"}),
        ("zip", [], {"sweep.values"}),
        ("list", [], {"sweep.values"}),
        ("list", {"a": [1]}, {"sweep.values"}),
        ("list", [{"a": 1}, 2, [], None], {"sweep.values.1", "sweep.values.2", "sweep.values.3"}),
    ],
)
def test_it_names_every_field_that_has_not_the_right_shape(mode: Mode, values: Any, wrong: set[str]) -> None:
    assert set(fields(mode, values)) == wrong


def test_it_says_which_lists_are_not_of_one_length() -> None:
    (message,) = fields("zip", {"alpha": [1, 2], "beta": [1]}).values()
    assert message == "has 1 value where alpha has 2; zip takes lists of the same length"


@pytest.mark.parametrize(
    ("mode", "values", "number"),
    [
        ("grid", {name: list(range(1000)) for name in "abc"}, "1,000,000,000"),
        ("grid", {f"n{number}": list(range(1000)) for number in range(200)}, "far too many"),
        ("grid", {"a": list(range(1001))}, "1,001"),
        ("zip", {"a": list(range(1001))}, "1,001"),
        ("list", [{}] * 1001, "1,001"),
    ],
)
def test_it_refuses_more_than_a_thousand_runs_without_making_them(mode: Mode, values: Any, number: str) -> None:
    assert fields(mode, values) == {"sweep.values": f"would make {number} runs; one sweep makes at most 1,000"}


@pytest.mark.parametrize(
    ("mode", "values"),
    [
        ("grid", {f"n{number}": [1] for number in range(50_000)}),
        ("zip", {f"n{number}": "no list" for number in range(201)}),
        ("list", [{f"n{number}": 1} for number in range(201)]),
    ],
)
def test_it_refuses_to_vary_more_than_any_notebook_has(mode: Mode, values: Any) -> None:
    (message,) = fields(mode, values).values()
    assert message.endswith("parameters; one sweep varies at most 200")


def test_it_takes_a_thousand() -> None:
    assert len(expanded("grid", {"a": list(range(40)), "b": list(range(25))}).points) == 1000


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"alpha": 1, "region": "us", "on": True}, "alpha=1, region=us, on=true"),
        ({"items": [1, "ü"], "none": None}, 'items=[1,"ü"], none=null'),
        ({"text": "two\n  lines\t"}, "text=two lines"),
        ({"long": "x" * 1000}, "long=" + "x" * 39 + "…"),
        ({}, None),
    ],
)
def test_it_tells_runs_apart_by_what_differs(values: dict[str, Any], told: str | None) -> None:
    assert label(values) == told


@given(st.dictionaries(st.text(min_size=1), VALUES | st.text(), max_size=30))
def test_it_never_tells_them_apart_at_length(values: dict[str, Any]) -> None:
    told = label(values) or ""
    assert len(told) <= LONGEST_LABEL
    assert len(told.splitlines()) <= 1
