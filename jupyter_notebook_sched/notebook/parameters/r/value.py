"""R literals in their wire form; None for everything that would have to be computed."""

from __future__ import annotations

import re
from datetime import date

from ..model import Json, Value
from ..tokens import Token, split_at_commas

_ESCAPE = re.compile(
    r"\\(?:(?P<octal>[0-7]{1,3})|x(?P<hex>[0-9a-fA-F]{1,2})"
    r"|u(?:\{(?P<u_braced>[0-9a-fA-F]{1,4})\}|(?P<u>[0-9a-fA-F]{1,4}))"
    r"|U(?:\{(?P<U_braced>[0-9a-fA-F]{1,8})\}|(?P<U>[0-9a-fA-F]{1,8}))"
    r"|(?P<other>.))",
    re.DOTALL,
)
_SIMPLE = dict(zip("nrtbafv0\\\"'` \n", "\n\r\t\b\a\f\v\0\\\"'` \n", strict=True))
_CONSTANTS = {
    **dict.fromkeys(("TRUE", "T"), Value(True, "boolean")),
    **dict.fromkeys(("FALSE", "F"), Value(False, "boolean")),
    "NULL": Value(None, "any"),
    "Inf": Value("Infinity", "number"),
    "NaN": Value("NaN", "number"),
}
_NEGATED = {"Infinity": "-Infinity", "NaN": "NaN"}


def read_value(tokens: list[Token]) -> Value | None:
    match [(token.kind, token.text) for token in tokens]:
        case [("string", text)]:
            decoded = decode(text[1:-1])
            return Value(decoded, "string") if decoded is not None else None
        case [("number", text)]:
            return _number(text)
        case [("name", name)]:
            return _CONSTANTS.get(name)
        case [("operator", "-" | "+" as sign), *_]:
            return _signed(sign, read_value(tokens[1:]) if len(tokens) == 2 else None)
        case [("name", "c"), ("open", "("), *_, ("close", ")")]:
            return _vector(tokens[2:-1])
        case [("name", "as.Date"), ("open", "("), ("string", text), ("close", ")")]:
            return _date(text[1:-1])
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


def _date(text: str) -> Value | None:
    decoded = decode(text)
    try:
        return Value(date.fromisoformat(decoded).isoformat(), "date") if decoded is not None else None
    except ValueError:
        return None
