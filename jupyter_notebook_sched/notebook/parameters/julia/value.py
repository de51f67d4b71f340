"""Julia literals in their wire form; None for everything that would have to be computed."""

from __future__ import annotations

import re
from datetime import date, datetime

from ..formats import is_date, is_datetime
from ..model import Json, Kind, Value
from ..tokens import Token, split_at_commas

MOST_NESTED = 50

_ESCAPE = re.compile(
    r"\\(?:(?P<octal>[0-7]{1,3})|x(?P<hex>[0-9a-fA-F]{1,2})|u(?P<u>[0-9a-fA-F]{1,4})|U(?P<U>[0-9a-fA-F]{1,8})"
    r"|(?P<joined>\r?\n[ \t]*)|(?P<other>.))",
    re.DOTALL,
)
_SIMPLE = dict(zip("nrtabfve\\\"'$", "\n\r\t\a\b\f\v\x1b\\\"'$", strict=True))
_DECIMAL = re.compile(r"[\d_]+")
_FLOAT = re.compile(r"[\d_]*\.?[\d_]*(?:[eE][+-]?\d+)?")
_CONSTANTS = {
    "true": Value(True, "boolean"),
    "false": Value(False, "boolean"),
    "nothing": Value(None, "any"),
    "missing": Value(None, "any", kind=Kind(nullable=True, python="missing")),
    "Inf": Value("Infinity", "number", floating=True),
    "NaN": Value("NaN", "number", floating=True),
}
_ELEMENTS = {"String": "string", "Int": "integer", "Int64": "integer", "Float64": "number", "Bool": "boolean"}
_SCALARS = frozenset({"string", "integer", "number", "boolean"})
_RAW = re.compile(r'raw"([^"]*[^"\\]|)"')


def read_value(tokens: list[Token], levels: int = MOST_NESTED) -> Value | None:
    match [(token.kind, token.text) for token in tokens]:
        case [("string", text)]:
            decoded = decode(text[1:-1])
            return Value(decoded, "string") if decoded is not None else None
        case [("other_string", text)]:
            raw = _RAW.fullmatch(text)
            return Value(raw[1], "string") if raw is not None else None
        case [("number", text)]:
            return _number(text)
        case [("name", name)]:
            return _CONSTANTS.get(name)
        case [("operator", "-" | "+" as sign), *_]:
            return _signed(sign, read_value(tokens[1:]) if len(tokens) == 2 else None)
        case [("open", "["), *_, ("close", "]")]:
            return _vector(tokens[1:-1], None, levels - 1)
        case [("name", name), ("open", "["), *_, ("close", "]")] if name in _ELEMENTS or name == "Any":
            return _vector(tokens[2:-1], _ELEMENTS.get(name), levels - 1)
        case [("name", "Dict"), *_, ("close", ")")]:
            return _dict(tokens, levels - 1)
        case [("name", "Dates"), ("operator", "."), ("name", "Date" | "DateTime" as name), *_, ("close", ")")]:
            return _moment(name, tokens[3:])
        case [("name", "Date" | "DateTime" as name), *_, ("close", ")")]:
            return _moment(name, tokens[1:])
    return None


def decode(text: str) -> str | None:
    """What stands between two quotes, escapes resolved; None where Julia would refuse it."""
    try:
        return _ESCAPE.sub(_character, text.replace("\r\n", "\n"))
    except ValueError:
        return None


def _character(escape: re.Match[str]) -> str:
    if escape["joined"] is not None:
        return ""
    if escape["other"] is not None:
        if escape["other"] not in _SIMPLE:
            raise ValueError("unrecognised escape")
        return _SIMPLE[escape["other"]]
    in_bytes = escape["octal"] is not None or escape["hex"] is not None
    digits = next(found for found in escape.groups() if found is not None)
    point = int(digits, 8 if escape["octal"] is not None else 16)
    if point > 0x10FFFF or 0xD800 <= point <= 0xDFFF or (in_bytes and point > 0x7F):
        raise ValueError("no character, or a byte of one")
    return chr(point)


