"""One cell's source changed inside the text of a notebook file, every other byte left as it was."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from json.decoder import JSONDecoder, scanstring  # type: ignore[attr-defined]  # exported since 2.6, untyped
from typing import Any

from jupyter_notebook_sched.errors import Invalid

_SPACE = re.compile(r"[ \t\r\n]*")
_decode = JSONDecoder().raw_decode


@dataclass(frozen=True, slots=True)
class _Span:
    """A JSON value in the text: what it is, and where it begins and ends."""

    value: Any
    start: int
    end: int


def rewrite_notebook(raw: bytes, cell_index: int, new_source: str) -> bytes:
    """The file with ``new_source`` in cell number ``cell_index``.

    Indentation, key order, escapes, line endings and the form of the source (one text or a list of lines) stay, and
    so does each line of the source that does not change. Raises ``Invalid`` (``notebook_unreadable``) where the file
    is no notebook of format 4, or has no such cell.
    """
    try:
        text = raw.decode("utf-8")
        cells = _members(text, _skip(text, 0))["cells"]
        cell = _items(text, cells.start)[cell_index]
        source = _members(text, cell.start)["source"]
    except (ValueError, KeyError, IndexError, RecursionError) as error:
        message = f"Cell {cell_index + 1} cannot be found in the notebook's file; open and save it in JupyterLab first."
        raise Invalid(message, "notebook_unreadable") from error
    ascii_only = text.isascii() and "\\u" in text
    if isinstance(source.value, list):
        written = _lines(text, source, new_source, ascii_only)
    else:
        written = text[source.start : source.end] if source.value == new_source else _string(new_source, ascii_only)
    return (text[: source.start] + written + text[source.end :]).encode("utf-8", "backslashreplace")


def _skip(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    assert found is not None  # it matches nothing, too
    return found.end()


def _value(text: str, position: int) -> _Span:
    start = _skip(text, position)
    value, end = _decode(text, start)
    return _Span(value, start, end)


def _members(text: str, start: int) -> dict[str, _Span]:
    """The values of the object at ``start``; of a name that is there twice the last counts, as for every reader."""
    found: dict[str, _Span] = {}
    if text[start] != "{":
        raise ValueError("not an object")
    position = _skip(text, start + 1)
    while text[position] != "}":
        name, after = scanstring(text, position + 1)
        member = _value(text, _skip(text, after) + 1)
        found[name] = member
        position = _next(text, member.end)
    return found


def _items(text: str, start: int) -> list[_Span]:
    found: list[_Span] = []
    if text[start] != "[":
        raise ValueError("not a list")
    position = _skip(text, start + 1)
    while text[position] != "]":
        item = _value(text, position)
        found.append(item)
        position = _next(text, item.end)
    return found


def _next(text: str, position: int) -> int:
    """Where the next member begins, or the closing bracket stands."""
    position = _skip(text, position)
    return _skip(text, position + 1) if text[position] == "," else position


def _string(value: str, ascii_only: bool) -> str:
    return json.dumps(value, ensure_ascii=ascii_only)


def _lines(text: str, source: _Span, new_source: str, ascii_only: bool) -> str:
    old, new = _items(text, source.start), new_source.splitlines(keepends=True)
    same = _unchanged([item.value for item in old], new)
    written = [
        text[old[same[place]].start : old[same[place]].end] if place in same else _string(line, ascii_only)
        for place, line in enumerate(new)
    ]
    if not new:
        return "[]"
    opening, between, closing = _layout(text, source, old)
    gaps = [text[left.end : right.start] for left, right in pairwise(old)] if len(old) == len(new) else []
    gaps = gaps or [between] * (len(new) - 1)
    return opening + "".join(map("".join, zip_longest(written, gaps, fillvalue=""))) + closing


def _layout(text: str, source: _Span, old: list[_Span]) -> tuple[str, str, str]:
    """What stands before the first line, between two, and after the last one, brackets included."""
    if not old:
        indentation = re.search(r"\r?\n([ \t]*)(?=\"source\"[^\n]*\Z)", text[: source.start])
        if indentation is None:
            return "[", ", ", "]"
        return f"[{indentation[0]} ", f",{indentation[0]} ", f"{indentation[0]}]"
    opening, closing = text[source.start : old[0].start], text[old[-1].end : source.end]
    between = text[old[0].end : old[1].start] if len(old) > 1 else f",{opening[1:] or ' '}"
    return opening, between, closing


def _unchanged(old: list[str], new: list[str]) -> dict[int, int]:
    """For each line of ``new`` that stays its place in ``old``: they agree, counted from the top or from the bottom."""
    shift = len(new) - len(old)
    from_top = {place: place for place in range(min(len(old), len(new))) if old[place] == new[place]}
    bottom = range(max(0, -shift), len(old))
    return {place + shift: place for place in bottom if old[place] == new[place + shift]} | from_top
