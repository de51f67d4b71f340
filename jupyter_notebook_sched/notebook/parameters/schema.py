"""The parameters of a notebook as JSON Schema 2020-12, for a form to draw."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .model import Parameter

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_SHAPES: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "array": {"type": "array"},
    "object": {"type": "object", "additionalProperties": True},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "any": {},
}


def json_schema(parameters: Iterable[Parameter]) -> dict[str, Any]:
    """The schema of one object that has these parameters as properties, and no others."""
    every = list(parameters)
    return {
        "$schema": DIALECT,
        "type": "object",
        "properties": {parameter.name: _property(parameter) for parameter in every},
        "required": [parameter.name for parameter in every if parameter.required],
        "additionalProperties": False,
    }


def _property(parameter: Parameter) -> dict[str, Any]:
    shape = dict(_SHAPES[parameter.type])
    if parameter.type == "array":
        shape["items"] = dict(_SHAPES[parameter.items]) if parameter.items is not None else {}
    if parameter.type == "number" and isinstance(parameter.default, str):
        shape |= {"type": ["number", "string"], "pattern": "^(NaN|-?Infinity)$"}  # a pattern binds strings only
    if parameter.nullable and "type" in shape:
        types = shape["type"] if isinstance(shape["type"], list) else [shape["type"]]
        shape["type"] = [*types, "null"]
    if parameter.choices is not None:
        shape["enum"] = [*parameter.choices, *([None] if parameter.nullable else [])]
    if parameter.help is not None:
        shape["description"] = parameter.help
    bounds = {"minimum": parameter.minimum, "maximum": parameter.maximum}
    shape |= {key: bound for key, bound in bounds.items() if bound is not None}
    if not parameter.required and parameter.expression is None:
        shape["default"] = parameter.default
    return shape
