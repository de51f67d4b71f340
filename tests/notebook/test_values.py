from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_notebook_sched.errors import FieldError
from jupyter_notebook_sched.notebook.parameters.fitting import misfit
from jupyter_notebook_sched.notebook.parameters.schema import value_schema
from jupyter_notebook_sched.notebook.parameters.validating import first_error
from jupyter_notebook_sched.notebook.parameters.values import check_values, missing_required, refuse_without_cell

from .json_values import values
from .parameter_cells import only, read


def refusal(declared: str, value: Any) -> str | None:
    fitting, errors = check_values([only(declared)], {"x": value})
    assert len(fitting) + len(errors) == 1
    assert all(error.field == "parameters.x" for error in errors)
    return errors[0].message if errors else None


@pytest.mark.parametrize(
    ("declared", "fitting", "refused"),
    [
        ("x = 'a'", ["", "é"], [1, True, None, [], {}, 1.5]),
        ("x = 1", [0, -5, 10**30, 2.0], [1.5, True, "1", None, "NaN", 1e-9, []]),
        ("x = 1.5", [1, 1.5, "NaN", "Infinity", "-Infinity"], [True, "1", "nan", "inf", None]),
        ("x = True", [True, False], [1, 0, "true", None]),
        ("x = None", [None, 1, "a", [], {}], []),
        ("x = []", [[], [1, "a"]], ["a", {}, None, 1]),
        ("x = {}", [{}, {"a": None}], [[], "a", None]),
        ("x: list[str]", [[], ["a"]], [["a", 1], [None], "a"]),
        ("x: list[int]", [[1, 2]], [[1.5], [True], ["1"]]),
        ("x: list[float]", [[1, 1.5, "NaN"]], [["a"], [True]]),
        ("x: list[bool]", [[True]], [[1]]),
        ("x: list[list]", [[[1]]], [[1]]),
        ("x: list[dict]", [[{}]], [[[]]]),
        ("x = (1, 2)", [[], [1, "a"]], ["a", 1]),
        ("x = {1}", [[1, 1, None]], [[[1]], [{}]]),
        ("x: int | None = 1", [None, 2], ["a"]),
        ("x: Literal['us', 'fr'] = 'us'", ["us", "fr"], ["de", "", 1, None]),
        ("x: Literal[1, 2]", [1, 2], [3, True, 1.5]),
        ("x: Literal['a', None]", ["a", None], ["b"]),
        ("x: Annotated[int, Ge(0), Le(9)]", [0, 9], [-1, 10]),
        ("x: Annotated[float, Le(1)]", [0.5, "-Infinity"], [1.01, "Infinity", "NaN"]),
        (
            "x = date(2026, 1, 1)",
            ["2026-02-28", "2024-02-29"],
            ["2026-02-29", "20260228", "2026-W01-1", "2026-2-3", "2026-02-28T00:00", "٢٠٢٦-01-01", 20260228, None],
        ),
        (
            "x = datetime(2026, 1, 1)",
            ["2026-02-28T07:00", "2026-02-28 07:00:00", "2026-02-28T07:00:00.5Z", "2026-02-28T07:00:00+05:45"],
            ["2026-02-28", "2026-02-28T25:00", "2026-02-28T07:00:00+25:00", "now", "", 1],
        ),
        ("x = Decimal('1')", ["1.10", "-5e3"], ["", "one", 1.5, None]),
        ("x = Path('a')", ["b", ""], [1, None]),
    ],
)
def test_it_takes_what_fits_and_refuses_the_rest(declared: str, fitting: list[Any], refused: list[Any]) -> None:
    assert [value for value in fitting if refusal(declared, value) is not None] == []
    assert [value for value in refused if refusal(declared, value) is None] == []


def test_it_stores_whole_numbers_as_integers() -> None:
    fitting, _ = check_values([only("x = 1")], {"x": 2.0})
    assert repr(fitting) == "{'x': 2}"
    fitting, _ = check_values([only("x: dict[str, list[int]]")], {"x": {"a": [1.0, 2]}})
    assert repr(fitting) == "{'x': {'a': [1, 2]}}"
    fitting, _ = check_values([only("x: list[float]")], {"x": [1.0]})
    assert repr(fitting) == "{'x': [1.0]}"


