"""Values as C# source, for .NET's own library alone.

An array is an array and an object a ``Dictionary``, except where the cell has another collection; with elements of
several types they hold ``object``.
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
_VAR = re.compile(r"\bvar\b")


def declaration(parameter: DeclaredParameter, text: str) -> str:
    head = _VAR.sub("object", parameter.head, count=1) if text == "null" else parameter.head
    return f"{head} {text};"


def assignment(name: str, text: str) -> str:
    return f"{'object' if text == 'null' else 'var'} {name} = {text};"


def literal(value: Json, parameter: Parameter, replaced: str) -> str:
    """Raises ``ValueError`` for what the declared type cannot hold."""
    return written(value, parameter, _write)


def _write(value: Json, kind: ValueType) -> str:
    if kind.name == "option":
        return "null" if value is None else _write(value, kind.of or natural(value))
    if value is None:
        if kind.name in _VALUES:
            raise ValueError("The type that the cell declares cannot be null.")
        return "null"
    if kind.name in ("any", "null", ""):
        return _write(value, natural(value))
    if kind.name in INTEGERS:
        return _integer(whole(value, kind), kind.name)
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
        return f"new System.DateOnly({found.year}, {found.month}, {found.day})"
    if name in ("datetime", "offset"):
        return _moment(value, name)
    return quoted(checked_text(value), '"', "", unicode_escape)


def _moment(value: Json, name: str) -> str:
    found = moment(value)
    parts = ", ".join(map(str, found.timetuple()[:6]))
    offset = found.utcoffset()
    ticks = f".AddTicks({found.microsecond * 10})" if found.microsecond else ""
    if name == "offset":
        if offset is None:
            raise ValueError("A DateTimeOffset is written with an offset, such as 2026-01-31T07:00:00+01:00.")
        minutes = offset.total_seconds() / 60
        return f"new System.DateTimeOffset({parts}, System.TimeSpan.FromMinutes({minutes:.0f})){ticks}"
    if offset:
        raise ValueError("A DateTime has no offset; send it without one, or in UTC with Z.")
    return f"new System.DateTime({parts}{', System.DateTimeKind.Utc' if offset is not None else ''}){ticks}"


def _integer(value: int, name: str) -> str:
    if name == "big":
        return f'{"-" if value < 0 else ""}System.Numerics.BigInteger.Parse("{abs(value)}")'
    return f"{value}L" if name == "int64" else str(value)


def _number(value: float, name: str) -> str:
    if name == "decimal":
        return f"{decimal_places(value)}m"
    if math.isfinite(value):
        return repr(value) + ("f" if name == "float32" else "")
    limit = "NaN" if math.isnan(value) else "PositiveInfinity" if value > 0 else "NegativeInfinity"
    return f"{'float' if name == 'float32' else 'double'}.{limit}"


def _collection(value: Json, kind: ValueType) -> str:
    items = collected(value, kind)
    of = kind.of or natural(value).of or ANY
    if kind.name == "map":
        written = [f"[{_scalar(key, 'string')}] = {_write(item, of)}" for key, item in items]
    else:
        written = [_write(item, of) for _, item in items]
    full = spelled(ValueType(kind.name, of, kind.spelled))
    return f"new {full} {{ {', '.join(written)} }}" if written else f"new {full} {{ }}"
