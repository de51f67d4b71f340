"""Two notebooks that both come from a third: where both have changed the same."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from .comparison import CellPair, compare
from .sides import Side, SideCell


class Overlap(msgspec.Struct, frozen=True):
    """Positions of a cell that both have changed, each in another way (null where it was removed), or of cells that
    both have added in one place (``base`` is null)."""

    base: int | None
    mine: int | None
    theirs: int | None


def overlaps(base: Side, mine: Side, theirs: Side) -> list[Overlap]:
    """Nothing where the changes of both can stand side by side. Sources and settings of cells count, not outputs."""
    ours, others = _Changes(base, mine), _Changes(base, theirs)
    found = [
        Overlap(cell.index, _index(ours.now[at]), _index(others.now[at]))
        for at, cell in enumerate(base.cells)
        if at in ours.changed and at in others.changed and _says(ours.now[at]) != _says(others.now[at])
    ]
    for place in sorted(ours.added.keys() & others.added.keys()):
        here, there = ours.added[place], others.added[place]
        if [_says(cell) for cell in here] != [_says(cell) for cell in there]:
            found.append(Overlap(None, here[0].index, there[0].index))
    return found


class _Changes:
    """``now``: what became of each cell of the base (None: removed). ``changed``: those that differ. ``added``: new
    cells by the cell of the base that they stand behind (-1: in front of all)."""

    def __init__(self, base: Side, side: Side) -> None:
        self.now: dict[int, SideCell | None] = {}
        self.changed: set[int] = set()
        self.added: dict[int, list[SideCell]] = {}
        self._read(compare(base, side, outputs=False).cells, {id(cell): at for at, cell in enumerate(base.cells)})

    def _read(self, pairs: Sequence[CellPair], positions: dict[int, int]) -> None:
        behind = -1
        for pair in pairs:
            if pair.left is None:
                assert pair.right is not None
                self.added.setdefault(behind, []).append(pair.right)
                continue
            behind = positions[id(pair.left)]
            self.now[behind] = pair.right
            if pair.right is None or pair.changes:
                self.changed.add(behind)


def _index(cell: SideCell | None) -> int | None:
    return None if cell is None else cell.index


def _says(cell: SideCell | None) -> object:
    return None if cell is None else (cell.kind, cell.source, cell.metadata)
