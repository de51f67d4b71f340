"""F# literals, and constructors of the standard library with literals in them; None for what has to be computed."""

from __future__ import annotations

import re

from .. import dotnet
from ..escapes import unescaped
from ..tokens import Token
from ..value_type import ARRAYS, Literal, ValueType, joined, mapped, negated
from .types import type_of

MOST_NESTED = 50

_SIMPLE = dict(zip("ntbrafv\\\"'0", "\n\t\b\r\a\f\v\\\"'\0", strict=True))
_CONSTANTS = {
    "true": Literal(True, ValueType("bool")),
    "false": Literal(False, ValueType("bool")),
    "null": Literal(None, ValueType("null")),
    "None": Literal(None, ValueType("option")),
    "nan": Literal("NaN", ValueType("float64")),
    "infinity": Literal("Infinity", ValueType("float64")),
    "nanf": Literal("NaN", ValueType("float32")),
    "infinityf": Literal("Infinity", ValueType("float32")),
    "Double.NaN": Literal("NaN", ValueType("float64")),
    "Double.PositiveInfinity": Literal("Infinity", ValueType("float64")),
    "Double.NegativeInfinity": Literal("-Infinity", ValueType("float64")),
    "Map.empty": Literal({}, ValueType("map")),
    "Set.empty": Literal([], ValueType("set")),
    "List.empty": Literal([], ValueType("list")),
    "Array.empty": Literal([], ValueType("array")),
}
_INTEGERS = {
    "": "int32",
    "l": "int32",
    "L": "int64",
    "s": "int16",
    "us": "uint16",
    "y": "int8",
    "uy": "uint8",
    "u": "uint32",
    "ul": "uint32",
    "UL": "uint64",
    "I": "big",
}
_FLOATS = {"": "float64", "f": "float32", "F": "float32", "m": "decimal", "M": "decimal"}
_INTEGER = re.compile(r"(?P<digits>\d+)(?P<suffix>[a-zA-Z]*)")
_FLOATING = re.compile(r"(?P<digits>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)(?P<suffix>[a-zA-Z]*)")
_CLOSERS = {"[": "]", "[|": "|]"}
_TRIGRAPH = re.compile(r"\\\d\d|\\x")


def read_value(tokens: list[Token], levels: int = MOST_NESTED) -> Literal | None:
    if not tokens or levels == 0:
        return None
    match [(token.kind, token.text) for token in tokens]:
        case [("string" | "raw" | "verbatim", text)] if text[-1] == "B":
            return None
        case [("string", text)]:
            plain = "\r" not in text and "\\\n" not in text and not _TRIGRAPH.search(text)
            return _text(unescaped(text[1:-1], _SIMPLE) if plain else None, "string")
        case [("raw", text)]:
            return _text(text[3:-3], "string")
        case [("verbatim", text)]:
            return _text(text[2:-1].replace('""', '"'), "string")
        case [("character", text)] if text[-1] == "'":
            return _text(unescaped(text[1:-1], _SIMPLE) if not _TRIGRAPH.search(text) else None, "char")
        case [("number", text)]:
            return _number(text)
        case [("operator", "-"), (_, _)]:
            return negated(read_value(tokens[1:], levels))
        case [("open", "(" | "[" | "[|" as opener), *_, ("close", closer)]:
            return _bracketed(opener, closer, tokens[1:-1], levels)
        case [("name", "box"), *_]:
            return read_value(tokens[1:], levels - 1)
        case [("name", "Some"), *_]:
            inner = read_value(tokens[1:], levels - 1)
            return Literal(inner.json, ValueType("option", inner.kind)) if inner is not None else None
    return _constructed(tokens, levels)


def _text(text: str | None, name: str) -> Literal | None:
    return Literal(text, ValueType(name)) if text is not None else None


def _number(text: str) -> Literal | None:
    plain = text.replace("_", "")
    whole = _INTEGER.fullmatch(plain)
    if whole is not None and whole["suffix"] in _INTEGERS:
        return Literal(int(whole["digits"]), ValueType(_INTEGERS[whole["suffix"]])) if len(plain) < 4_000 else None
    found = _FLOATING.fullmatch(plain)
    if found is None or found["suffix"] not in _FLOATS or float(found["digits"]) == float("inf"):
        return None
    name = _FLOATS[found["suffix"]]
    return Literal(float(found["digits"]), ValueType(name)) if name != "decimal" or len(plain) < 17 else None


def _bracketed(opener: str, closer: str, inner: list[Token], levels: int) -> Literal | None:
    if opener == "(":
        return _typed(inner, levels) if closer == ")" else None
    if _CLOSERS[opener] != closer:
        return None
    items = [read_value(part, levels - 1) for part in _parts(inner, ";")]
    read = [item for item in items if item is not None]
    return joined("list" if opener == "[" else "array", read) if len(read) == len(items) else None


def _typed(inner: list[Token], levels: int) -> Literal | None:
    """What stands in brackets, maybe with its type behind a colon."""
    colon = next((place for place, token in enumerate(inner) if token.text == ":"), None)
    if colon is None or any(token.kind == "open" and token.text == "(" for token in inner[:colon]):
        return read_value(inner, levels - 1)
    literal, kind = read_value(inner[:colon], levels - 1), type_of(" ".join(token.text for token in inner[colon + 1 :]))
    if literal is None or literal.json not in ([], {}, None):
        return None
    return Literal(literal.json, kind if kind.name in ARRAYS or kind.name == "map" else literal.kind)


def _parts(tokens: list[Token], separator: str) -> list[list[Token]]:
    """What stands between separators, or line ends, that are in no bracket."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += {"open": 1, "close": -1}.get(token.kind, 0)
        if token.text == separator and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts if parts[-1] else parts[:-1]


def _constructed(tokens: list[Token], levels: int) -> Literal | None:
    head = next((place for place, token in enumerate(tokens) if token.kind == "open"), len(tokens))
    path = "".join(token.text for token in tokens[:head]).removeprefix("System.").removeprefix("new")
    inner = tokens[head + 1 : -1]
    if head == len(tokens):
        return _CONSTANTS.get(path)
    if tokens[-1].kind != "close":
        return None
    if path in ("Map.ofList", "Map", "dict", "Map.ofSeq") and tokens[head].text == "[":
        return _map(inner, levels) if path != "dict" else None
    if path in ("set", "Set.ofList", "Set") and tokens[head].text == "[":
        found = _bracketed("[", tokens[-1].text, inner, levels)
        return Literal(found.json, ValueType("set", found.kind.of)) if found is not None else None
    numbers = "".join(token.text for token in inner).split(",")
    return dotnet.made(path, numbers) if tokens[head].text == "(" else None


def _map(inner: list[Token], levels: int) -> Literal | None:
    names, items = [], []
    for part in _parts(inner, ";"):
        pair = _parts(part[1:-1], ",") if part[0].text == "(" and part[-1].text == ")" else []
        if len(pair) != 2 or len(pair[0]) != 1 or pair[0][0].kind != "string":
            return None
        name, item = read_value(pair[0], levels - 1), read_value(pair[1], levels - 1)
        if name is None or item is None:
            return None
        names.append(str(name.json))
        items.append(item)
    return mapped(names, items)
