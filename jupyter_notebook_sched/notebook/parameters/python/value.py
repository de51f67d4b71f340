"""A Python expression that is a literal, in its wire form; None for everything that would have to be computed.

Beside Python's own literals these spellings count: ``date(…)``, ``datetime(…)`` and their ``fromisoformat``,
``Decimal('…')``, ``Path('…')``, ``float('nan')``, ``math.inf``, and ``set()`` and its like. What JSON cannot tell apart
(a tuple inside a list) is no literal here, so that no edit changes it by accident.
"""

from __future__ import annotations

import ast
import math
from datetime import date, datetime, timezone
from typing import Any

from ..fitting import is_decimal
from ..model import Json, Value

_CONSTRUCTED = frozenset({"set", "frozenset", "tuple", "list"})


def read_value(node: ast.expr) -> Value | None:
    match node:
        case ast.Constant(value=value):
            return _constant(value)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
            return _signed(sign, read_value(operand))
        case ast.List(elts=elements):
            return _array(elements, None)
        case ast.Tuple(elts=elements):
            return _array(elements, "tuple")
        case ast.Set(elts=elements):
            return _array(elements, "set")
        case ast.Dict(keys=keys, values=values):
            return _object(keys, values)
        case ast.Attribute(value=ast.Name(id="math" | "np" | "numpy"), attr="inf" | "nan" as name):
            return number(float(name))
        case ast.Call(func=function, args=arguments, keywords=keywords):
            return _call(function, arguments, keywords)
    return None


def number(value: float) -> Value:
    """A floating-point number; what JSON cannot hold is the string that stands for it."""
    if math.isnan(value):
        return Value("NaN", "number", floating=True)
    if math.isinf(value):
        return Value("Infinity" if value > 0 else "-Infinity", "number", floating=True)
    return Value(value, "number", floating=True)


def _constant(value: object) -> Value | None:
    if value is None:
        return Value(None, "any")
    if isinstance(value, bool):
        return Value(value, "boolean")
    if isinstance(value, int):
        return Value(value, "integer")
    if isinstance(value, float):
        return number(value)
    return Value(value, "string") if isinstance(value, str) else None


def _signed(sign: ast.unaryop, value: Value | None) -> Value | None:
    if value is None or value.type not in ("integer", "number"):
        return None
    if isinstance(sign, ast.UAdd):
        return value
    if isinstance(value.json, int):
        return Value(-value.json, "integer")
    return number(-float(str(value.json)))


def _array(elements: list[ast.expr], kind: str | None) -> Value | None:
    values = [read_value(element) for element in elements]
    plain = [value for value in values if value is not None and value.python is None]
    if len(plain) < len(values):
        return None
    numbers = all(value.type in ("integer", "number") for value in plain)
    if any(map(_stands_for_a_number, plain)) and not numbers:
        return None  # "NaN" would be a number in one place and a string in another
    items = "number" if any(map(_stands_for_a_number, plain)) else None
    return Value([value.json for value in plain], "array", kind, items)


def _stands_for_a_number(value: Value) -> bool:
    return (value.type == "number" and isinstance(value.json, str)) or value.items == "number"


def _object(keys: list[ast.expr | None], values: list[ast.expr]) -> Value | None:
    found: dict[str, Json] = {}
    for key, node in zip(keys, values, strict=True):
        value = read_value(node)
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            return None
        if value is None or value.python or _stands_for_a_number(value):
            return None
        found[key.value] = value.json
    return Value(found, "object")


def _call(function: ast.expr, arguments: list[ast.expr], keywords: list[ast.keyword]) -> Value | None:
    match function:
        case ast.Name(id=name) if name in _CONSTRUCTED and not keywords:
            return _constructed(name, arguments)
        case ast.Name(id="float") if not keywords:
            return _float(arguments)
        case ast.Attribute(value=ast.Name(id=kind) | ast.Attribute(attr=kind), attr="fromisoformat"):
            return _from_iso(kind, arguments)
        case ast.Name(id=name) | ast.Attribute(attr=name, value=ast.Name() | ast.Call(func=ast.Name(id="__import__"))):
            return _built(name, arguments, keywords)
    return None


def _constructed(name: str, arguments: list[ast.expr]) -> Value | None:
    kind = None if name == "list" else name
    match arguments:
        case []:
            return Value([], "array", kind)
        case [ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements)]:
            return _array(elements, kind)
    return None


def _float(arguments: list[ast.expr]) -> Value | None:
    try:
        match arguments:
            case [ast.Constant(value=str() | int() | float() as value)]:
                return number(float(value))
    except (ValueError, OverflowError):
        pass
    return None


def _from_iso(kind: str, arguments: list[ast.expr]) -> Value | None:
    try:
        match kind, arguments:
            case "date", [ast.Constant(value=str(text))]:
                return Value(date.fromisoformat(text).isoformat(), kind, kind)
            case "datetime", [ast.Constant(value=str(text))]:
                return Value(datetime.fromisoformat(text).isoformat(), kind, kind)
    except ValueError:
        pass
    return None


def _built(name: str, arguments: list[ast.expr], keywords: list[ast.keyword]) -> Value | None:
    positional = [_argument(node) for node in arguments]
    named = {keyword.arg or "**": _argument(keyword.value) for keyword in keywords}
    if None in positional or None in named.values():
        return None
    match name, positional:
        case "Decimal", [str(text)] if not named and is_decimal(text):
            return Value(text, "string", "decimal")
        case "Decimal", [int(whole)] if not named:
            return Value(str(whole), "string", "decimal")
        case "Path" | "PurePath", [str(text)] if not named:
            return Value(text, "string", "path")
        case "date", _:
            return _calendar(date, "date", positional, named)
        case "datetime", _:
            return _calendar(datetime, "datetime", positional, named)
    return None


def _argument(node: ast.expr) -> str | int | timezone | None:
    match node:
        case ast.Constant(value=str() | int() as value):
            return value
        case ast.Attribute(attr="utc" | "UTC"):
            return timezone.utc
    return None


def _calendar(of: type[date], kind: str, positional: list[Any], named: dict[str, Any]) -> Value | None:
    try:
        return Value(of(*positional, **named).isoformat(), kind, kind)
    except (TypeError, ValueError, OverflowError):
        return None
