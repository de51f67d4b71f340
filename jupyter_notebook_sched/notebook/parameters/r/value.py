"""R literals in their wire form; None for everything that would have to be computed."""

from __future__ import annotations

import re

from ..formats import is_date, is_datetime
from ..model import Json, Kind, Value
from ..tokens import Token, split_at_commas

_ESCAPE = re.compile(
    r"\\(?:(?P<octal>[0-7]{1,3})|x(?P<hex>[0-9a-fA-F]{1,2})"
    r"|u(?:\{(?P<u_braced>[0-9a-fA-F]{1,4})\}|(?P<u>[0-9a-fA-F]{1,4}))"
    r"|U(?:\{(?P<U_braced>[0-9a-fA-F]{1,8})\}|(?P<U>[0-9a-fA-F]{1,8}))"
    r"|(?P<other>.))",
    re.DOTALL,
)
_SIMPLE = dict(zip("nrtbafv0\\\"'` \n", "\n\r\t\b\a\f\v\0\\\"'` \n", strict=True))
_RAW = re.compile(r"[rR][\"'](-*)[(\[{](?P<text>.*)[)\]}]\1[\"']", re.DOTALL)
MISSING = {
    "NA": Kind(nullable=True, python="NA"),
    "NA_character_": Kind("string", nullable=True, python="NA"),
    "NA_integer_": Kind("integer", nullable=True, python="NA"),
    "NA_real_": Kind("number", nullable=True, python="NA"),
}
LIST = Kind("array", python="list")
_CONSTANTS = {
    **dict.fromkeys(("TRUE", "T"), Value(True, "boolean")),
    **dict.fromkeys(("FALSE", "F"), Value(False, "boolean")),
    "NULL": Value(None, "any"),
    "Inf": Value("Infinity", "number"),
    "NaN": Value("NaN", "number"),
    **{name: Value(None, kind.type, kind=kind) for name, kind in MISSING.items()},
}
_EMPTY = {"character": "string", "integer": "integer", "numeric": "number", "logical": "boolean"}
_NEGATED = {"Infinity": "-Infinity", "NaN": "NaN"}


MOST_NESTED = 50


def read_value(tokens: list[Token], levels: int = MOST_NESTED) -> Value | None:
    match [(token.kind, token.text) for token in tokens]:
        case [("string", text)]:
            decoded = decode(text[1:-1])
            return Value(decoded, "string") if decoded is not None else None
        case [("other_string", text)]:
            raw = _RAW.fullmatch(text)
            return Value(raw["text"], "string") if raw is not None else None
        case [("number", text)]:
            return _number(text)
        case [("name", name)]:
            return _CONSTANTS.get(name)
        case [("operator", "-" | "+" as sign), *_]:
            return _signed(sign, read_value(tokens[1:]) if len(tokens) == 2 else None)
        case [("name", "c"), ("open", "("), *_, ("close", ")")]:
            return _vector(tokens[2:-1])
        case [("name", "as.Date"), ("open", "("), ("string", text), ("close", ")")]:
            return _date(decode(text[1:-1]))
        case [("name", "as.POSIXct"), ("open", "("), ("string", text), *rest, ("close", ")")]:
            return _moment(decode(text[1:-1]), [text for _, text in rest])
        case [("name", name), ("open", "("), ("number", "0"), ("close", ")")] if name in _EMPTY:
            return Value([], "array", items=_EMPTY[name])
        case [("name", "list"), ("open", "("), *_, ("close", ")")]:
            return _list(tokens[2:-1], levels - 1)
        case [("name", "structure"), ("open", "("), *_, ("close", ")")]:
            return _renamed(tokens[2:-1], levels - 1)
    return None


def decode(text: str) -> str | None:
    """What stands between two quotes, escapes resolved; None where R would refuse it."""
    escapes = [(found["octal"] or found["hex"], found["other"]) for found in _ESCAPE.finditer(text)]
    if any(of_byte for of_byte, _ in escapes) and any(not of_byte and not other for of_byte, other in escapes):
        return None  # "mixing Unicode and octal/hex escapes in a string is not allowed"
    try:
        return _ESCAPE.sub(_character, text)
    except ValueError:
        return None


