from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from jupyter_notebook_sched.notebook.parameters.schema import json_schema
from jupyter_notebook_sched.notebook.parameters.values import check_values, missing_required

from .parameter_cells import read

CELL = """
region: Literal['us', 'fr'] = 'us'  # Region code
n: Annotated[int, Ge(1), Le(9)] = 3
rate = 0.5
worst = float('-inf')
on = True
tags: list[str] = ['a']
pair = (1, 2)
options = {'a': 1}
day: datetime.date = datetime.date(2026, 1, 2)  # Day
at: datetime | None = None
limit: int | None = None
kind: Literal['a', None] = None
free = None
env = os.environ['X']
needed: str
"""


def schema() -> dict[str, Any]:
    return json_schema(read(CELL).parameters)


def test_it_is_a_valid_schema_that_takes_its_own_defaults() -> None:
    Draft202012Validator.check_schema(schema())
    defaults = {name: shape["default"] for name, shape in schema()["properties"].items() if "default" in shape}
    Draft202012Validator(schema()).validate(defaults | {"needed": "x"})


def test_it_describes_each_kind_of_parameter() -> None:
    assert schema()["properties"] == {
        "region": {"type": "string", "enum": ["us", "fr"], "description": "Region code", "default": "us"},
        "n": {"type": "integer", "minimum": 1, "maximum": 9, "default": 3},
        "rate": {"type": "number", "default": 0.5},
        "worst": {"type": ["number", "string"], "pattern": "^(NaN|-?Infinity)$", "default": "-Infinity"},
        "on": {"type": "boolean", "default": True},
        "tags": {"type": "array", "items": {"type": "string"}, "default": ["a"]},
        "pair": {"type": "array", "items": {}, "default": [1, 2]},
        "options": {"type": "object", "additionalProperties": True, "default": {"a": 1}},
        "day": {"type": "string", "format": "date", "description": "Day", "default": "2026-01-02"},
        "at": {"type": ["string", "null"], "format": "date-time", "default": None},
        "limit": {"type": ["integer", "null"], "default": None},
        "kind": {"type": ["string", "null"], "enum": ["a", None], "default": None},
        "free": {"default": None},
        "env": {},
        "needed": {"type": "string"},
    }
    assert (schema()["required"], schema()["additionalProperties"]) == (["needed"], False)


@pytest.mark.parametrize(
    "values",
    [
        {"region": "fr"},
        {"region": "de"},
        {"n": 0},
        {"n": 1.5},
        {"n": True},
        {"n": 9},
        {"rate": 1},
        {"rate": None},
        {"on": 1},
        {"tags": [1]},
        {"tags": []},
        {"options": []},
        {"limit": None},
        {"limit": "a"},
        {"kind": "b"},
        {"kind": None},
        {"free": [{}]},
        {"unknown": 1},
    ],
)
def test_it_says_the_same_as_the_check_of_values(values: dict[str, Any]) -> None:
    sent = {"needed": "x"} | values
    _, errors = check_values(read(CELL).parameters, sent)
    assert Draft202012Validator(schema()).is_valid(sent) == (not errors)


def test_it_requires_what_has_no_default() -> None:
    assert not Draft202012Validator(schema()).is_valid({})
    assert missing_required(read(CELL).parameters, {}) != []
