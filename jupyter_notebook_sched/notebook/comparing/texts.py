"""Two texts compared by lines."""

from __future__ import annotations

from typing import Literal

import msgspec

from .common_parts import in_common


class Chunk(msgspec.Struct, frozen=True):
    """Whole lines, with their ends. All that are not ``added`` make the left text, all not ``removed`` the right."""

    op: Literal["same", "removed", "added"]
    text: str


def chunks(left: str, right: str) -> list[Chunk]:
    """What to take away from the left text and what to add to it, in order, to have the right one."""
    if left == right:
        return [Chunk("same", left)] if left else []
    mine, theirs = lines(left), lines(right)
    found: list[Chunk] = []
    at = to = 0
    for here, there in [*in_common(mine, theirs), (len(mine), len(theirs))]:
        found += [Chunk("removed", "".join(mine[at:here]))] if here > at else []
        found += [Chunk("added", "".join(theirs[to:there]))] if there > to else []
        found += [Chunk("same", mine[here])] if here < len(mine) else []
        at, to = here + 1, there + 1
    return _joined(found)


def lines(text: str) -> list[str]:
    """The lines with their ends: only a line feed ends one, as in every editor of notebooks."""
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _joined(found: list[Chunk]) -> list[Chunk]:
    """Neighbours of one kind in one."""
    joined: list[Chunk] = []
    pieces: list[str] = []
    for place, chunk in enumerate(found):
        pieces.append(chunk.text)
        if place + 1 == len(found) or found[place + 1].op != chunk.op:
            joined.append(Chunk(chunk.op, "".join(pieces)))
            pieces.clear()
    return joined
