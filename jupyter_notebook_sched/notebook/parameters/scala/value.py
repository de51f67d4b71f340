"""Scala literals, and constructors of the standard library with literals in them; None for what has to be computed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..escapes import unescaped
from ..fitting import read_datetime
from ..tokens import Token, split_at_commas
from ..value_type import Literal, ValueType, joined, mapped, natural, negated
from .types import CONTAINERS, type_of

MOST_NESTED = 50

_SIMPLE = dict(zip("btnfr\"'\\", "\b\t\n\f\r\"'\\", strict=True))
_CONSTANTS = {
    "true": Literal(True, ValueType("bool")),
    "false": Literal(False, ValueType("bool")),
    "null": Literal(None, ValueType("null")),
    "None": Literal(None, ValueType("option")),
    "Nil": Literal([], ValueType("list", spelled="List")),
    "Double.NaN": Literal("NaN", ValueType("float64")),
    "Double.PositiveInfinity": Literal("Infinity", ValueType("float64")),
    "Double.NegativeInfinity": Literal("-Infinity", ValueType("float64")),
}
_LIMITS = {f"{name}.{end}": (name, end) for name in ("Int", "Long") for end in ("MinValue", "MaxValue")}
_DECIMAL = re.compile(r"(?P<digits>[\d_]*\.?[\d_]*(?:[eE][+-]?\d+)?)(?P<suffix>[fFdD]?)")
_CALENDAR = {
    "LocalDate.parse": "date",
    "LocalDateTime.parse": "datetime",
    "OffsetDateTime.parse": "offset",
    "Instant.parse": "instant",
}


def read_value(tokens: list[Token], levels: int = MOST_NESTED) -> Literal | None:
    if not tokens or levels == 0:
        return None
    match [(token.kind, token.text) for token in tokens]:
        case [("string", text)]:
            return _text(unescaped(text[1:-1], _SIMPLE), "string")
        case [("raw", text)]:  # escapes mean something there in Scala 2.12, and nothing since
            return _text(text[3:-3], "string") if "\\u" not in text else None
        case [("character", text)]:
            return _text(unescaped(text[1:-1], _SIMPLE), "char")
        case [("number", text)]:
            return _number(text)
        case [("operator", "-"), *_]:
            return _negative(tokens[1:], levels)
    if [token.text for token in tokens[-2:]] == [".", "mkString"]:
        return _joined(read_value(tokens[:-2], levels - 1))
    called, arguments = _call(tokens)
    if arguments is None:
        return _constant(called)
    return _constructed(called, arguments, levels)


def _text(text: str | None, name: str) -> Literal | None:
    return Literal(text, ValueType(name)) if text is not None else None


def _joined(pieces: Literal | None) -> Literal | None:
    """A text that is too long for one literal."""
    if pieces is None or not isinstance(pieces.json, list) or not all(isinstance(piece, str) for piece in pieces.json):
        return None
    return Literal("".join(map(str, pieces.json)), ValueType("string"))


def _call(tokens: list[Token]) -> tuple[str, list[Token] | None]:
    """``name.of.it`` and what stands in the brackets after it, if it has any; "" for anything else."""
    outside = [token for token in _opening(tokens) if token.text == "("]
    head = tokens.index(outside[0]) if outside else len(tokens)
    path = "".join(token.text for token in tokens[:head])
    if head == len(tokens):
        return path, None
    depth = 0
    for place in range(head, len(tokens)):
        depth += {"open": 1, "close": -1}.get(tokens[place].kind, 0)
        if depth == 0:
            return (path, tokens[head + 1 : -1]) if place == len(tokens) - 1 else ("", None)
    return "", None


def _opening(tokens: list[Token]) -> Iterator[Token]:
    """The brackets that are in no other."""
    depth = 0
    for token in tokens:
        if token.kind == "open" and depth == 0:
            yield token
        depth += {"open": 1, "close": -1}.get(token.kind, 0)


def _constant(path: str) -> Literal | None:
    if path in _LIMITS:
        name, end = _LIMITS[path]
        bits = 31 if name == "Int" else 63
        return Literal(-(2**bits) if end == "MinValue" else 2**bits - 1, type_of(name))
    empty = re.fullmatch(r"(\w+)\.empty(\[.*\])?", path, re.DOTALL)
    if empty is not None and empty[1] in CONTAINERS:
        found = type_of(empty[1] + (empty[2] or ""))
        return Literal({} if found.name == "map" else [], found)
    return _CONSTANTS.get(path)


def _number(text: str) -> Literal | None:
    plain = text.replace("_", "")
    if plain[:2].lower() in ("0x", "0b"):
        bits = 64 if plain[-1] in "lL" else 32
        try:
            number = int(plain.rstrip("lL"), 0)
        except ValueError:
            return None
        if number >= 2**bits:
            return None
        number -= 2**bits if number >= 2 ** (bits - 1) else 0  # they are two's complement
        return Literal(number, ValueType(f"int{bits}"))
    digits = plain.rstrip("lL")
    if digits.isdecimal():
        if len(digits) > 19 or (len(digits) > 1 and digits[0] == "0"):
            return None
        return Literal(int(digits), ValueType("int64" if plain[-1] in "lL" else "int32"))
    found = _DECIMAL.fullmatch(plain)
    if found is None or float(found["digits"]) == float("inf"):
        return None
    return Literal(float(found["digits"]), ValueType("float32" if found["suffix"] in ("f", "F") else "float64"))


def _negative(tokens: list[Token], levels: int) -> Literal | None:
    return negated(read_value(tokens, levels)) if len(tokens) == 1 and tokens[0].kind == "number" else None


def _constructed(called: str, arguments: list[Token], levels: int) -> Literal | None:
    called = re.sub(r"^(?:java\.time|scala(?:\.math|\.collection\.immutable)?)\.", "", called)
    if called in ("Some", "Option"):
        inner = read_value(arguments, levels - 1)
        return Literal(inner.json, ValueType("option", inner.kind)) if inner is not None else None
    if called in ("BigInt", "BigDecimal"):
        return _large(called, arguments)
    if called in _CALENDAR and len(arguments) == 1 and arguments[0].kind == "string":
        return _calendar(_CALENDAR[called], unescaped(arguments[0].text[1:-1], _SIMPLE) or "")
    if called == "LocalDate.of":
        return _date_of([token.text for token in arguments])
    name, _, _ = called.partition("[")
    if name not in CONTAINERS:
        return None
    found = type_of(called)
    return _map(found, arguments, levels) if found.name == "map" else _array(found, arguments, levels)


def _parts(arguments: list[Token]) -> list[list[Token]]:
    """The arguments, also where ``literal.py`` has written them in parts, a function each."""
    parts = split_at_commas(arguments)
    if len(parts) == 1 and "".join(token.text for token in arguments[-10:]) == ").flatMap(_()):_*":
        _, functions = _call(arguments[:-9])
        parts = [part for function in split_at_commas(functions or []) for part in _parts(_call(function[3:])[1] or [])]
    return parts if parts[-1] else parts[:-1]  # a comma at the end is fine at the end of a line


def _array(found: ValueType, arguments: list[Token], levels: int) -> Literal | None:
    items = [read_value(part, levels - 1) for part in _parts(arguments)]
    read = [item for item in items if item is not None]
    return joined(found.name, read, found.of, found.spelled) if len(read) == len(items) else None


def _map(found: ValueType, arguments: list[Token], levels: int) -> Literal | None:
    names, items = [], []
    for part in _parts(arguments):
        if len(part) < 3 or part[0].kind != "string" or part[1].text != "->":
            return None
        name, item = unescaped(part[0].text[1:-1], _SIMPLE), read_value(part[2:], levels - 1)
        if name is None or item is None:
            return None
        names.append(name)
        items.append(item)
    return mapped(names, items, found.of, found.spelled)


def _large(called: str, arguments: list[Token]) -> Literal | None:
    if len(arguments) == 1 and arguments[0].kind == "string":
        digits = arguments[0].text[1:-1]
        if called == "BigInt" and re.fullmatch(r"-?\d{1,4000}", digits):
            return Literal(int(digits), ValueType("big"))
        if called == "BigDecimal" and re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", digits):
            return Literal(float(digits), ValueType("decimal")) if len(digits) < 16 else None
        return None
    inner = read_value(arguments)
    return Literal(inner.json, type_of(called)) if inner is not None and inner.kind == natural(inner.json) else None


def _calendar(name: str, text: str) -> Literal | None:
    try:
        told = date.fromisoformat(text) if name == "date" else read_datetime(text)
    except ValueError:
        return None
    return Literal(text if name != "date" else told.isoformat(), ValueType(name))


def _date_of(texts: list[str]) -> Literal | None:
    found = re.fullmatch(r"(\d{1,4}),(\d{1,2}),(\d{1,2})", "".join(texts))
    try:
        return Literal(date(*map(int, found.groups())).isoformat(), ValueType("date")) if found is not None else None
    except ValueError:
        return None
