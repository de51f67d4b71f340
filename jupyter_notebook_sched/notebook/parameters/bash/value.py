"""What bash takes words for, in wire form; None for everything that it would expand."""

from __future__ import annotations

import re

from ..model import Json, Value
from ..tokens import Token

_PIECE = re.compile(
    r"""
    '(?P<single>[^']*)'
  | \$'(?P<ansi>(?:\\.|[^'\\])*)'
  | "(?P<double>(?:\\.|[^"\\$`]|\$(?![\w{('"@*\#?$!-]))*)"
  | (?P<joined>\\\r?\n)
  | \\(?P<escaped>.)
  | (?P<plain>[^\\'"$`]+|\$(?![\w{('"@*\#?$!-]))
    """,
    re.VERBOSE | re.DOTALL,
)
_IN_DOUBLE = re.compile(r"\\(?:(?P<kept>[$`\"\\])|\r?\n)")
_ANSI = re.compile(
    r"\\(?:(?P<octal>[0-7]{1,3})|x(?P<hex>[0-9a-fA-F]{1,2})|u(?P<u>[0-9a-fA-F]{1,4})|U(?P<U>[0-9a-fA-F]{1,8})"
    r"|c(?P<control>.)|(?P<other>.))",
    re.DOTALL,
)
_SIMPLE = dict(zip("abeEfnrtv\\'\"?", "\a\b\x1b\x1b\f\n\r\t\v\\'\"?", strict=True))
_TILDE = re.compile(r"(?:^|:)~")
_GLOB = re.compile(r"[*?\[]|\{[^{}]*(?:,|\.\.)[^{}]*\}|^~")
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,3999}")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_ELEMENT = re.compile(
    r"\[(?P<key>(?:[^\]\\'\"$`]|\\.|'[^']*'|\$'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")+)\]=", re.DOTALL
)


def read_word(word: str, element: bool = False) -> Value | None:
    """A word behind ``=``, or an ``element`` of an array, where bash expands braces and patterns too."""
    decoded = _decode(word, element)
    if decoded is None:
        return None
    text, quoted = decoded
    return Value(text, "string") if quoted else plain_value(text)


def plain_value(text: str) -> Value:
    if text in ("true", "false"):
        return Value(text == "true", "boolean")
    if _INTEGER.fullmatch(text):
        return Value(int(text), "integer")
    if _NUMBER.fullmatch(text) and abs(float(text)) != float("inf"):
        return Value(float(text), "number")
    return Value(text, "string")


def read_array(words: list[Token]) -> Value | None:
    """Elements of one type, or all of them as the texts that they are."""
    if any(_ELEMENT.match(word.text) for word in words):
        return None  # at indexes of their own
    values = [read_word(word.text, element=True) for word in words]
    read = [value for value in values if value is not None]
    if len(read) < len(values):
        return None
    types = {value.type for value in read}
    if types == {"integer", "number"}:
        types = {"number"}
    if len(types) > 1:
        texts = [decoded[0] for word in words if (decoded := _decode(word.text, True)) is not None]
        return Value(list[Json](texts), "array", items="string")
    return Value([value.json for value in read], "array", items=types.pop() if types else "string")


def read_table(words: list[Token]) -> Value | None:
    """An associative array: ``[key]=value`` and nothing else."""
    members: dict[str, Json] = {}
    for word in words:
        found = _ELEMENT.match(word.text)
        key = _decode(found["key"], False) if found is not None else None
        value = read_word(word.text[found.end() :]) if found is not None else None
        if key is None or value is None:
            return None
        members[key[0]] = value.json
    return Value(members, "object")


def _decode(word: str, element: bool) -> tuple[str, bool] | None:
    """The text of a word, and whether any of it was quoted."""
    texts, position, quoted = [], 0, False
    try:
        while position < len(word):
            piece = _PIECE.match(word, position)
            if piece is None or (piece["plain"] is not None and _expands(piece["plain"], position, word, element)):
                return None
            quoted = quoted or piece["plain"] is None
            texts.append(_text(piece))
            position = piece.end()
    except ValueError:
        return None
    return "".join(texts), quoted


def _expands(plain: str, position: int, word: str, element: bool) -> bool:
    if element and _GLOB.search(word):
        return True
    return bool(_TILDE.search(plain)) and (position == 0 or ":~" in plain)


def _text(piece: re.Match[str]) -> str:
    if piece["ansi"] is not None:
        return _ansi(piece["ansi"])
    if piece["double"] is not None:
        return _IN_DOUBLE.sub(lambda found: found["kept"] or "", piece["double"])
    return piece["single"] or piece["escaped"] or piece["plain"] or ""


def _ansi(text: str) -> str:
    """The escapes of ``$'…'``, whose octal and hexadecimal ones are bytes of UTF-8; raises ``ValueError``."""
    found, position = bytearray(), 0
    for escape in _ANSI.finditer(text):
        found += text[position : escape.start()].encode() + _bytes(escape)
        position = escape.end()
    return (found + text[position:].encode()).decode()


def _bytes(escape: re.Match[str]) -> bytes:
    if escape["other"] is not None:
        return _SIMPLE.get(escape["other"], escape[0]).encode()
    if escape["control"] is not None:
        raise ValueError("a control character by its letter, which we leave to bash")
    digits = next(found for found in escape.groups() if found is not None)
    point = int(digits, 8 if escape["octal"] is not None else 16)
    if point == 0:
        raise ValueError("bash ends the text here")
    if escape["u"] is None and escape["U"] is None:
        return bytes([point & 0xFF])
    return chr(point).encode() if point <= 0x10FFFF else _refuse()


def _refuse() -> bytes:
    raise ValueError("no character")
