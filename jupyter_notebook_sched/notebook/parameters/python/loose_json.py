"""The lists and objects of JavaScript in which notebooks describe form fields, as they are found in the wild.

Keys with or without quotes, quotes of every kind, commas too many or too few.
"""

from __future__ import annotations

import re

from ..model import Json

_SPACE = re.compile(r"[\s,]*")
_QUOTES = {'"': '"', "'": "'", "`": "`", "“": "”", "‘": "’", "”": "”", "’": "’"}
_WORD = re.compile(r"[^\s,:=\[\]{}\"'`]+")
_KEY_END = re.compile(r"\s*[:=]\s*")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_WORDS: dict[str, Json] = {"true": True, "false": False, "null": None, "none": None, "undefined": None}
_DEEPEST = 20


class NotReadable(ValueError):
    """Its message says what is wrong."""


def read_loose(text: str, start: int, depth: int = 0) -> tuple[Json, int]:
    """The value at ``start``, and where it ends. Raises ``NotReadable``."""
    if depth > _DEEPEST:
        raise NotReadable("it is nested too deeply")
    if start >= len(text):
        raise NotReadable("a value is missing")
    opening = text[start]
    if opening == "[":
        return _list(text, start + 1, depth)
    if opening == "{":
        return _object(text, start + 1, depth)
    if opening in _QUOTES:
        return _string(text, start)
    word = _WORD.match(text, start)
    if word is None:
        raise NotReadable(f"{opening!r} is out of place")
    return _plain(word[0]), word.end()


def _plain(word: str) -> Json:
    if word.lower() in _WORDS:
        return _WORDS[word.lower()]
    for number in (int, float):
        try:
            return number(word)
        except ValueError:
            pass
    return word


def _list(text: str, start: int, depth: int) -> tuple[Json, int]:
    found: list[Json] = []
    while True:
        start = _skip(text, start)
        if text.startswith("]", start):
            return found, start + 1
        if start >= len(text):
            raise NotReadable("']' is missing")
        value, start = read_loose(text, start, depth + 1)
        found.append(value)


def _object(text: str, start: int, depth: int) -> tuple[Json, int]:
    found: dict[str, Json] = {}
    while True:
        start = _skip(text, start)
        if text.startswith("}", start):
            return found, start + 1
        if start >= len(text):
            raise NotReadable("'}' is missing")
        key, start = read_loose(text, start, depth + 1)
        colon = _KEY_END.match(text, start)
        if colon is None or not isinstance(key, str):
            raise NotReadable(f"{key!r} has no value")
        found[key], start = read_loose(text, colon.end(), depth + 1)


def _string(text: str, start: int) -> tuple[str, int]:
    closing = _QUOTES[text[start]]
    found: list[str] = []
    position = start + 1
    while position < len(text):
        character = text[position]
        if character == closing:
            return "".join(found), position + 1
        if character == "\\" and position + 1 < len(text):
            position += 1
            character = _ESCAPES.get(text[position], text[position])
        found.append(character)
        position += 1
    raise NotReadable(f"{closing} is missing")


def _skip(text: str, start: int) -> int:
    found = _SPACE.match(text, start)
    assert found is not None  # it matches nothing, too
    return found.end()
