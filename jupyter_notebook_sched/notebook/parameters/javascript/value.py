"""JavaScript literals in their wire form; None for everything that would have to be computed."""

from __future__ import annotations

import re

from ..formats import is_date, is_datetime
from ..model import Json, Kind, Value
from ..tokens import Token, split_at_commas

MOST_NESTED = 100

_ESCAPE = re.compile(
    r"\\(?:x(?P<x>[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})|u\{(?P<braced>[0-9a-fA-F]{1,8})\}"
    r"|(?P<joined>\r\n|[\r\n\u2028\u2029])|(?P<nul>0(?![0-9]))|(?P<other>[^xu0-9]))",
    re.DOTALL,
)
_SIMPLE = dict(zip("nrtbfv", "\n\r\t\b\f\v", strict=True))
_PREFIXED = {"0x": 16, "0b": 2, "0o": 8}
_DECIMAL = re.compile(r"(?:0|[1-9]\d*(?:_\d+)*)")
_FLOAT = re.compile(r"(?:(?:0|[1-9]\d*(?:_\d+)*)(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+)?")
_CONSTANTS = {
    "true": Value(True, "boolean"),
    "false": Value(False, "boolean"),
    "null": Value(None, "any"),
    "undefined": Value(None, "any"),
    "NaN": Value("NaN", "number"),
    "Infinity": Value("Infinity", "number"),
}
_NEGATED = {"NaN": "NaN", "Infinity": "-Infinity"}
_SCALARS = frozenset({"string", "number", "boolean"})
LARGEST_EXACT = 2**53


def read_value(tokens: list[Token], levels: int = MOST_NESTED) -> Value | None:
    match [(token.kind, token.text) for token in tokens]:
        case [("string", text)]:
            decoded = decode(text)
            return Value(decoded, "string") if decoded is not None else None
        case [("number", text)]:
            return _number(text)
        case [("name", name)]:
            return _CONSTANTS.get(name)
        case [("operator", "-" | "+" as sign), *_]:
            return _signed(sign, read_value(tokens[1:]) if len(tokens) == 2 else None)
        case [("open", "["), *_, ("close", "]")]:
            return _array(tokens[1:-1], levels - 1)
        case [("open", "{"), *_, ("close", "}")]:
            return _object(tokens[1:-1], levels - 1)
        case [("name", "new"), ("name", "Date"), ("open", "("), ("string", text), ("close", ")")]:
            return _date(decode(text))
    return None


def decode(text: str) -> str | None:
    """What a string or a template without substitutions means; None where JavaScript would refuse it."""
    inner = text[1:-1]
    if text.startswith("`"):
        inner = re.sub(r"\r\n?", "\n", inner)
    if "\\" not in inner:
        return inner
    if "\\" in _ESCAPE.sub("", inner):
        return None
    try:
        return _ESCAPE.sub(_character, inner).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except ValueError:
        return None


def _character(escape: re.Match[str]) -> str:
    if escape["joined"] is not None:
        return ""
    if escape["nul"] is not None:
        return "\0"
    if escape["other"] is not None:
        return _SIMPLE.get(escape["other"], escape["other"])
    return chr(int(escape["x"] or escape["u"] or escape["braced"], 16))


def _number(text: str) -> Value | None:
    if len(text) > 4_000:
        return None
    big, plain = text.endswith("n"), text.removesuffix("n")
    whole = _whole(plain)
    if big:
        return Value(whole, "integer", kind=BIG) if whole is not None else None
    if whole is not None and whole < LARGEST_EXACT:
        return Value(whole, "number")
    value = float(whole) if whole is not None and whole.bit_length() < 1024 else None
    if value is None and _FLOAT.fullmatch(plain):
        value = float(plain.replace("_", ""))
    if value is None or value == float("inf"):
        return None
    return Value(int(value) if value.is_integer() and value < LARGEST_EXACT else value, "number")


BIG = Kind(type="integer", python="bigint")


def _whole(text: str) -> int | None:
    base = _PREFIXED.get(text[:2].lower())
    try:
        if base is not None:
            return int(text[2:], base)
    except ValueError:
        return None
    return int(text) if _DECIMAL.fullmatch(text) else None


def _signed(sign: str, value: Value | None) -> Value | None:
    if value is None or value.type not in ("integer", "number") or (sign == "+" and value.kind is BIG):
        return None
    if sign == "+":
        return value
    if isinstance(value.json, str):
        return Value(_NEGATED[value.json], value.type)
    if not isinstance(value.json, int | float):
        return None
    negative = -0.0 if value.json == 0 and value.kind is not BIG else -value.json
    return Value(negative, value.type, kind=value.kind)


def _array(tokens: list[Token], levels: int) -> Value | None:
    parts = split_at_commas(tokens)
    if not parts[-1]:
        parts.pop()  # nothing, or a comma at the end
    values = [_contained(part, levels) for part in parts]
    read = [value for value in values if value is not None]
    if len(read) < len(values):
        return None
    types = {value.type for value in read}
    items = types.pop() if len(types) == 1 and types <= _SCALARS else None
    if items != "number" and any(map(_stands_in, read)):
        return None  # "NaN" would be a number in one place and a string in another
    return Value([value.json for value in read], "array", items=items)


def _object(tokens: list[Token], levels: int) -> Value | None:
    members: dict[str, Json] = {}
    parts = split_at_commas(tokens)
    if not parts[-1]:
        parts.pop()
    for part in parts:
        name, rest = _key(part)
        value = _contained(rest, levels) if name is not None else None
        if name is None or value is None or _stands_in(value):
            return None
        members[name] = value.json
    return Value(members, "object")


def _key(part: list[Token]) -> tuple[str | None, list[Token]]:
    """The name of a member, and the tokens of its value."""
    match [(token.kind, token.text) for token in part[:4]]:
        case [("open", "["), ("string", text), ("close", "]"), ("operator", ":")]:
            return decode(text), part[4:]
        case [("name" | "string" | "number" as kind, text), ("operator", ":"), *_]:
            name = decode(text) if kind == "string" else text if kind == "name" or _DECIMAL.fullmatch(text) else None
            sets_prototype = name == "__proto__"
            usable = not sets_prototype and not text.startswith(("`", "#", "@")) and "_" not in text[: kind == "number"]
            return (name if usable else None), part[2:]
    return None, []


def _contained(tokens: list[Token], levels: int) -> Value | None:
    """A value inside another: no date, and a BigInt only where no Number would do, since JSON tells neither."""
    value = read_value(tokens, levels) if levels > 0 else None
    if value is None or value.type in ("date", "datetime"):
        return None
    return None if value.kind is BIG and isinstance(value.json, int) and is_exact(value.json) else value


def is_exact(value: int) -> bool:
    """Whether a Number holds it."""
    return abs(value) < 2**1023 and int(float(value)) == value


def _stands_in(value: Value) -> bool:
    if isinstance(value.json, list):
        return value.items == "number" and any(isinstance(item, str) for item in value.json)
    return value.type == "number" and isinstance(value.json, str)


def _date(text: str | None) -> Value | None:
    if text is None or "T" not in text:
        return Value(text, "date") if text is not None and is_date(text) else None
    return Value(text, "datetime") if is_datetime(text) else None
