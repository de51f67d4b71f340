"""One cell's source changed inside the text of a notebook file, every other byte left as it was."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from jupyter_notebook_sched.errors import Invalid

from ..json_places import Span, escapes_all, items, member, skip_space, written
from .editing import Edit
from .offsets import Places

_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2} | \\u[0-9a-fA-F]{4} | \\. | .", re.VERBOSE | re.DOTALL
)
"""How JSON spells one character between quotes (RFC 8259, section 7)."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some of a source, and how the file spells it. ``gap``: what stands between its end and the next item of the list;
    None where the item goes on, or is the last one."""

    text: str
    raw: str
    gap: str | None = None


def rewrite_notebook(raw: bytes, cell_index: int, changes: Iterable[Edit]) -> bytes:
    """The file with these edits, which must not overlap, in the source of cell number ``cell_index``.

    Indentation, key order, escapes, line endings and the form of the source (one text or a list of lines) stay.
    Raises ``Invalid`` (``notebook_unreadable``) where the file is no notebook of format 4, or has no such cell.
    """
    try:
        text = raw.decode("utf-8")
        source = _source(text, cell_index)
    except (ValueError, IndexError, RecursionError) as error:
        message = f"Cell {cell_index + 1} cannot be found in the notebook's file; open and save it in JupyterLab first."
        raise Invalid(message, "notebook_unreadable") from error
    escaped = escapes_all(text)
    if isinstance(source.value, list):
        fresh = _list(text, source, changes, escaped)
    else:
        pieces = _edited([_Piece(source.value, text[source.start + 1 : source.end - 1])], changes, None, escaped)
        fresh = f'"{"".join(piece.raw for piece in pieces)}"'
    return (text[: source.start] + fresh + text[source.end :]).encode("utf-8", "backslashreplace")


def _source(text: str, cell_index: int) -> Span:
    cells = member(text, skip_space(text, 0), "cells")
    source = member(text, items(text, cells.start)[cell_index].start, "source") if cells is not None else None
    if source is None:
        raise ValueError("no source")
    return source


def _list(text: str, source: Span, changes: Iterable[Edit], escaped: bool) -> str:
    old = items(text, source.start)
    opening, between, closing = _layout(text, source, old)
    gaps = [*(text[left.end : right.start] for left, right in pairwise(old)), between]
    lines = [_Piece(item.value, text[item.start + 1 : item.end - 1], gap) for item, gap in zip(old, gaps, strict=False)]
    if lines and not _ends_line(lines[-1].text):
        lines[-1] = replace(lines[-1], gap=None)  # what is put after it belongs to the same line
    pieces = _edited(lines, changes, between, escaped)
    if not pieces:
        return "[]"
    spelled = "".join(piece.raw + (f'"{piece.gap}"' if piece.gap is not None else "") for piece in pieces[:-1])
    return f'{opening}"{spelled}{pieces[-1].raw}"{closing}'


def _edited(pieces: list[_Piece], changes: Iterable[Edit], between: str | None, escaped: bool) -> list[_Piece]:
    """The pieces with each edit's text in place of what it replaces, ``between`` after each of its lines."""
    places = Places("".join(piece.text for piece in pieces))
    for edit in sorted(changes, key=lambda edit: edit.start, reverse=True):
        before, rest = _parted(pieces, places.index(edit.start))
        _, after = _parted(rest, places.index(edit.end) - places.index(edit.start))
        pieces = [*before, *(_fresh(line, between, escaped) for line in edit.text.splitlines(keepends=True)), *after]
    return pieces


def _fresh(line: str, between: str | None, escaped: bool) -> _Piece:
    return _Piece(line, written(line, escaped)[1:-1], between if _ends_line(line) else None)


def _ends_line(line: str) -> bool:
    return line.splitlines() not in ([], [line])


def _parted(pieces: list[_Piece], at: int) -> tuple[list[_Piece], list[_Piece]]:
    """What comes before character ``at``, and the rest."""
    for number, piece in enumerate(pieces):
        if at < len(piece.text):
            if at == 0:
                return pieces[:number], pieces[number:]
            split = _spelled(piece.raw, at)
            left = _Piece(piece.text[:at], piece.raw[:split])
            right = _Piece(piece.text[at:], piece.raw[split:], piece.gap)
            return [*pieces[:number], left], [right, *pieces[number + 1 :]]
        at -= len(piece.text)
    return pieces, []


def _spelled(raw: str, count: int) -> int:
    """How long the spelling of the first ``count`` characters is."""
    if "\\" not in raw:
        return count
    return next(found.end() for number, found in enumerate(_CHARACTER.finditer(raw), start=1) if number == count)


def _layout(text: str, source: Span, old: list[Span]) -> tuple[str, str, str]:
    """What stands before the first line, between two, and after the last one, brackets included."""
    if not old:
        indentation = re.search(r"\r?\n([ \t]*)(?=\"source\"[^\n]*\Z)", text[: source.start])
        if indentation is None:
            return "[", ", ", "]"
        return f"[{indentation[0]} ", f",{indentation[0]} ", f"{indentation[0]}]"
    opening, closing = text[source.start : old[0].start], text[old[-1].end : source.end]
    between = text[old[0].end : old[1].start] if len(old) > 1 else f",{opening[1:] or ' '}"
    return opening, between, closing