def _character(escape: re.Match[str]) -> str:
    if escape["other"] is not None:
        if escape["other"] not in _SIMPLE:
            raise ValueError("unrecognised escape")
        return _SIMPLE[escape["other"]]
    in_bytes = escape["octal"] is not None or escape["hex"] is not None
    digits = next(found for found in escape.groups() if found is not None)
    point = int(digits, 8 if escape["octal"] is not None else 16)
    if point == 0 or point > 0x10FFFF or 0xD800 <= point <= 0xDFFF or (in_bytes and point > 0x7F):
        raise ValueError("no character, or a byte of some encoding")
    return chr(point)


def _number(text: str) -> Value | None:
    if text.endswith("i"):
        return None
    plain = text.rstrip("L")
    try:
        value = float.fromhex(plain) if plain[:2] in ("0x", "0X") else float(plain)
    except (ValueError, OverflowError):
        return None
    if not value.is_integer() or abs(value) >= 2**53:
        return Value(value, "number") if abs(value) != float("inf") else None
    return Value(int(value), "integer" if text.endswith("L") else "number")


def _signed(sign: str, value: Value | None) -> Value | None:
    if value is None or value.type not in ("integer", "number") or sign == "+":
        return value if value is not None and value.type in ("integer", "number") else None
    if isinstance(value.json, str):
        return Value(_NEGATED.get(value.json, "Infinity"), value.type)
    return Value(-value.json, value.type) if isinstance(value.json, int | float) else None


def _vector(tokens: list[Token]) -> Value | None:
    if any(token.kind == "open" for token in tokens):
        return None  # an element that is computed, or a vector in a vector
    values = [read_value(part) for part in split_at_commas(tokens)]
    scalars = [value for value in values if value is not None and not isinstance(value.json, list | None)]
    types = {value.type for value in scalars}
    if len(scalars) < len(values) or not types:
        return None
    if types == {"integer", "number"}:
        types = {"number"}
    if len(types) > 1:
        return None
    elements: list[Json] = [value.json for value in scalars]
    return Value(elements, "array", items=types.pop())


def _list(tokens: list[Token], levels: int) -> Value | None:
    """A list of values is an array, one of named values an object."""
    parts = split_at_commas(tokens) if tokens else []
    named = [part for part in parts if len(part) > 1 and part[0].kind in ("name", "string") and part[1].text == "="]
    values = [_contained(part[2:] if named else part, levels) for part in parts]
    read = [value.json for value in values if value is not None]
    if len(read) < len(values) or (named and len(named) < len(parts)):
        return None
    names = [_argument_name(part[0]) for part in named]
    return _named(names, read) if names else Value(read, "array", kind=LIST)


def _argument_name(token: Token) -> str | None:
    return decode(token.text[1:-1]) if token.text[0] in "\"'`" else token.text


def _named(names: list[str | None], values: list[Json]) -> Value | None:
    members = {name: value for name, value in zip(names, values, strict=False) if name is not None}
    return Value(members, "object") if len(members) == len(names) == len(values) else None


def _renamed(tokens: list[Token], levels: int) -> Value | None:
    """``structure(list(…), names = c(…))``, as names can be written that no argument may have."""
    parts = split_at_commas(tokens)
    if len(parts) != 2 or [token.text for token in parts[1][:2]] != ["names", "="]:
        return None
    values, names = read_value(parts[0], levels), read_value(parts[1][2:], levels)
    if values is None or names is None or values.kind is not LIST or names.items != "string":
        return None
    assert isinstance(values.json, list)
    assert isinstance(names.json, list)
    return _named([name if isinstance(name, str) else None for name in names.json], values.json)


def _contained(tokens: list[Token], levels: int) -> Value | None:
    """A value inside a list: nothing that JSON could not tell from something else there."""
    value = read_value(tokens, levels) if levels > 0 and tokens else None
    if value is None or value.type in ("date", "datetime") or (value.kind is not None and value.json is None):
        return None
    stands_in = value.type == "number" and isinstance(value.json, str)
    inside = isinstance(value.json, list) and value.items == "number" and any(isinstance(i, str) for i in value.json)
    return None if stands_in or inside else value


def _date(text: str | None) -> Value | None:
    return Value(text, "date") if text is not None and is_date(text) else None


def _moment(text: str | None, rest: list[str]) -> Value | None:
    """In the zone of the process, or in UTC; any other zone has no wire form."""
    in_utc = rest in ([",", "tz", "=", f"{quote}UTC{quote}"] for quote in "'\"")
    if text is None or not is_datetime(text) or text[-1] == "Z" or text[-6:-5] in ("+", "-") or (rest and not in_utc):
        return None
    return Value(text.replace(" ", "T") + ("Z" if in_utc else ""), "datetime")
