"""What is known of a notebook's parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

NON_FINITE = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One assignment of the parameters cell.

    ``type`` is string, integer, number, boolean, array, object, date, datetime or any; ``default``, ``choices`` and
    values are in wire form (API.md, *Parameters*); ``expression`` is the source of a default that is no literal.
    ``range`` is its right-hand side in UTF-16 units of the cell, None for a bare annotation; ``at`` is then where a
    right-hand side belongs. ``python`` is the declared kind that JSON cannot tell: tuple, set, frozenset, decimal,
    path, date, datetime. ``items`` is the type of an array's elements where it is known. ``floating`` says that
    numbers of it are floating point in its language, so that 1 is written 1.0.
    """

    name: str
    type: str
    nullable: bool = False
    default: Json = None
    required: bool = False
    help: str | None = None
    choices: tuple[Json, ...] | None = None
    source: str = ""
    range: tuple[int, int] | None = None
    expression: str | None = None
    python: str | None = None
    minimum: int | float | None = None
    maximum: int | float | None = None
    items: str | None = None
    floating: bool = False
    at: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The contract's form: what is not declared is left out."""
        told: dict[str, Any] = {
            "name": self.name,
            "type": self.type,
            "nullable": self.nullable,
            "default": self.default,
            "required": self.required,
            "help": self.help,
            "source": self.source,
            "range": list(self.range) if self.range is not None else None,
        }
        if self.choices is not None:
            told["choices"] = list(self.choices)
        declared = {
            "expression": self.expression,
            "python": self.python,
            "minimum": self.minimum,
            "maximum": self.maximum,
            "items": self.items,
        }
        return told | {key: value for key, value in declared.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the parameters cell that a person should know; ``line`` counts from 1."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class ReadParameters:
    """The parameters cell as read; ``cell_index`` is None where the notebook has none."""

    cell_index: int | None = None
    parameters: tuple[Parameter, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """A literal as read from source, in its wire form, and what its spelling says about its type."""

    json: Json
    type: str
    python: str | None = None
    items: str | None = None
    floating: bool = False


def same_value(left: Json, right: Json) -> bool:
    """Equality as JSON has it: 1 and 1.0 are one number (a browser cannot tell them apart), 1 and true are not."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same_value, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same_value(left[key], right[key]) for key in left)
    return left == right