@pytest.mark.parametrize(
    ("declared", "fitting", "refused"),
    [
        ("x: list[list[int]]", [[], [[1, 2.0], []]], [[1], [[1.5]], [[True]], [[None]]]),
        ("x: dict[str, float]", [{}, {"a": "NaN"}], [{"a": "b"}, {"a": None}, []]),
        ("x: tuple[int, str]", [[1, "a"]], [[1], [1, "a", 2], ["a", 1], []]),
        ("x: list[date]", [["2026-01-31"]], [["2026-02-30"], ["now"], [1]]),
        ("x: set[tuple[int, int]]", [[[1, 2]]], [[[1]], [1], [[1, [2]]]]),
        ("x: set[tuple]", [[["a", 1]]], [[[["a"]]], [[{}]]]),
        ("x = {(1, 2)}", [[[1, 2]]], [[[[1], 2]]]),
        ("x = {date(2026, 1, 1)}", [["2026-01-02"]], [["a"]]),
        ("x: Annotated[float, Gt(0), Lt(1)]", [0.5, 1e-9], [0, 1, 1.5, "NaN", "Infinity"]),
        ("x: Annotated[float, MultipleOf(0.1)]", [0.3, 0, 0.7, 10**18], [0.35, "NaN", "Infinity"]),
        ("x: Annotated[list[int], Len(1, 2)]", [[1], [1, 2]], [[], [1, 2, 3]]),
        ("x: Annotated[str, Field(pattern='^a+$')]", ["aa"], ["", "ab", "a\n"]),
        ("x: int | str", [1, "a"], [1.5, None, [], True]),
        ("x: int | None | str", [1, "a", None], [1.5]),
        ("x: dict[str, list[Literal['a', 'b']]]", [{"k": ["a"]}], [{"k": ["c"]}, {"k": "a"}]),
        ("x: Path", ["a"], ["a\0b"]),
        ("x = [Decimal('1')]", [["2.5"]], [["two"], [2.5]]),
        ("x: list[Annotated[int, Ge(0)]]", [[0]], [[-1]]),
        ("x = 1 #@param [1, 2]", [2], [3, True]),
        ("x = 1.0 #@param [1, 2] {allow-input: true}", [7.5], ["a"]),
    ],
)
def test_it_looks_inside_of_values_and_at_every_bound(declared: str, fitting: list[Any], refused: list[Any]) -> None:
    assert [value for value in fitting if refusal(declared, value) is not None] == []
    assert [value for value in refused if refusal(declared, value) is None] == []


@pytest.mark.parametrize(
    ("declared", "value", "sentence"),
    [
        ("x: list[list[int]]", [[1], [2, "a"]], "Item 2 of item 2 must be a whole number."),
        ("x: dict[str, float]", {"alpha": "b"}, '"alpha" must be a number.'),
        ("x: dict[str, list[int]]", {"alpha": [1, "b"]}, 'Item 2 of "alpha" must be a whole number.'),
        ("x: list[date]", ["2026-02-30"], "Item 1 must be a date such as 2026-01-31."),
        ("x: list[str]", ["a", None], "Item 2 cannot be empty (null)."),
        ("x: tuple[int, str]", [1], "It must have exactly 2 items."),
        ("x: set[str]", [["a"]], "Item 1 must be a text."),
        ("x = {1}", [["a"]], "A set holds only texts, numbers, true, false and null."),
        ("x: Annotated[float, Gt(0)]", 0, "It must be more than 0."),
        ("x: Annotated[float, Lt(1)]", 1, "It must be less than 1."),
        ("x: Annotated[int, MultipleOf(5)]", 7, "It must be a multiple of 5."),
        ("x: Annotated[str, MinLen(2)]", "a", "It must have at least 2 characters."),
        ("x: Annotated[list, MaxLen(1)]", [1, 2], "It must have at most 1 item."),
        ("x: Annotated[str, Field(pattern='^a')]", "b", "It must match the pattern ^a."),
        ("x: int | str", [], "It must be a whole number or a text."),
        ("x = float('nan')", "b", "It must be a number."),
        ("x = 1 #@param {type:'raw'}", "1 +", "It must be one Python expression without a comment."),
        ("x: dict[str, int]", {"k" * 99: "a"}, '"' + "k" * 40 + '…" must be a whole number.'),
    ],
)
def test_it_says_in_a_sentence_what_is_wrong_and_where(declared: str, value: Any, sentence: str) -> None:
    assert refusal(declared, value) == sentence


