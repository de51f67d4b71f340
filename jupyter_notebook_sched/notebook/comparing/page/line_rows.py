"""Two texts side by side, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from ..texts import Chunk, chunks, lines
from .marking import marked, text
from .room import Room

CONTEXT = 3
SHORTEST_FOLD = 4


def line_rows(left: str, right: str, room: Room) -> Iterator[str]:
    """HTML. Long stretches that are the same in both are folded where something else differs."""
    differ = left != right
    found = chunks(left, right)
    number = [0, 0]
    yield '<div class="lines">' if differ else '<div class="lines one">'
    for at, chunk in enumerate(found):
        if chunk.op == "same":
            yield from _same(_shown_lines(chunk.text), number, room, differ, at == 0, at == len(found) - 1)
        elif chunk.op == "removed":
            yield from _replaced(chunk, found[at + 1] if at + 1 < len(found) else None, number, room)
        elif at == 0 or found[at - 1].op != "removed":
            yield from _pairs([], _shown_lines(chunk.text), number, room)
    if not room.lines:
        yield '<p class="note">More lines than a page can show follow.</p>'
    yield "</div>"


def _same(same: list[str], number: list[int], room: Room, folds: bool, first: bool, last: bool) -> Iterator[str]:
    head, tail = 0 if first else CONTEXT, 0 if last else CONTEXT
    if not folds or len(same) < head + tail + SHORTEST_FOLD:
        yield from _unchanged(same, number, room, beside=folds)
        return
    yield from _unchanged(same[:head], number, room)
    hidden = same[head : len(same) - tail]
    yield f"<details><summary>{len(hidden)} lines that are the same</summary>"
    yield from _unchanged(hidden, number, room)
    yield "</details>"
    yield from _unchanged(same[len(same) - tail :], number, room)


def _unchanged(same: list[str], number: list[int], room: Room, beside: bool = True) -> Iterator[str]:
    for line in same:
        number[0] += 1
        number[1] += 1
        if room.takes_line(line):
            shown = f"<code>{text(line)}</code>"
            again = f"<b>{number[1]}</b>{shown}" if beside else ""
            yield f'<div class="row"><b>{number[0]}</b>{shown}{again}</div>'


def _replaced(removed: Chunk, following: Chunk | None, number: list[int], room: Room) -> Iterator[str]:
    added = _shown_lines(following.text) if following is not None and following.op == "added" else []
    return _pairs(_shown_lines(removed.text), added, number, room)


def _pairs(mine: list[str], theirs: list[str], number: list[int], room: Room) -> Iterator[str]:
    for left, right in zip_longest(mine, theirs):
        if not room.takes_line(f"{left or ''}{right or ''}"):
            return
        shown = (text(left or ""), text(right or "")) if left is None or right is None else marked(left, right)
        removed, added = _side("del", left, shown[0], number, 0), _side("ins", right, shown[1], number, 1)
        yield f'<div class="row">{removed}{added}</div>'


def _side(tag: str, line: str | None, shown: str, number: list[int], side: int) -> str:
    if line is None:
        return '<b></b><code class="none"></code>'
    number[side] += 1
    sign = "−" if tag == "del" else "+"
    return f'<b class="{tag}">{number[side]} {sign}</b><code class="{tag}"><{tag}>{shown}</{tag}></code>'


def _shown_lines(text_of_chunk: str) -> list[str]:
    return [line.removesuffix("\n") for line in lines(text_of_chunk)]
