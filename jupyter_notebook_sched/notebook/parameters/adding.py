"""A new parameter: the statement that declares it, as its language's reader will read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .languages import known_as
from .literals import literal, writing
from .model import Json, Parameter
from .python.constructors import by_own_names, own_name

TYPES = ("string", "integer", "number", "boolean", "array", "object", "date", "datetime", "any")

_ANNOTATIONS = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "array": "list",
    "object": "dict",
    "date": "date",
    "datetime": "datetime",
    "any": "object",
}
_DECLARATION = {"javascript": "let {}", "typescript": "let {}"}
"""Where an assignment alone declares nothing."""


@dataclass(frozen=True, slots=True)
class Statement:
    """``imported``: what has to be imported above it, None for nothing."""

    text: str
    imported: str | None = None


def inferred_type(value: Json) -> str:
    """The type of a parameter with this value where nobody says more."""
    if isinstance(value, bool):
        return "boolean"
    kinds = {int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return kinds.get(type(value), "any")


def new_parameter(name: str, value: Json, kind: str | None) -> Parameter:
    wanted = kind or inferred_type(value)
    python = wanted if wanted in ("date", "datetime") else None
    return Parameter(name, wanted, nullable=value is None, default=value, python=python, floating=wanted == "number")


def statement(language: str, parameter: Parameter, above: Mapping[str, str], bound: Mapping[str, str]) -> Statement:
    """``above``: name → origin of what is imported above the statement, such as ``dt`` → ``datetime``; ``bound``: the
    same of every name that the notebook binds anywhere, with an origin of its own where it is no import.

    Raises ``Invalid`` as ``literal`` does.
    """
    value = parameter.default
    if known_as(language) != "python":
        plain = writing(language).assignment(parameter.name, literal(language, value, parameter))
        return Statement(_DECLARATION.get(known_as(language), "{}").format(plain))
    spelled, needed = _constructor(parameter.type, above, bound)
    text = literal(language, value, parameter)
    if spelled is not None:
        text = by_own_names(text, {spelled: f"datetime.{parameter.type}"}, "")
    return Statement(
        f"{parameter.name}{_annotation(parameter, spelled)} = {text}", needed if value is not None else None
    )


def _constructor(kind: str, above: Mapping[str, str], bound: Mapping[str, str]) -> tuple[str | None, str | None]:
    """How the notebook calls ``date`` or ``datetime``, and what it has to import for that."""
    if kind not in ("date", "datetime"):
        return None, None
    if (name := own_name(f"datetime.{kind}", above)) is not None:
        return name, None
    free = bound.get(kind, f"datetime.{kind}") == f"datetime.{kind}"
    return (kind, f"from datetime import {kind}") if free else (None, None)


def _annotation(parameter: Parameter, spelled: str | None) -> str:
    """Where the value alone would be read as another type."""
    kind = parameter.type
    if parameter.default is None:
        # In quotes: Python 3.9 cannot compute it.
        return "" if kind == "any" else f': "{spelled or _ANNOTATIONS[kind]} | None"'
    return f": {_ANNOTATIONS[kind]}" if kind == "any" else ""