PLAIN = ["= 'a'", "= 1", "= 1.5", "= True", "= None", "= []", "= {}", "= f()", ": int | None", ": date | None"]


@given(st.sampled_from(PLAIN), values)
def test_it_takes_the_short_way_only_where_the_schema_would_say_the_same(declared: str, value: Any) -> None:
    parameter = only(f"x {declared}")
    assert (misfit(parameter, value) is None) == (first_error(value_schema(parameter), value) is None)


def test_it_checks_plain_values_without_the_library() -> None:
    """Its import takes up to a second, which a command line that starts a run would pay."""
    program = (
        "import sys\n"
        "from jupyter_notebook_sched.notebook.parameters import reading, values\n"
        "cells = [{'cell_type': 'code', 'source': 'x: int = 1  # Help', 'metadata': {'tags': ['parameters']}}]\n"
        "read = reading.read_parameters(cells, 'python')\n"
        "assert values.check_values(read.parameters, {'x': 2}) == ({'x': 2}, [])\n"
        "print('jsonschema' in sys.modules)\n"
    )
    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert told.stdout == "False\n"


def test_it_tells_every_error_at_once_and_keeps_what_fits() -> None:
    parameters = read("region = 'us'\nn = 1\nm = 2").parameters
    fitting, errors = check_values(parameters, {"regoin": "fr", "n": "a", "m": 3, "zzz": 1}, "sweep.values")
    assert fitting == {"m": 3}
    assert errors == [
        FieldError("sweep.values.regoin", "The notebook has no parameter regoin; did you mean region?"),
        FieldError("sweep.values.n", "It must be a whole number."),
        FieldError("sweep.values.zzz", "The notebook has no parameter zzz; it has region, n, m."),
    ]


def test_it_says_what_is_allowed() -> None:
    assert refusal("x: Literal['us', 'fr']", "de") == 'It must be one of "us", "fr".'
    assert refusal("x: Annotated[int, Ge(0), Le(9)]", -1) == "It must be at least 0."
    assert refusal("x: Annotated[int, Ge(0), Le(9)]", 10) == "It must be at most 9."
    assert refusal("x: list[int]", [1, 2, "a"]) == "Item 3 must be a whole number."
    assert refusal("x: int", None) == "It cannot be empty (null)."


def test_it_refuses_values_larger_than_256_kib() -> None:
    assert refusal("x = ''", "a" * (256 * 1024 - 2)) is None
    assert "256 KiB" in str(refusal("x = ''", "a" * (256 * 1024 - 1)))
    assert "256 KiB" in str(refusal("x = ''", "é" * (128 * 1024)))


def test_it_refuses_what_is_no_json_value_or_too_large_a_number() -> None:
    values: list[Any] = [float("nan"), float("inf"), "\ud83d", {"a": float("nan")}, 10**4200, -(10**4200), 10**5000]
    assert [refusal("x = None", value) is not None for value in values] == [True] * len(values)


def test_it_refuses_values_nested_too_deeply_to_be_read_again() -> None:
    def nested(levels: int) -> Any:
        value: Any = 1
        for _ in range(levels):
            value = [value]
        return value

    assert refusal("x = None", nested(100)) is None
    assert refusal("x = None", nested(101)) is not None
    assert refusal("x = None", nested(100_000)) is not None


def test_it_asks_for_what_is_required_and_missing() -> None:
    parameters = read("a: int\nb: str\nc = 1").parameters
    assert missing_required(parameters, {"a": 1}) == [FieldError("parameters.b", "Give b a value: it has no default.")]
    assert missing_required(parameters, {"a": 1, "b": ""}) == []


def test_it_refuses_values_for_a_notebook_without_a_parameters_cell() -> None:
    (error,) = refuse_without_cell({"x": 1})
    assert error.field == "parameters.x"
    assert "no parameters cell" in error.message
    assert "tag a code cell 'parameters'" in error.message
    assert refuse_without_cell({}) == []