def _number(text: str) -> Value | None:
    """Decimal integers and Float64; hexadecimal is unsigned and ``1f0`` a Float32, which JSON cannot tell."""
    if _DECIMAL.fullmatch(text):
        return Value(int(text), "integer") if len(text) < 4_000 else None
    value = float(text.replace("_", "")) if _FLOAT.fullmatch(text) else None
    return Value(value, "number", floating=True) if value is not None and value != float("inf") else None


def _signed(sign: str, value: Value | None) -> Value | None:
    if value is None or value.type not in ("integer", "number") or sign == "+":
        return value if value is not None and value.type in ("integer", "number") else None
    if isinstance(value.json, str):
        return Value("-Infinity" if value.json == "Infinity" else value.json, "number", floating=True)
    return Value(-value.json, value.type, floating=value.floating) if isinstance(value.json, int | float) else None


def _vector(tokens: list[Token], items: str | None, levels: int) -> Value | None:
    if levels == 0:
        return None
    parts = split_at_commas(tokens)
    if not parts[-1]:
        parts.pop()  # nothing, or a comma at the end
    values = [read_value(part, levels) for part in parts]
    read = [value for value in values if value is not None and value.kind is None]
    if len(read) < len(values):
        return None
    types = {value.type for value in read}
    if types == {"integer", "number"}:
        types = {"number"}
    if len(types) == 1 and items is None and types <= _SCALARS:
        items = types.pop()
    if types & {"date", "datetime"}:
        return None
    if items != "number" and any(map(_holds_stand_in, read)):
        return None  # "NaN" would be a number in one place and a string in another
    return Value([value.json for value in read], "array", items=items, floating=items == "number")


def _holds_stand_in(value: Value) -> bool:
    if isinstance(value.json, list):
        return value.items == "number" and any(isinstance(item, str) for item in value.json)
    return value.type == "number" and isinstance(value.json, str)


def _dict(tokens: list[Token], levels: int) -> Value | None:
    """``Dict("name" => value, …)``, with its types in braces or without."""
    opening = next((place for place, token in enumerate(tokens) if token.text == "("), 0)
    if levels == 0 or (opening > 1 and (tokens[1].text != "{" or tokens[opening - 1].text != "}")):
        return None
    members: dict[str, Json] = {}
    parts = split_at_commas(tokens[opening + 1 : -1])
    for part in parts if parts[-1] else parts[:-1]:
        name = decode(part[0].text[1:-1]) if part and part[0].kind == "string" else None
        value = read_value(part[2:], levels) if len(part) > 2 and part[1].text == "=>" else None
        if name is None or value is None or not _in_dict(value):
            return None
        members[name] = value.json
    return Value(members, "object")


def _in_dict(value: Value) -> bool:
    return value.kind is None and value.type not in ("date", "datetime") and not _holds_stand_in(value)


def _moment(name: str, tokens: list[Token]) -> Value | None:
    """Of year, month and day and what follows, or of a text."""
    parts = split_at_commas(tokens[1:-1]) if tokens[0].text == "(" else []
    texts = [part[0].text for part in parts if len(part) == 1]
    if len(texts) != len(parts) or not texts:
        return None
    if all(_DECIMAL.fullmatch(text) for text in texts):
        return _of_numbers(name, [int(text) for text in texts])
    text = decode(texts[0][1:-1]) if len(texts) == 1 and parts[0][0].kind == "string" else None
    if text is None or not (is_date(text) if name == "Date" else "T" in text and is_datetime(text)):
        return None
    return Value(text, name.lower()) if not re.search(r"(?:Z|[+-]\d\d:\d\d)$", text[10:]) else None


def _of_numbers(name: str, numbers: list[int]) -> Value | None:
    year, month, day, *rest = numbers + [1] * (3 - len(numbers))
    hour, minute, second, millisecond, *more = rest + [0] * (4 - len(rest))
    if more or (name == "Date" and rest) or millisecond > 999:
        return None
    try:
        if name == "Date":
            return Value(date(year, month, day).isoformat(), "date")
        moment = datetime(year, month, day, hour, minute, second, millisecond * 1000)
    except (ValueError, OverflowError):
        return None
    return Value(moment.isoformat(), "datetime")
