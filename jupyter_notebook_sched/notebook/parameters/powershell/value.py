"""PowerShell literals in their wire form; None for everything that would have to be computed."""

from __future__ import annotations

import re

from ..formats import is_date, is_datetime
from ..model import Json, Kind, Value
from ..tokens import Token
from .text import decode

MOST_NESTED = 100

_CONSTANTS = {
    "$true": Value(True, "boolean"),
    "$false": Value(False, "boolean"),
    "$null": Value(None, "any"),
}
_INTEGER = re.compile(r"(\d+)[lL]?([kmgtpKMGTP][bB])?")
_DOUBLE = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_MULTIPLIER = {"": 1, "kb": 2**10, "mb": 2**20, "gb": 2**30, "tb": 2**40, "pb": 2**50}
_SPECIAL = {"nan": "NaN", "positiveinfinity": "Infinity", "negativeinfinity": "-Infinity"}
_BIG = ["[", "bigint", "]", "::", "parse", "(", None, ",", "[", "cultureinfo", "]", "::", "invariantculture", ")"]
_MOMENTS = frozenset({"datetime", "datetimeoffset"})
_SCALARS = frozenset({"string", "integer", "number", "boolean"})
HASHTABLE = Kind("object", python="hashtable")


def read_value(tokens: list[Token]) -> Value | None:
    """Of all these tokens; also of a list without brackets, ``1, 2``."""
    reader = _Values(tokens)
    value = reader.listed(MOST_NESTED)
    return value if reader.position == len(tokens) else None


class _Values:
    """Reads values one after the other: line breaks between those of an array or a table are not among the tokens."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.texts = [token.text.lower() for token in tokens]
        self.position = 0

    def _at(self, *texts: str) -> bool:
        return self.texts[self.position : self.position + len(texts)] == list(texts)

    def _skip(self, text: str) -> bool:
        found = self._at(text)
        self.position += found
        return found

    def listed(self, levels: int) -> Value | None:
        """One value, or several with commas between them, or one with a comma before it."""
        alone = self._skip(",")
        values = [self.single(levels)]
        while values[-1] is not None and not alone and self._skip(","):
            values.append(self.single(levels))
        if len(values) == 1 and not alone:
            return values[0]
        return _array(values)

    def single(self, levels: int) -> Value | None:
        if self.position == len(self.tokens) or levels == 0:
            return None
        if self._skip("@("):
            return self._elements(levels - 1)
        if self._skip("@{"):
            return self._members(levels - 1, HASHTABLE)
        if self._at("[", "ordered", "]", "@{"):
            self.position += 4
            return self._members(levels - 1, None)
        if self._at("["):
            return self._typed()
        sign = self.texts[self.position] if self._at("-") or self._at("+") else ""
        self.position += len(sign)
        value = _scalar(self.tokens[self.position]) if self.position < len(self.tokens) else None
        self.position += 1
        return _signed(sign, value)

    def _elements(self, levels: int) -> Value | None:
        """What ``@( )`` gathers: an array that a statement in it gives is taken apart, once."""
        found: list[Value | None] = []
        while not self._skip(")"):
            if self._skip(";"):
                continue
            several = self._at(",")
            start = self.position
            value = self.listed(levels)
            if value is None:
                return None
            several = several or any(self._comma_at(place) for place in range(start, self.position))
            if value.type == "array" and not several:
                return None
            found += _apart(value) if several and value.type == "array" else [value]
        return _array(found)

    def _comma_at(self, place: int) -> bool:
        return self.texts[place] == ","

    def _members(self, levels: int, kind: Kind | None) -> Value | None:
        members: dict[str, Json] = {}
        while not self._skip("}"):
            if self._skip(";"):
                continue
            name = self._name()
            value = self.listed(levels) if name is not None and self._skip("=") else None
            if name is None or value is None or not _contained(value) or _stands_in(value):
                return None
            members[name] = value.json
        if len({name.lower() for name in members}) < len(members):
            return None
        return Value(members, "object", kind=kind)

    def _name(self) -> str | None:
        token = self.tokens[self.position] if self.position < len(self.tokens) else None
        self.position += 1
        if token is None or token.kind not in ("word", "string"):
            return None
        return token.text if token.kind == "word" else decode(token.text)

    def _typed(self) -> Value | None:
        rest = self.texts[self.position :]
        if rest[:5] in (["[", "double", "]", "::", name] for name in _SPECIAL):
            self.position += 5
            return Value(_SPECIAL[rest[4]], "number", floating=True)
        if len(rest) > 3 and rest[1] in _MOMENTS and rest[2] == "]" and self.tokens[self.position + 3].kind == "string":
            self.position += 4
            return read_moment(decode(self.tokens[self.position - 1].text), rest[1])
        if len(rest) >= len(_BIG) and all(want in (None, text) for want, text in zip(_BIG, rest, strict=False)):
            self.position += len(_BIG)
            number = decode(self.tokens[self.position - len(_BIG) + 6].text) or ""
            return Value(int(number), "integer") if re.fullmatch("-?[0-9]{1,4000}", number) else None
        return None


def read_moment(text: str | None, type_: str = "datetime") -> Value | None:
    """What PowerShell makes of such a text is the same everywhere for ISO 8601 alone."""
    if text is None:
        return None
    offset = Kind("datetime", python="datetimeoffset") if type_ == "datetimeoffset" else None
    if is_datetime(text):
        return Value(text, "datetime", kind=offset)
    return Value(text, "date") if is_date(text) and offset is None else None


def _scalar(token: Token) -> Value | None:
    if token.kind == "string":
        decoded = decode(token.text)
        return Value(decoded, "string") if decoded is not None else None
    if token.kind == "variable":
        return _CONSTANTS.get(token.text.lower())
    return _number(token.text) if token.kind == "number" else None


def _number(text: str) -> Value | None:
    whole = _INTEGER.fullmatch(text)
    if whole is not None and len(text) < 30:
        value = int(whole[1]) * _MULTIPLIER[(whole[2] or "").lower()]
        return Value(value, "integer") if value < 2**63 else None
    if not _DOUBLE.fullmatch(text) or text.isdigit() or float(text) == float("inf"):
        return None
    return Value(float(text), "number", floating=True)


def _signed(sign: str, value: Value | None) -> Value | None:
    if value is None or not sign:
        return value
    if isinstance(value.json, bool) or not isinstance(value.json, int | float):
        return None
    return Value(-value.json if sign == "-" else value.json, value.type, floating=value.floating)


def _apart(value: Value) -> list[Value | None]:
    assert isinstance(value.json, list)
    kind = value.items
    return [Value(item, kind or _type_of(item), items=None) for item in value.json]


def _type_of(value: Json) -> str:
    return "array" if isinstance(value, list) else "object" if isinstance(value, dict) else "any"


def _array(values: list[Value | None]) -> Value | None:
    read = [value for value in values if value is not None and _contained(value)]
    if len(read) < len(values):
        return None
    types = {value.type for value in read}
    if types == {"integer", "number"}:
        types = {"number"}
    items = types.pop() if len(types) == 1 and types <= _SCALARS else None
    if items != "number" and any(map(_stands_in, read)):
        return None  # "NaN" would be a number in one place and a string in another
    return Value([value.json for value in read], "array", items=items, floating=items == "number")


def _contained(value: Value) -> bool:
    return value.type not in ("date", "datetime")


def _stands_in(value: Value) -> bool:
    if isinstance(value.json, list):
        return value.items == "number" and any(isinstance(item, str) for item in value.json)
    return value.type == "number" and isinstance(value.json, str)
