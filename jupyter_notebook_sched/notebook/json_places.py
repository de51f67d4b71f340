"""Where the values of a JSON text stand in it, so that one can be changed and every other byte stay as it is."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from json.decoder import JSONDecoder, scanstring  # type: ignore[attr-defined]  # exported since 2.6, untyped
from typing import Any

_SPACE = re.compile(r"[ \t\r\n]*")
_decode = JSONDecoder().raw_decode


@dataclass(frozen=True, slots=True)
class Span:
    """A JSON value in the text: what it is, and where it begins and ends."""

    value: Any
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an object: its name begins at ``start``."""

    name: str
    start: int
    value: Span


def skip_space(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    assert found is not None  # it matches nothing, too
    return found.end()


def value_at(text: str, position: int) -> Span:
    """The value that begins at ``position`` or after the space there. Raises ``ValueError`` where there is none."""
    start = skip_space(text, position)
    value, end = _decode(text, start)
    return Span(value, start, end)


def members(text: str, start: int) -> list[Member]:
    """The members of the object at ``start``. Raises ``ValueError`` or ``IndexError`` where there is none."""
    found: list[Member] = []
    if text[start] != "{":
        raise ValueError("not an object")
    position = skip_space(text, start + 1)
    while text[position] != "}":
        name, after = scanstring(text, position + 1)
        member = Member(name, position, value_at(text, skip_space(text, after) + 1))
        found.append(member)
        position = _next(text, member.value.end)
    return found


def member(text: str, start: int, name: str) -> Span | None:
    """The value of that name in the object at ``start``; of a name that is there twice the last counts, as for every
    reader."""
    named = [each.value for each in members(text, start) if each.name == name]
    return named[-1] if named else None


def items(text: str, start: int) -> list[Span]:
    """The items of the list at ``start``. Raises as ``members`` does."""
    found: list[Span] = []
    if text[start] != "[":
        raise ValueError("not a list")
    position = skip_space(text, start + 1)
    while text[position] != "]":
        item = value_at(text, position)
        found.append(item)
        position = _next(text, item.end)
    return found


def written(value: Any, ascii_only: bool, indent: int | str | None = None) -> str:
    return json.dumps(value, ensure_ascii=ascii_only, indent=indent)


def escapes_all(text: str) -> bool:
    """Whether whoever wrote the text escapes all that is not ASCII."""
    return text.isascii() and "\\u" in text


def _next(text: str, position: int) -> int:
    """Where the next member begins, or the closing bracket stands."""
    position = skip_space(text, position)
    return skip_space(text, position + 1) if text[position] == "," else position
