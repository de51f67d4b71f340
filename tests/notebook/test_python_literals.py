from __future__ import annotations

import ast
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
from jupyter_notebook_sched.notebook.parameters.model import Json, Parameter

from .json_values import identical, values
from .parameter_cells import only

ANY = Parameter("x", "any", nullable=True)


def arrives(value: Json, parameter: Parameter) -> Any:
    """What ``x`` is after the injected cell has run, which must have bound nothing else."""
    namespace: dict[str, Any] = {"__builtins__": __builtins__}
    exec(injected_source("python", [parameter], {"x": value}), namespace)
    assert namespace.keys() == {"x", "__builtins__"}
    return namespace["x"]


@given(values)
def test_it_sends_any_json_value_unchanged(value: Any) -> None:
    assert identical(arrives(value, ANY), value)
    assert identical(ast.literal_eval(literal("python", value, ANY)), value)


@given(st.text(st.characters(), max_size=30))
def test_it_writes_one_line_whatever_the_text(text: str) -> None:
    written = literal("python", text, ANY)
    assert ast.literal_eval(written) == text
    assert written.isprintable()


@given(
    st.text(st.sampled_from("'\"\\\n\0a"), max_size=12),
    st.sampled_from(["'us'", '"us"', "r'us'", '"""us"""', "['us']"]),
)
def test_it_keeps_the_quotes_of_the_text_it_replaces(text: str, replaced: str) -> None:
    written = literal("python", text, ANY, replaced)
    assert written[0] == ('"' if '"' in replaced else "'")
    assert ast.literal_eval(written) == text


@pytest.mark.parametrize(
    ("declared", "sent", "expected"),
    [
        ("x = (1, 2)", [3], (3,)),
        ("x = (1, 2)", [], ()),
        ("x = (1, 2)", ["a", None], ("a", None)),
        ("x = {1}", [1, 2], {1, 2}),
        ("x = {1}", [], set()),
        ("x = frozenset()", [1], frozenset({1})),
        ("x = frozenset({1})", [], frozenset()),
        ("x = date(2026, 1, 1)", "2026-02-28", datetime.date(2026, 2, 28)),
        ("x = datetime(2026, 1, 1)", "2026-02-28T07:00", datetime.datetime(2026, 2, 28, 7)),
        ("x = datetime(2026, 1, 1)", "2026-02-28 07:08:09.5", datetime.datetime(2026, 2, 28, 7, 8, 9, 500_000)),
        (
            "x: datetime",
            "2026-02-28T07:00:00Z",
            datetime.datetime(2026, 2, 28, 7, tzinfo=datetime.timezone.utc),
        ),
        (
            "x: datetime",
            "2026-02-28T07:00:00-03:30",
            datetime.datetime(2026, 2, 28, 7, tzinfo=datetime.timezone(datetime.timedelta(hours=-3, minutes=-30))),
        ),
        ("x = Decimal('1.1')", "2.50", decimal.Decimal("2.50")),
        ("x = Path('a')", "b/'c'", pathlib.Path("b/'c'")),
        ("x: date | None = None", None, None),
        ("x: Optional[tuple] = None", [1], (1,)),
        ("x = 1.5", 2, 2.0),
        ("x = 1.5", "Infinity", math.inf),
        ("x: int | float = 1", 2, 2),
        ("x: list[float]", [1, "-Infinity"], [1.0, -math.inf]),
        ("x = 'a'", "NaN", "NaN"),
        ("x = 1.5", 2**70 + 1, 2**70 + 1),
    ],
)
def test_it_rebuilds_what_the_cell_declares(declared: str, sent: Any, expected: Any) -> None:
    arrived = arrives(sent, only(declared))
    assert (arrived, type(arrived)) == (expected, type(expected))
    assert repr(arrived) == repr(expected)


def test_it_sends_nan_as_a_number() -> None:
    assert math.isnan(arrives("NaN", only("x = 1.5")))


@given(st.datetimes(), st.sampled_from(["", "Z", "+00:00", "+05:45", "-12:00"]))
def test_it_sends_any_date_and_time(moment: datetime.datetime, offset: str) -> None:
    sent = moment.isoformat() + offset
    expected = datetime.datetime.fromisoformat(sent.replace("Z", "+00:00"))
    assert arrives(sent, only("x: datetime")) == expected
    assert arrives(sent[:10], only("x: datetime.date")) == moment.date()


@pytest.mark.parametrize(
    ("replaced", "kind", "sent", "expected"),
    [
        ("date(2026, 1, 1)", "date", "2026-02-03", "date(2026, 2, 3)"),
        ("dt.date.fromisoformat('2026-01-01')", "date", "2026-02-03", "dt.date(2026, 2, 3)"),
        ("(datetime.date(2026,1,1))", "date", "2026-02-03", "datetime.date(2026, 2, 3)"),
        ("today()", "date", "2026-02-03", '__import__("datetime").date(2026, 2, 3)'),
        ("None", "date", "2026-02-03", '__import__("datetime").date(2026, 2, 3)'),
        (
            "datetime(2026, 1, 1)",
            "datetime",
            "2026-02-03T04:05Z",
            'datetime.fromisoformat("2026-02-03T04:05:00+00:00")',
        ),
        ("Decimal('1')", "decimal", "2", "Decimal('2')"),
        ("pathlib.Path('a')", "path", "b", "pathlib.Path('b')"),
    ],
)
def test_it_makes_dates_and_paths_by_the_name_that_the_cell_uses(
    replaced: str, kind: str, sent: str, expected: str
) -> None:
    type_ = kind if kind in ("date", "datetime") else "string"
    assert literal("python", sent, Parameter("x", type_, python=kind), replaced) == expected
