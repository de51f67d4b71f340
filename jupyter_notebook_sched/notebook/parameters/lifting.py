"""Whole statements taken out of a cell's text, with the comments that are theirs; the rest stays byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .changes import Change
from .offsets import NEWLINE, Places

_BLANK = re.compile(r"[ \t\f]*")
_SEPARATED = re.compile(r"[ \t\f]*;[ \t\f]*\Z")
_SEPARATOR = re.compile(r"[ \t\f]*;[ \t\f]*")
_CONTINUES = re.compile(r"[\\`](?:\r\n|\r|\n)")
_HEADING = re.compile(  # what stands over a group of parameters, or is for a tool
    r"\W*(?:(?:notebook|papermill|default|input)\s+)*(?:parameters?|settings|config(?:uration)?|inputs?|defaults)\W*"
    r"|[\W_]*|\W*@(?:title|markdown)\b.*|#\s?%%.*|#!.*",
    re.IGNORECASE,
)


class Unliftable(ValueError):
    """The statement shares its lines with something that is none."""


@dataclass(frozen=True, slots=True)
class Lifted:
    """``changes`` take the statements out; ``texts`` are what was taken, in order, comments included."""

    changes: list[Change]
    texts: list[str]


@dataclass(frozen=True, slots=True)
class _Context:
    """A statement and what is around it: the end of its line, where a statement beside it begins or ends."""

    start: int
    end: int
    line_start: int
    left: int | None
    right: int | None
    comment: str
    line_end: int


def lift(places: Places, statements: Iterable[tuple[int, int]], comment: str) -> Lifted:
    """``statements``: characters, without comments behind them. ``comment``: what begins a comment. Raises
    ``Unliftable``."""
    contexts = [_context(places, start, end, comment) for start, end in sorted(set(statements))]
    ranges: list[tuple[int, int]] = []
    texts: list[str] = []
    for chain in _chains(contexts):
        first, last = chain[0], chain[-1]
        if first.left is None and last.right is None:
            start = _with_comments(places, first, last, comment)
            texts.append(places.text[start : last.line_end].strip())
            ranges.append(_whole_lines(places, start, last.line_end))
        else:
            texts += [places.text[each.start : each.end] for each in chain]
            ranges.append((first.start, last.right) if last.right is not None else (first.left or 0, last.end))
    return Lifted([Change(start, end, "") for start, end in _to_the_end(places, _united(ranges))], texts)


def _context(places: Places, start: int, end: int, comment: str) -> _Context:
    text = places.text
    line_start = places.line_starts[places.line(start) - 1]
    separated = _SEPARATED.search(text, line_start, start)
    if separated is None and (text[line_start:start].strip() or _is_continued(text, line_start)):
        raise Unliftable
    line_end = places.line_end(end)
    behind = re.compile(rf"[ \t\f]*;?[ \t\f]*((?:{re.escape(comment)}.*)?)", re.DOTALL).fullmatch(text, end, line_end)
    right = _SEPARATOR.match(text, end) if behind is None else None
    if behind is None and (right is None or _CONTINUES.match(text, right.end())):
        raise Unliftable
    return _Context(
        start,
        end,
        line_start,
        separated.start() if separated is not None else None,
        right.end() if right is not None else None,
        behind[1] if behind is not None else "",
        line_end,
    )


def _is_continued(text: str, line_start: int) -> bool:
    """Whether the line goes on with a statement of the one above."""
    end = line_start - (2 if text.endswith("\r\n", 0, line_start) else 1)
    return end > 0 and text[end - 1] in "\\`"


def _chains(contexts: list[_Context]) -> list[list[_Context]]:
    """Statements that follow each other in one line are taken together."""
    chains: list[list[_Context]] = []
    for context in contexts:
        if chains and chains[-1][-1].right == context.start:
            chains[-1].append(context)
        else:
            chains.append([context])
    return chains


def _with_comments(places: Places, first: _Context, last: _Context, comment: str) -> int:
    """Where the comment lines begin that tell of the statement alone: not those over a group of statements, of which
    each tells of itself behind it."""
    if last.comment and _goes_on(places, last.line_end, comment):
        return first.line_start
    start, line = first.line_start, places.line(first.line_start)
    while line > 1:
        above = places.line_starts[line - 2]
        text = places.text[above:start].strip()
        if not text.startswith(comment) or _HEADING.fullmatch(text):
            break
        start, line = above, line - 1
    return start


def _goes_on(places: Places, line_end: int, comment: str) -> bool:
    """Whether the next line holds a statement."""
    found = NEWLINE.match(places.text, line_end)
    following = places.text[found.end() : places.line_end(found.end())].strip() if found is not None else ""
    return bool(following) and not following.startswith(comment)


def _whole_lines(places: Places, start: int, line_end: int) -> tuple[int, int]:
    """The lines with their end, and with the blank lines that would be left without a purpose."""
    text = places.text
    newline = NEWLINE.match(text, line_end)
    end = newline.end() if newline is not None else len(text)
    if start == 0 or _is_blank(places, places.line(start) - 1):
        while end < len(text) and _is_blank(places, places.line(end)):
            end = places.line_starts[places.line(end)] if places.line(end) < len(places.line_starts) else len(text)
    return start, end


def _to_the_end(places: Places, ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same without the blank lines that would be left at the end, and without a line end where there was none."""
    text = places.text
    if not ranges or ranges[-1][1] < len(text) or ranges[-1][0] not in places.line_starts:
        return ranges
    start = ranges[-1][0]
    while start > 0 and _is_blank(places, places.line(start) - 1):
        start = places.line_starts[places.line(start) - 2]
    if start > 0 and not text.endswith(("\n", "\r")):
        start = places.line_end(places.line_starts[places.line(start) - 2])
    return _united([*ranges[:-1], (start, len(text))])


def _is_blank(places: Places, line: int) -> bool:
    start = places.line_starts[line - 1]
    found = _BLANK.match(places.text, start)
    assert found is not None  # it matches nothing, too
    return found.end() == places.line_end(start)


def _united(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    united: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united
