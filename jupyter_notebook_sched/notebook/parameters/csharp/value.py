"""C# literals, and constructors of the standard library with literals in them; None for what has to be computed."""

from __future__ import annotations

import re
from datetime import date

from .. import dotnet
from ..escapes import unescaped
from ..fitting import read_datetime
from ..tokens import Token
from ..value_type import Literal, ValueType, joined, mapped, negated
from .types import type_of

MOST_NESTED = 50

_SIMPLE = dict(zip("'\"\\0abefnrtv", "'\"\\\0\a\b\x1b\f\n\r\t\v", strict=True))
_CONSTANTS = {
    "true": Literal(True, ValueType("bool")),
    "false": Literal(False, ValueType("bool")),
    "null": Literal(None, ValueType("null")),
    "string.Empty": Literal("", ValueType("string")),
    "String.Empty": Literal("", ValueType("string")),
}
_NON_FINITE = {"NaN": "NaN", "PositiveInfinity": "Infinity", "NegativeInfinity": "-Infinity"}
_LIMIT = re.compile(r"(int|long|Int32|Int64)\.(Min|Max)Value")
_INTEGER = re.compile(r"(?P<digits>\d+)(?P<suffix>[uU]?[lL]?|[lL][uU])")
_FLOATING = re.compile(r"(?P<digits>\d*\.?\d*(?:[eE][+-]?\d+)?)(?P<suffix>[fFdDmM]?)")
_SUFFIXES = {"f": "float32", "d": "float64", "": "float64", "m": "decimal"}


def read_value(tokens: list[Token], wanted: ValueType | None, levels: int = MOST_NESTED) -> Literal | None:
    """``wanted`` is the declared type, which ``{1, 2}``, ``[1, 2]`` and ``new()`` leave to it."""
    if not tokens or levels == 0:
        return None
    match [(token.kind, token.text) for token in tokens]:
        case [("string", text)] if text[-1] == '"':
            return _text(unescaped(text[1:-1], _SIMPLE), "string")
        case [("verbatim", text)]:
            return _text(text[2:-1].replace('""', '"'), "string")
        case [("raw", text)] if text[0] == text[-1] == '"' and "\n" not in text and "\r" not in text:
            return _text(text.strip('"'), "string")
        case [("character", text)]:
            return _text(unescaped(text[1:-1], _SIMPLE), "char")
        case [("number", text)]:
            return _number(text)
        case [("operator", "-"), ("number" | "name", _), *_]:
            return negated(read_value(tokens[1:], wanted, levels - 1))
        case [("open", "{" | "["), *_, ("close", _)] if wanted is not None:
            return _filled(wanted, tokens[1:-1], levels)
        case [("name", "new"), *_]:
            return _made(tokens[1:], wanted, levels)
    return _called("".join(token.text for token in tokens))


def _text(text: str | None, name: str) -> Literal | None:
    return Literal(text, ValueType(name)) if text is not None else None


def _number(text: str) -> Literal | None:
    plain = text.replace("_", "")
    if plain[:2].lower() in ("0x", "0b"):
        try:
            number = int(plain.rstrip("uUlL"), 0)
        except ValueError:
            return None
        return Literal(number, ValueType("int32")) if number < 2**31 and plain[-1] not in "uUlL" else None
    whole = _INTEGER.fullmatch(plain)
    if whole is not None:
        if len(plain) > 22:
            return None
        number, suffix = int(whole["digits"]), whole["suffix"].lower()
        names = ["uint32" if "u" in suffix else "int32"] * ("l" not in suffix) + ["int64"] * ("u" not in suffix)
        sizes = {"int32": 31, "uint32": 32, "int64": 63}
        name = next((name for name in names if number < 2 ** sizes[name]), "uint64")
        return Literal(number, ValueType("int32" if suffix == "" and number == 2**31 else name))
    found = _FLOATING.fullmatch(plain)
    if found is None or found["digits"] in ("", ".") or float(found["digits"]) == float("inf"):
        return None
    if found["suffix"] in ("m", "M") and len(found["digits"]) > 16:
        return None  # it has digits that JSON's numbers have not
    return Literal(float(found["digits"]), ValueType(_SUFFIXES[found["suffix"].lower()]))


