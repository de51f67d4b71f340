"""Values as F# source, for .NET's own library alone.

An array is a list and an object a ``Map``, except where the cell has another collection; with elements of several types
they hold ``obj``.
"""

from __future__ import annotations

import math
import re

from ..declared_parameter import DeclaredParameter, written
from ..fitting_types import boolean, character, collected, day, decimal_places, fractional, moment, whole
from ..fitting_types import text as checked_text
from ..model import Json, Parameter
from ..quoting import quoted, unicode_escape
from ..value_type import ANY, INTEGERS, ValueType, natural
from .types import spelled

COMMENT = "//"

_VALUES = frozenset([*INTEGERS, "float32", "float64", "decimal", "bool", "char", "date", "datetime", "offset"])
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
    return written(value, parameter, _write)


def _write(value: Json, kind: ValueType) -> str:
    if kind.name == "option":
        return "None" if value is None else f"Some({_write(value, kind.of or natural(value))})"
    if value is None:
        if kind.name in _VALUES or kind.name in ("list", "array", "set", "map"):
            raise ValueError("The type that the cell declares cannot be null.")
        return "null"
    if kind.name in ("any", "null", ""):
        return _write(value, natural(value))
    if kind.name in INTEGERS:
        return f"{whole(value, kind)}{_SUFFIXES[kind.name]}"
    if kind.name in ("float32", "float64", "decimal"):
        return _number(fractional(value, kind), kind.name)
    if kind.name in ("list", "array", "set", "map"):
        return _collection(value, kind)
    return _scalar(value, kind.name)


def _scalar(value: Json, name: str) -> str:
    if name == "bool":
        return "true" if boolean(value) else "false"
    if name == "char":
        return quoted(character(value), "'", "", unicode_escape)
    if name == "date":
        found = day(value)
        return f"System.DateOnly({found.year}, {found.month}, {found.day})"
    if name in ("datetime", "offset"):
        return _moment(value, name)
    return quoted(checked_text(value), '"', "", unicode_escape)


def _moment(value: Json, name: str) -> str:
    found = moment(value)
    parts = ", ".join(map(str, found.timetuple()[:6]))
    offset = found.utcoffset()
    ticks = f".AddTicks({found.microsecond * 10}L)" if found.microsecond else ""
    if name == "offset":
        if offset is None:
            raise ValueError("A DateTimeOffset is written with an offset, such as 2026-01-31T07:00:00+01:00.")
        return f"System.DateTimeOffset({parts}, System.TimeSpan.FromMinutes({offset.total_seconds() / 60})){ticks}"
    if offset:
        raise ValueError("A DateTime has no offset; send it without one, or in UTC with Z.")
    return f"System.DateTime({parts}{', System.DateTimeKind.Utc' if offset is not None else ''}){ticks}"


def _number(value: float, name: str) -> str:
    if name == "decimal":
        return f"{decimal_places(value)}M"
    if math.isfinite(value):
        return repr(value) + ("f" if name == "float32" else "")
    limit = "NaN" if math.isnan(value) else "PositiveInfinity" if value > 0 else "NegativeInfinity"
    return f"System.{'Single' if name == 'float32' else 'Double'}.{limit}"


def _collection(value: Json, kind: ValueType) -> str:
    pairs = collected(value, kind)
    of = kind.of or natural(value).of or ANY
    items = [_boxed(item) if of.name == "any" else _write(item, of) for _, item in pairs]
    if not items:
        empty = {"list": "[]", "array": "[||]", "set": "Set.empty", "map": "Map.empty"}[kind.name]
        return f"({empty}: {spelled(kind if kind.of is not None else ValueType(kind.name, of))})"
    if kind.name == "map":
        items = [f"({_scalar(name, 'string')}, {item})" for (name, _), item in zip(pairs, items, strict=True)]
    inner = "; ".join(items)
    if kind.name == "array":
        return f"[| {inner} |]"
    return {"list": f"[{inner}]", "set": f"Set.ofList [{inner}]", "map": f"Map.ofList [{inner}]"}[kind.name]


def _boxed(value: Json) -> str:
    return "(null: obj)" if value is None else f"box ({_write(value, natural(value))})"
