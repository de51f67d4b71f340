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
days: list[date | None] = []
weights: dict[str, float] = {}
place: tuple[int, str] = (1, 'a')
grid: list[list[int]] = [[1]]
keys: set[tuple] = set()
share: Annotated[float, Gt(0), Lt(1), Field(title='Share', examples=[0.1, 0.5])] = 0.5
steps: Annotated[int, MultipleOf(5)] = 5
code: Annotated[str, Field(min_length=2, max_length=3, pattern='^a')] = 'abc'
mixed: int | str = 1
config = {'out': Path('a'), 'n': 1}
worsts = [float('nan'), 1.0]
source = f()  #@param {type:"raw"}
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
        "days": {"type": "array", "items": {"type": ["string", "null"], "format": "date"}, "default": []},
        "weights": {"type": "object", "additionalProperties": {"type": "number"}, "default": {}},
        "place": {
            "type": "array",
            "minItems": 2,
            "maxItems": 2,
            "prefixItems": [{"type": "integer"}, {"type": "string"}],
            "items": False,
            "default": [1, "a"],
        },
        "grid": {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}, "default": [[1]]},
        "keys": {
            "type": "array",
            "items": {"type": "array", "items": {"type": ["string", "number", "boolean", "null"]}},
            "default": [],
        },
        "share": {
            "type": "number",
            "exclusiveMinimum": 0,
            "exclusiveMaximum": 1,
            "title": "Share",
            "examples": [0.1, 0.5],
            "default": 0.5,
        },
        "steps": {"type": "integer", "multipleOf": 5, "default": 5},
        "code": {"type": "string", "minLength": 2, "maxLength": 3, "pattern": "^a", "default": "abc"},
        "mixed": {"type": ["integer", "string"], "default": 1},
        "config": {
            "type": "object",
            "properties": {"out": {"type": "string", "format": "path"}},
            "additionalProperties": True,
            "default": {"out": "a", "n": 1},
        },
        "worsts": {
            "type": "array",
            "items": {"type": ["number", "string"], "pattern": "^(NaN|-?Infinity)$"},
            "default": ["NaN", 1.0],
        },
        "source": {"type": "string", "format": "python"},
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
        {"days": ["2026-01-02", None]},
        {"days": ["2026-01-02", 1]},
        {"weights": {"a": 1.5}},
        {"weights": {"a": "b"}},
        {"place": [1, "a"]},
        {"place": [1]},
        {"place": ["a", 1]},
        {"grid": [[1], []]},
        {"grid": [[1.5]]},
        {"keys": [["a", 1]]},
        {"keys": [[["a"]]]},
        {"share": 0},
        {"share": 1},
        {"steps": 10},
        {"steps": 11},
        {"code": "ab"},
        {"code": "abcd"},
        {"code": "b"},
        {"mixed": "a"},
        {"mixed": 1.5},
        {"config": {"out": "a", "n": [1]}},
        {"config": {"out": 1}},
    ],
)
def test_it_says_the_same_as_the_check_of_values(values: dict[str, Any]) -> None:
    sent = {"needed": "x"} | values
    _, errors = check_values(read(CELL).parameters, sent)
    assert Draft202012Validator(schema()).is_valid(sent) == (not errors)


def test_it_requires_what_has_no_default() -> None:
    assert not Draft202012Validator(schema()).is_valid({})
    assert missing_required(read(CELL).parameters, {}) != []
