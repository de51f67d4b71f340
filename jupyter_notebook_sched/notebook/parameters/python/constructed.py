"""Values that Python writes as a call: ``date(…)``, ``datetime(…)``, their ``fromisoformat``, ``Decimal``, ``Path``."""

from __future__ import annotations

import ast
from datetime import date, datetime, timezone
from typing import Any

from ..formats import is_decimal
from ..model import Value
from .names import Names


def constructed(
    function: ast.expr, arguments: list[ast.expr], keywords: list[ast.keyword], names: Names
) -> Value | None:
    """The value of ``function(*arguments, **keywords)``, where it is one of these and would not raise."""
    if isinstance(function, ast.Attribute) and function.attr == "fromisoformat" and not keywords:
        return _from_iso(names.of(function.value), arguments)
    name = names.of(function)
    positional = [_argument(node, names) for node in arguments]
    named = {keyword.arg or "**": _argument(keyword.value, names) for keyword in keywords}
    if None in positional or None in named.values() or named.get("fold"):
        return None  # the wire form has no place for a fold
    match name, positional:
        case "Decimal", [str(text)] if not named and is_decimal(text):
            return Value(text, "string", "decimal")
        case "Decimal", [int(whole)] if not named and not isinstance(whole, bool):
            return Value(str(whole), "string", "decimal")
        case "Path" | "PurePath", [str(text)] if not named and "\0" not in text:
            return Value(text, "string", "path")
        case "date", _:
            return _calendar(date, "date", positional, named)
        case "datetime", _:
            return _calendar(datetime, "datetime", positional, named)
    return None


def _from_iso(kind: str | None, arguments: list[ast.expr]) -> Value | None:
    try:
        match kind, arguments:
            case "date", [ast.Constant(value=str(text))]:
                return Value(date.fromisoformat(text).isoformat(), "date", "date")
            case "datetime", [ast.Constant(value=str(text))]:
                return Value(datetime.fromisoformat(text).isoformat(), "datetime", "datetime")
    except ValueError:
        pass
    return None


def _argument(node: ast.expr, names: Names) -> str | int | timezone | None:
    match node:
        case ast.Constant(value=str() | int() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))):
            return -value
        case ast.Attribute(attr="utc" | "UTC"):
            return timezone.utc
        case ast.Name() if names.dotted(node) == "datetime.UTC":
            return timezone.utc
    return None


def _calendar(of: type[date], kind: str, positional: list[Any], named: dict[str, Any]) -> Value | None:
    try:
        return Value(of(*positional, **named).isoformat(), kind, kind)
    except (TypeError, ValueError, OverflowError):
        return None