def _made(tokens: list[Token], wanted: ValueType | None, levels: int) -> Literal | None:
    """What stands after ``new``: a type, maybe arguments, maybe elements."""
    braces = next((place for place, token in enumerate(tokens) if token.text in ("{", "(")), len(tokens))
    name = "".join(token.text for token in tokens[:braces])
    rest = tokens[braces:]
    if [token.text for token in rest[:2]] == ["(", ")"]:
        rest = rest[2:] or [Token("open", "{", 0, 0), Token("close", "}", 0, 0)]
        kind = type_of(name) if name else wanted
        return _filled(kind, rest[1:-1], levels) if kind is not None and rest[0].text == "{" else None
    if rest and rest[0].text == "(":
        return dotnet.made(name.removeprefix("System."), "".join(token.text for token in rest[1:-1]).split(","))
    if name.endswith("[0]") and not rest:
        return _filled(type_of(name[:-2] + "]"), [], levels)
    if not rest or rest[-1].text != "}":
        return None
    return _filled(type_of(name) if name != "[]" else ValueType("array"), rest[1:-1], levels)


def _filled(kind: ValueType, inner: list[Token], levels: int) -> Literal | None:
    kind = kind.of if kind.name == "option" and kind.of is not None else kind
    parts = _elements(inner)
    if kind.name == "map":
        return _map(kind, parts, levels)
    if kind.name not in ("list", "array", "set"):
        return None
    items = [read_value(part, kind.of, levels - 1) for part in parts]
    read = [item for item in items if item is not None]
    return joined(kind.name, read, kind.of, kind.spelled) if len(read) == len(items) else None


def _elements(inner: list[Token]) -> list[list[Token]]:
    """What stands between the commas that are in no bracket, ``<`` and ``>`` included: literals compare nothing."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in inner:
        depth += {"open": 1, "close": -1}.get(token.kind, 0) + {"<": 1, ">": -1}.get(token.text, 0)
        if token.text == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts if parts[-1] else parts[:-1]


def _map(kind: ValueType, parts: list[list[Token]], levels: int) -> Literal | None:
    names, items = [], []
    for part in parts:
        match [(token.kind, token.text) for token in part]:
            case [("open", "["), ("string", name), ("close", "]"), ("operator", "="), *_]:
                item = read_value(part[4:], kind.of, levels - 1)
            case [("open", "{"), ("string", name), ("separator", ","), *_, ("close", "}")]:
                item = read_value(part[3:-1], kind.of, levels - 1)
            case _:
                return None
        told = unescaped(name[1:-1], _SIMPLE)
        if told is None or item is None:
            return None
        names.append(told)
        items.append(item)
    return mapped(names, items, kind.of, kind.spelled)


def _called(path: str) -> Literal | None:
    path = path.removeprefix("System.")
    owner, _, member = path.rpartition(".")
    if member in _NON_FINITE and type_of(owner).name in ("float32", "float64"):
        return Literal(_NON_FINITE[member], type_of(owner))
    limit = _LIMIT.fullmatch(path)
    if limit is not None:
        bits = 31 if limit[1] in ("int", "Int32") else 63
        return Literal(-(2**bits) if limit[2] == "Min" else 2**bits - 1, ValueType(f"int{bits + 1}"))
    large = re.fullmatch(r"(?:Numerics\.)?BigInteger\.Parse\(\"(-?\d{1,4000})\"\)", path)
    if large is not None:
        return Literal(int(large[1]), ValueType("big"))
    parsed = re.fullmatch(r"(DateOnly|DateTime|DateTimeOffset)\.Parse\(\"([-\dT:.+Z]+)\"\)", path)
    return _parsed(type_of(parsed[1]), parsed[2]) if parsed is not None else _CONSTANTS.get(path)


def _parsed(kind: ValueType, text: str) -> Literal | None:
    try:
        if kind.name == "date":
            return Literal(date.fromisoformat(text).isoformat(), kind)
        found = read_datetime(text)
    except ValueError:
        return None
    return Literal(text, kind) if (found.tzinfo is not None) == (kind.name == "offset") else None
