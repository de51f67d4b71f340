"""The parameters of a notebook as JSON Schema 2020-12: what a form draws, and what values are checked against."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .model import NON_FINITE, Json, Kind, Parameter

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NON_FINITE_PATTERN = "^(NaN|-?Infinity)$"  # a pattern binds strings only
HASHABLE = ("string", "number", "boolean", "null")
"""What a set may hold in JSON's types."""

_SHAPES: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "array": {"type": "array"},
    "object": {"type": "object"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "any": {},
}
_FORMATS = {"decimal": "decimal", "path": "path", "source": "python"}
_LENGTHS = {
    "string": ("minLength", "maxLength"),
    "array": ("minItems", "maxItems"),
    "object": ("minProperties", "maxProperties"),
}


def json_schema(
    parameters: Iterable[Parameter], title: str | None = None, description: str | None = None
) -> dict[str, Any]:
    """The schema of one object that has these parameters as properties, and no others."""
    every = list(parameters)
    form = {"title": title, "description": description}
    return {
        "$schema": DIALECT,
        **{key: text for key, text in form.items() if text is not None},
        "type": "object",
        "properties": {parameter.name: _property(parameter) for parameter in every},
        "required": [parameter.name for parameter in every if parameter.required],
        "additionalProperties": False,
    }


def _property(parameter: Parameter) -> dict[str, Any]:
    shape = value_schema(parameter, wide=_holds_non_finite(parameter.default))
    annotations = {"title": parameter.title, "description": parameter.help, "examples": parameter.suggestions}
    for key, told in annotations.items():
        if told is not None:
            shape[key] = list(told) if isinstance(told, tuple) else told
    if not parameter.required and parameter.expression is None:
        shape["default"] = parameter.default
    return shape


def value_schema(declared: Parameter | Kind, *, wide: bool = False, hashable: bool = False) -> dict[str, Any]:
    """What one value must be like. ``wide`` says in plain JSON Schema that a number may be spelled ``"NaN"``.

    ``hashable``: the value is inside a set, so it cannot be a list or an object.
    """
    shape = dict(_SHAPES[declared.type])
    if declared.type == "date" and isinstance(declared, Parameter) and declared.default == "":
        shape = {"type": "string", "if": {"minLength": 1}, "then": {"format": "date"}}  # a form that is not filled in
    if declared.alternatives is not None:
        shape["type"] = list(dict.fromkeys(_SHAPES[name]["type"] for name in declared.alternatives))
    elif hashable and not shape:
        shape["type"] = list(HASHABLE)
    if declared.type == "array":
        shape |= _elements(declared, wide, hashable or declared.python in ("set", "frozenset"))
    if declared.type == "object":
        shape |= _members(declared, wide)
    if declared.type == "number" and wide:
        shape |= {"type": ["number", "string"], "pattern": NON_FINITE_PATTERN}
    if declared.python in _FORMATS:
        shape["format"] = _FORMATS[declared.python]
    if declared.nullable and "type" in shape:
        types = shape["type"] if isinstance(shape["type"], list) else [shape["type"]]
        shape["type"] = list(dict.fromkeys([*types, "null"]))
    if declared.choices is not None:
        shape["enum"] = [*declared.choices, *([None] if declared.nullable else [])]
    return shape | _bounds(declared)


def _elements(declared: Parameter | Kind, wide: bool, hashable: bool) -> dict[str, Any]:
    if declared.places is not None:
        inner = [value_schema(place, wide=wide, hashable=hashable) for place in declared.places]
        count = len(inner)
        return {"minItems": count, "maxItems": count, **({"prefixItems": inner} if inner else {}), "items": False}
    element = declared.element or Kind()
    return {"items": value_schema(element, wide=wide, hashable=hashable)}


def _members(declared: Parameter | Kind, wide: bool) -> dict[str, Any]:
    every = value_schema(declared.members, wide=wide) if declared.members is not None else True
    if declared.named is None:
        return {"additionalProperties": every}
    named = {name: value_schema(kind, wide=wide) for name, kind in declared.named.items()}
    return {"properties": named, "additionalProperties": every}


def _bounds(declared: Parameter | Kind) -> dict[str, Any]:
    shortest, longest = _LENGTHS.get(declared.type, _LENGTHS["string"])
    bounds = {
        "minimum": declared.minimum,
        "exclusiveMinimum": declared.exclusive_minimum,
        "maximum": declared.maximum,
        "exclusiveMaximum": declared.exclusive_maximum,
        "multipleOf": declared.multiple_of,
        shortest: declared.min_length,
        longest: declared.max_length,
        "pattern": declared.pattern,
    }
    return {key: bound for key, bound in bounds.items() if bound is not None}


def _holds_non_finite(value: Json) -> bool:
    if isinstance(value, list | dict):
        return any(map(_holds_non_finite, value.values() if isinstance(value, dict) else value))
    return isinstance(value, str) and value in NON_FINITE
