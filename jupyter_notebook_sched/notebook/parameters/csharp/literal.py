"""Values as C# source, for .NET's own library alone.

An array is an array and an object a ``Dictionary``, except where the cell has another collection; with elements of
several types they hold ``object``.
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

_VAR = re.compile(r"\bvar\b")


def declaration(parameter: DeclaredParameter, text: str) -> str:
    head = _VAR.sub("object", parameter.head, count=1) if text == "null" else parameter.head
    return f"{head} {text};"


def assignment(name: str, text: str) -> str:
    return f"{'object' if text == 'null' else 'var'} {name} = {text};"


def literal(value: Json, parameter: Parameter, replaced: str) -> str:
    """Raises ``ValueError`` for what the declared type cannot hold."""
    return written(value, parameter, _CSharp().write)


class _CSharp(TypedWriting):
    never_null = frozenset(
        [*INTEGERS, "float32", "float64", "decimal", "bool", "char", "date", "datetime", "offset", "instant"]
    )

    def integer(self, value: int, name: str) -> str:
        if name == "big":
            return f'{"-" if value < 0 else ""}System.Numerics.BigInteger.Parse("{abs(value)}")'
        return f"{value}L" if name == "int64" else str(value)

    def number(self, value: float, name: str) -> str:
        if name == "decimal":
            return f"{decimal_places(value)}m"
        if math.isfinite(value):
            return repr(value) + ("f" if name == "float32" else "")
        limit = "NaN" if math.isnan(value) else "PositiveInfinity" if value > 0 else "NegativeInfinity"
        return f"{'float' if name == 'float32' else 'double'}.{limit}"

    def day(self, value: date) -> str:
        return f"new System.DateOnly({value.year}, {value.month}, {value.day})"

    def moment(self, value: datetime, name: str) -> str:
        parts, minutes = dotnet.arguments(value, name)
        ticks = f".AddTicks({value.microsecond * 10})" if value.microsecond else ""
        if name == "offset":
            return f"new System.DateTimeOffset({parts}, System.TimeSpan.FromMinutes({minutes:.0f})){ticks}"
        return f"new System.DateTime({parts}{', System.DateTimeKind.Utc' if minutes is not None else ''}){ticks}"

    def collection(self, value: Json, kind: ValueType) -> str:
        items = collected(value, kind)
        of = kind.of or natural(value).of or ANY
        if kind.name == "map":
            told = [f"[{self.text(key)}] = {self.write(item, of)}" for key, item in items]
        else:
            told = [self.write(item, of) for _, item in items]
        full = spelled(ValueType(kind.name, of, kind.spelled))
        return f"new {full} {{ {', '.join(told)} }}" if told else f"new {full} {{ }}"
