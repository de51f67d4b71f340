"""Values as F# source, for .NET's own library alone.

An array is a list and an object a ``Map``, except where the cell has another collection; with elements of several types
they hold ``obj``.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime

from .. import dotnet
from ..declared_parameter import DeclaredParameter, written
from ..fitting_types import collected, decimal_places
from ..model import Json, Parameter
from ..typed_writing import TypedWriting
from ..value_type import ANY, INTEGERS, ValueType, natural
from .types import spelled

COMMENT = "//"

_SUFFIXES = {
    "int8": "y",
    "uint8": "uy",
    "int16": "s",
    "uint16": "us",
    "int32": "",
    "uint32": "u",
    "int64": "L",
    "uint64": "UL",
    "big": "I",
    "float32": "f",
}
_PLAIN = re.compile(r"[^\W\d]\w*")
_UNTYPED = re.compile(r"let (?:mutable )?(?:``.*``|[\w']+) =")


def declaration(parameter: DeclaredParameter, text: str) -> str:
    head = parameter.head
    if text == "null" and _UNTYPED.fullmatch(head):
        head = f"{head.removesuffix(' =')}: obj ="
    return f"{head} {text}"


def assignment(name: str, text: str) -> str:
    called = name if _PLAIN.fullmatch(name) else f"``{name}``"
    return f"let {called}{': obj' if text == 'null' else ''} = {text}"


def literal(value: Json, parameter: Parameter, replaced: str) -> str:
    """Raises ``ValueError`` for what the declared type cannot hold."""
    return written(value, parameter, _FSharp().write)


class _FSharp(TypedWriting):
    never_null = frozenset(
        {
            *(*INTEGERS, "float32", "float64", "decimal", "bool", "char", "date", "datetime", "offset", "instant"),
            *("list", "array", "set", "map"),
        }
    )
    nothing = "None"

    def something(self, written: str) -> str:
        return f"Some({written})"

    def integer(self, value: int, name: str) -> str:
        return f"{value}{_SUFFIXES[name]}"

    def number(self, value: float, name: str) -> str:
        if name == "decimal":
            return f"{decimal_places(value)}M"
        if math.isfinite(value):
            return repr(value) + ("f" if name == "float32" else "")
        limit = "NaN" if math.isnan(value) else "PositiveInfinity" if value > 0 else "NegativeInfinity"
        return f"System.{'Single' if name == 'float32' else 'Double'}.{limit}"

    def day(self, value: date) -> str:
        return f"System.DateOnly({value.year}, {value.month}, {value.day})"

    def moment(self, value: datetime, name: str) -> str:
        parts, minutes = dotnet.arguments(value, name)
        ticks = f".AddTicks({value.microsecond * 10}L)" if value.microsecond else ""
        if name == "offset":
            return f"System.DateTimeOffset({parts}, System.TimeSpan.FromMinutes({minutes})){ticks}"
        return f"System.DateTime({parts}{', System.DateTimeKind.Utc' if minutes is not None else ''}){ticks}"

    def collection(self, value: Json, kind: ValueType) -> str:
        pairs = collected(value, kind)
        of = kind.of or natural(value).of or ANY
        items = [self._boxed(item) if of.name == "any" else self.write(item, of) for _, item in pairs]
        if not items:
            empty = {"list": "[]", "array": "[||]", "set": "Set.empty", "map": "Map.empty"}[kind.name]
            return f"({empty}: {spelled(kind if kind.of is not None else ValueType(kind.name, of))})"
        if kind.name == "map":
            items = [f"({self.text(name)}, {item})" for (name, _), item in zip(pairs, items, strict=True)]
        inner = "; ".join(items)
        if kind.name == "array":
            return f"[| {inner} |]"
        return {"list": f"[{inner}]", "set": f"Set.ofList [{inner}]", "map": f"Map.ofList [{inner}]"}[kind.name]

    def _boxed(self, value: Json) -> str:
        return "(null: obj)" if value is None else f"box ({self.write(value, natural(value))})"
