"""SQL literals; None for everything that would have to be computed, or that databases read differently."""

from __future__ import annotations

import re
from datetime import date

from ..fitting import read_datetime
from ..tokens import Token, split_at_commas
from ..value_type import Literal, ValueType, joined, negated

MOST_NESTED = 50

_CONSTANTS = {
    "true": Literal(True, ValueType("bool")),
    "false": Literal(False, ValueType("bool")),
    "null": Literal(None, ValueType("null")),
}
_CAST = re.compile(r"cast\('(?P<value>nan|-?infinity)'as(?:double|float)\)", re.IGNORECASE)
_NON_FINITE = {"nan": "NaN", "infinity": "Infinity", "-infinity": "-Infinity"}
_ESCAPE = re.compile(r"\\(.)|''", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"'}
_PSQL_ESCAPES = {"n": "\n", "t": "\t", "b": "\b", "r": "\r", "f": "\f"}


def read_value(tokens: list[Token], form: str, levels: int = MOST_NESTED) -> Literal | None:
    """``form`` is the one of the statement (``forms.py``), which tells what a backslash means."""
    if not tokens or levels == 0:
        return None
    match [(token.kind, token.text) for token in tokens]:
        case [("string", text)]:
            return _text(text, form)
        case [("national", text)]:
            return Literal(text[2:-1].replace("''", "'"), ValueType("string"))
        case [("number", text)]:
            return _number(text)
        case [("operator", "-" | "+" as sign), ("number", text)]:
            return negated(_number(text)) if sign == "-" else _number(text)
        case [("name", name), ("string", text)]:
            return _calendar(name.lower(), text[1:-1])
        case [("name", name)]:
            return _constant(name)
        case [("open", "["), *_, ("close", "]")]:
            return _array(tokens[1:-1], form, "[", levels)
        case [("name", name), ("open", "("), *_, ("close", ")")] if name.lower() == "array":
            return _array(tokens[2:-1], form, "array(", levels)
    return _cast("".join(token.text for token in tokens))


def _text(text: str, form: str) -> Literal | None:
    inner = text[1:-1]
    if "\\" not in inner:
        return Literal(inner.replace("''", "'"), ValueType("string"))
    if form == "transact" and "\\\n" not in inner and "\\\r" not in inner:
        return Literal(inner.replace("''", "'"), ValueType("string"))
    if form != "declare":
        return None  # a backslash in one database, the beginning of an escape in another
    try:
        told = _ESCAPE.sub(lambda found: _SIMPLE[found[1]] if found[1] else "'", inner)
    except KeyError:
        return None
    return Literal(told, ValueType("string"))


def _number(text: str) -> Literal | None:
    if text.isdecimal():
        if len(text) > 38:
            return None
        return Literal(int(text), ValueType("int64" if int(text) < 2**63 else "big"))
    value = float(text)
    if value == float("inf"):
        return None
    if "e" in text.lower():
        return Literal(value, ValueType("float64"))
    return Literal(value, ValueType("decimal")) if len(text) < 17 else None


def _calendar(name: str, text: str) -> Literal | None:
    try:
        if name == "date":
            return Literal(date.fromisoformat(text).isoformat(), ValueType("date"))
        if name in ("timestamp", "datetime"):
            return Literal(read_datetime(text).isoformat(), ValueType("datetime"))
    except ValueError:
        return None
    return None


def _constant(name: str) -> Literal | None:
    return _CONSTANTS.get(name.lower())


def _array(inner: list[Token], form: str, spelled: str, levels: int) -> Literal | None:
    parts = split_at_commas(inner)
    parts = parts if parts[-1] else parts[:-1]
    items = [read_value(part, form, levels - 1) for part in parts]
    read = [item for item in items if item is not None]
    return joined("list", read, spelled=spelled) if len(read) == len(items) else None


def _cast(text: str) -> Literal | None:
    found = _CAST.fullmatch(text)
    return Literal(_NON_FINITE[found["value"].lower()], ValueType("float64")) if found is not None else None


def read_psql(text: str) -> Literal | None:
    """What stands behind ``\\set name``: a word that looks like a number counts as one, though psql has texts only."""
    quoted = re.fullmatch(r"'((?:''|\\[^0-9x]|[^'\\])*)'", text)
    if quoted is not None:
        told = _ESCAPE.sub(lambda found: _PSQL_ESCAPES.get(found[1], found[1]) if found[1] else "'", quoted[1])
        return Literal(told, ValueType("string"))
    if re.fullmatch(r"-?(0|[1-9]\d{0,17})", text):
        return Literal(int(text), ValueType("int64"))
    if re.fullmatch(r"-?\d{1,8}\.\d{1,7}", text):
        return Literal(float(text), ValueType("decimal"))
    if text in ("true", "false"):
        return Literal(text == "true", ValueType("bool"))
    return Literal(text, ValueType("string")) if re.fullmatch(r"[\w./-]+", text) else None
