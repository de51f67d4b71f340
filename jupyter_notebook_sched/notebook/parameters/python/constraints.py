"""What ``typing.Annotated`` adds to a type, as annotated-types and pydantic spell it: bounds, lengths, texts."""

from __future__ import annotations

import ast
import math
import re
from typing import Any

from ..model import Json
from .names import Names
from .value import read_value

_POSITIONAL = {
    "Ge": ("ge",),
    "Gt": ("gt",),
    "Le": ("le",),
    "Lt": ("lt",),
    "MultipleOf": ("multiple_of",),
    "MinLen": ("min_length",),
    "MaxLen": ("max_length",),
    "Len": ("min_length", "max_length"),
    "Doc": ("description",),
    "Interval": (),
    "StringConstraints": (),
    "Field": (),
}
_NUMBERS = {
    "ge": "minimum",
    "gt": "exclusive_minimum",
    "le": "maximum",
    "lt": "exclusive_maximum",
    "multiple_of": "multiple_of",
}
_LENGTHS = {
    "min_length": "min_length",
    "max_length": "max_length",
    "min_items": "min_length",
    "max_items": "max_length",
}
_TEXTS = {"title": "title", "description": "help", "documentation": "help"}


def constraints(nodes: list[ast.expr], names: Names) -> dict[str, Any]:
    """Fields of an ``Annotation`` by name; what is not understood is passed over."""
    found: dict[str, Any] = {}
    for node in nodes:
        match node:
            case ast.Constant(value=str(text)) if text.strip():
                found["help"] = " ".join(text.split())
            case ast.Call(func=function, args=arguments, keywords=keywords) if names.of(function) in _POSITIONAL:
                spelled = _POSITIONAL[str(names.of(function))]
                given = dict(zip(spelled, arguments, strict=False))
                given |= {keyword.arg: keyword.value for keyword in keywords if keyword.arg is not None}
                found |= keywords_read(given, names)
    return found


def keywords_read(given: dict[str, ast.expr], names: Names) -> dict[str, Any]:
    """The same for keywords alone, as of ``Field(ge=0)`` or ``conint(ge=0)``."""
    found: dict[str, Any] = {}
    for spelled, node in given.items():
        value = read_value(node, names)
        if value is None:
            continue
        if spelled in _NUMBERS and _is_bound(value.json, positive=spelled == "multiple_of"):
            found[_NUMBERS[spelled]] = value.json
        elif spelled in _LENGTHS and type(value.json) is int and value.json >= 0:
            found[_LENGTHS[spelled]] = value.json
        elif spelled in _TEXTS and isinstance(value.json, str) and value.json.strip():
            found[_TEXTS[spelled]] = " ".join(value.json.split())
        elif spelled in ("pattern", "regex") and isinstance(value.json, str) and _is_pattern(value.json):
            found["pattern"] = value.json
        elif spelled == "examples" and isinstance(value.json, list) and value.json:
            found["suggestions"] = tuple(value.json)
    return found


def _is_bound(value: Json, positive: bool) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return number and (not positive or (isinstance(value, int | float) and value > 0))


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except (re.error, RecursionError, OverflowError):
        return False
    return True
