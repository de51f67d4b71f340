"""What is known of a notebook's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

NON_FINITE = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What is declared of a value beside its type.

    ``choices`` and bounds are in wire form (API.md, *Parameters*). ``python`` is the kind that JSON cannot tell: tuple,
    set, frozenset, decimal, path, date, datetime, ``enum`` (values are the names of its members; ``enum`` is the source
    of the class) or ``source`` (values are Python expressions as text). ``floating`` says that numbers are floating
    point in the language, so that 1 is written 1.0. ``items`` is the type of an array's elements where they have one,
    ``elements`` all that is declared of them; ``places`` are the elements of a tuple of fixed length; ``members`` is
    what every value of an object is, ``named`` those of single names. ``alternatives`` are the types of a union.
    Lengths are those of texts, arrays and objects.
    """

    nullable: bool = False
    choices: tuple[Json, ...] | None = None
    python: str | None = None
    enum: str | None = None
    floating: bool = False
    minimum: int | float | None = None
    maximum: int | float | None = None
    exclusive_minimum: int | float | None = None
    exclusive_maximum: int | float | None = None
    multiple_of: int | float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    alternatives: tuple[str, ...] | None = None
    items: str | None = None
    elements: Kind | None = None
    places: tuple[Kind, ...] | None = None
    members: Kind | None = None
    named: Mapping[str, Kind] | None = None

    @property
    def element(self) -> Kind | None:
        """What is known of every element of an array."""
        if self.elements is None and self.items is not None:
            return Kind(self.items, floating=self.floating)
        return self.elements

    def declared(self) -> dict[str, Any]:
        """All of it by name, for what is declared alike."""
        return {name: getattr(self, name) for name in DECLARED}


DECLARED = tuple(field.name for field in fields(Declared))


@dataclass(frozen=True, slots=True)
class Kind(Declared):
    """What a value inside another one is declared to be; ``type`` as a parameter's."""

    type: str = "any"


@dataclass(frozen=True, slots=True)
class Parameter(Declared):
    """One assignment of the parameters cell.

    ``type`` is string, integer, number, boolean, array, object, date, datetime or any; ``default``, ``choices``,
    ``suggestions`` (choices that do not bind) and values are in wire form (API.md, *Parameters*); ``expression`` is
    the source of a default that is no literal. ``range`` is its right-hand side in UTF-16 units of the cell, None for
    a bare annotation; ``at`` is then where a right-hand side belongs. ``control`` is how a form should ask for it where
    that is known: slider, multiline, raw.
    """

    name: str
    type: str
    default: Json = None
    required: bool = False
    help: str | None = None
    source: str = ""
    range: tuple[int, int] | None = None
    expression: str | None = None
    at: int | None = None
    title: str | None = None
    suggestions: tuple[Json, ...] | None = None
    control: str | None = None
    placeholder: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The contract's form: what is not declared is left out; what is declared inside values, the schema tells."""
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
        declared = {
            "choices": _listed(self.choices),
            "suggestions": _listed(self.suggestions),
        }
        declared |= {key: getattr(self, key) for key in _TOLD}
        return told | {key: value for key, value in declared.items() if value is not None}


_TOLD = (
    *("expression", "python", "items", "title", "control", "placeholder"),
    *("minimum", "maximum", "exclusive_minimum", "exclusive_maximum", "multiple_of"),
    *("min_length", "max_length", "pattern"),
)


def _listed(values: tuple[Json, ...] | None) -> list[Json] | None:
    return list(values) if values is not None else None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a person should know; ``line`` counts from 1.

    It is a line of the parameters cell, or of cell number ``cell`` (from 0) where one is named.
    """

    line: int
    message: str
    cell: int | None = None

    def to_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {"line": self.line, "message": self.message}
        return told if self.cell is None else told | {"cell": self.cell}


@dataclass(frozen=True, slots=True)
class ReadParameters:
    """The parameters cell as read; ``cell_index`` is None where the notebook has none.

    ``title`` and ``description`` are those that the cell gives to its form, in plain text and Markdown.
    """

    cell_index: int | None = None
    parameters: tuple[Parameter, ...] = ()
    problems: tuple[Problem, ...] = ()
    title: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A literal as read from source, in its wire form, and what its spelling says about its type.

    ``parts`` are the elements of an array or the values of an object, where its language's reader keeps them; ``kind``
    is given where they say more than ``json`` can.
    """

    json: Json
    type: str
    python: str | None = None
    items: str | None = None
    floating: bool = False
    enum: str | None = None
    kind: Kind | None = None
    parts: tuple[Value, ...] = ()

    @property
    def declared(self) -> Kind:
        if self.kind is not None:
            return self.kind
        return Kind(self.type, python=self.python, enum=self.enum, items=self.items, floating=self.floating)


def same_value(left: Json, right: Json) -> bool:
    """Equality as JSON has it: 1 and 1.0 are one number (a browser cannot tell them apart), 1 and true are not."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same_value, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same_value(left[key], right[key]) for key in left)
    return left == right
