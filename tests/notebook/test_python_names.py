"""What names mean: imports under other names, Enums, aliases, names of the notebook's own."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_notebook_sched.notebook.document import code_cell
from jupyter_notebook_sched.notebook.parameters.injecting import injected_source
from jupyter_notebook_sched.notebook.parameters.model import Parameter
from jupyter_notebook_sched.notebook.parameters.reading import read_parameters
from jupyter_notebook_sched.notebook.parameters.values import check_values

from .parameter_cells import edited, parameters_cell, read

COLOR = (
    "from enum import Enum\nclass Color(Enum):\n    RED = 1\n    BLUE = CYAN = 2\n    def f(self): pass\n    _x = 3\n"
)


def below(above: str, source: str) -> Parameter:
    found = read_parameters([code_cell(above, [], "a"), *parameters_cell(source)], "python")
    assert found.problems == ()
    return found.parameters[-1]


@pytest.mark.parametrize(
    ("above", "annotation", "expected"),
    [
        ("import datetime as dt", "dt.date", "date"),
        ("from datetime import datetime as D", "D", "datetime"),
        ("import typing as t", "t.Optional[t.List[int]]", "array"),
        ("from typing import Optional as Maybe", "Maybe[int]", "integer"),
        ("import collections.abc", "collections.abc.Sequence[int]", "array"),
        ("from mylib import date", "date", "any"),
        ("import mylib", "mylib.Path", "any"),
        ("class date: pass", "date", "any"),
        ("from typing import NewType\nUserId = NewType('UserId', int)", "UserId", "integer"),
        ("from typing import Literal\nRegion = Literal['us', 'fr']", "Region", "string"),
        ("Region: TypeAlias = 'str'", "Region", "string"),
        ("Loop = Optional['Loop']", "Loop", "any"),
        ("try:\n    from decimal import Decimal as D\nexcept E:\n    pass", "D", "string"),
        ("%%bash\nimport datetime as dt", "dt.date", "date"),
        ("import (broken\nimport datetime as dt", "dt.date", "date"),
    ],
)
def test_it_knows_what_is_imported_or_defined_above(above: str, annotation: str, expected: str) -> None:
    assert below(above, f"x: {annotation}").type == expected


@pytest.mark.parametrize(
    ("above", "value", "default"),
    [
        ("from datetime import date as D", "D(2026, 1, 2)", "2026-01-02"),
        ("import datetime as time", "time.datetime(2026, 1, 2, tzinfo=time.timezone.utc)", "2026-01-02T00:00:00+00:00"),
        ("from math import inf, nan", "-inf", "-Infinity"),
        ("import numpy as N", "N.nan", "NaN"),
        ("from mylib import date", "date(2026, 1, 2)", None),
        ("def date(*a): return a", "date(2026, 1, 2)", None),
        ("from mylib import inf", "inf", None),
        ("def set(): pass", "set()", None),
        ("import pendulum", "pendulum.date(2026, 1, 2)", None),
    ],
)
def test_it_reads_values_by_the_names_that_are_bound(above: str, value: str, default: Any) -> None:
    found = below(above, f"x = {value}")
    assert (found.default, found.expression) == (default, value if default is None else None)


@pytest.mark.parametrize(
    "source", ["x = Color.RED", "x: Color = Color.RED", "x: Color", "x = Color['RED']", "x: Color | None = None"]
)
def test_it_offers_the_members_of_an_enum_and_writes_the_one_chosen(source: str) -> None:
    found = below(COLOR, source)
    assert (found.type, found.python, found.choices) == ("string", "enum", ("RED", "BLUE", "CYAN"))
    assert check_values([found], {"x": "BLUE"})[1] == []
    assert check_values([found], {"x": "GREEN"})[1] != []
    assert injected_source("python", [found], {"x": "BLUE"}) == "# Parameters\nx = Color.BLUE"


def test_it_reads_an_enum_of_the_same_cell_and_says_nothing_of_its_class() -> None:
    found = read(f"{COLOR}x = Color.RED\nPlanet = Enum('Planet', 'EARTH MARS')\ny: Planet\nzs = [Color.RED]")
    assert found.problems == ()
    assert [(parameter.name, parameter.default) for parameter in found.parameters] == [
        ("x", "RED"),
        ("y", None),
        ("zs", ["RED"]),
    ]
    assert found.parameters[1].choices == ("EARTH", "MARS")
    assert edited(f"{COLOR}zs = [Color.RED]", {"zs": ["BLUE", "RED"]}) == f"{COLOR}zs = [Color.BLUE, Color.RED]"


def test_it_says_that_an_enum_is_not_seen() -> None:
    found = read("from models import Color\nx: Color = Color.RED")
    assert (found.parameters[0].expression, found.parameters[0].choices) == ("Color.RED", None)
    (problem,) = found.problems
    assert (problem.line, "choices are not known" in problem.message) == (2, True)
    assert [problem.message for problem in read(f"{COLOR}x: Color = Color.GREEN").problems] == [
        "Color has no member GREEN."
    ]


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("Annotated[int, Gt(0), Lt(9)]", {"exclusive_minimum": 0, "exclusive_maximum": 9}),
        ("Annotated[int, Interval(ge=1, lt=5)]", {"minimum": 1, "exclusive_maximum": 5}),
        ("Annotated[int, annotated_types.MultipleOf(5)]", {"multiple_of": 5}),
        ("Annotated[str, Len(1, 3)]", {"min_length": 1, "max_length": 3}),
        ("Annotated[str, Field(min_length=2, pattern='^a')]", {"min_length": 2, "pattern": "^a"}),
        ("Annotated[str, Field(pattern='(')]", {"pattern": None}),
        ("Annotated[str, Field(title='T', examples=['a', 'b'])]", {"title": "T", "suggestions": ("a", "b")}),
        ("Annotated[int, Field(ge=LEAST, multiple_of=0, max_length=-1)]", {"minimum": None, "multiple_of": None}),
        ("Annotated[list[int], MinLen(1)]", {"min_length": 1, "items": "integer"}),
        ("PositiveInt", {"type": "integer", "exclusive_minimum": 0}),
        ("confloat(ge=0, le=1)", {"type": "number", "minimum": 0, "maximum": 1}),
        ("Literal['a'] | Literal['b', None]", {"choices": ("a", "b"), "nullable": True}),
        ("Literal['a', 1, None]", {"choices": ("a", 1), "type": "any", "nullable": True}),
        ("Literal[b'a']", {"choices": None, "type": "any"}),
        ("ClassVar[Final[int]]", {"type": "integer"}),
        ("int | str | None", {"type": "any", "alternatives": ("integer", "string"), "nullable": True}),
    ],
)
def test_it_understands_what_constrains_a_type(annotation: str, expected: dict[str, Any]) -> None:
    (found,) = read(f"x: {annotation}").parameters
    assert {name: getattr(found, name) for name in expected} == expected
