"""Two notebooks compared, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .aligning import aligned
from .outputs import OutputPair, compared_outputs
from .sides import Side, SideCell

Op = Literal["same", "changed", "added", "removed", "moved"]
What = Literal["source", "kind", "metadata", "outputs"]


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that the two have under one name, where they differ; ``added``, ``removed``: only one has it."""

    name: str
    op: Literal["same", "changed", "added", "removed"]
    left: Any = None
    right: Any = None


@dataclass(frozen=True, slots=True)
class CellPair:
    """``changes``: in what the two differ; one that ``moved`` may differ, too. ``metadata``: that which differs.
    ``outputs``: none where only sources were compared."""

    op: Op
    left: SideCell | None
    right: SideCell | None
    changes: tuple[What, ...] = ()
    metadata: tuple[Setting, ...] = ()
    outputs: tuple[OutputPair, ...] = ()

    @property
    def source(self) -> tuple[str, str]:
        """That of the left cell and of the right one, nothing for one that is not there."""
        return ("" if self.left is None else self.left.source, "" if self.right is None else self.right.source)


@dataclass(frozen=True, slots=True)
class Comparison:
    """``cells``: in the order of the right notebook, what was removed in its old place. ``metadata``: what differs of
    the notebooks' own."""

    cells: list[CellPair]
    metadata: list[Setting]

    @property
    def is_same(self) -> bool:
        return not self.metadata and all(pair.op == "same" for pair in self.cells)


def compare(left: Side, right: Side, outputs: bool = True) -> Comparison:
    """``outputs``: whether those count, too. ``compare(b, a)`` pairs the same cells as ``compare(a, b)``."""
    alignment = aligned(left.cells, right.cells)
    from_left = {theirs: mine for mine, theirs in [*alignment.in_order, *alignment.moved]}
    moved = {theirs for _, theirs in alignment.moved}
    gone = iter(sorted(set(range(len(left.cells))) - set(from_left.values())))
    next_gone = next(gone, None)
    pairs: list[CellPair] = []
    anchors = iter([*alignment.in_order, (len(left.cells), len(right.cells))])
    anchor = next(anchors)
    for at in range(len(right.cells) + 1):
        # What stood before this anchor, or before the cells that are new in front of it.
        while next_gone is not None and next_gone < anchor[0]:
            pairs.append(_pair(left.cells[next_gone], None, False, outputs))
            next_gone = next(gone, None)
        if at == len(right.cells):
            break
        mine = from_left.get(at)
        pairs.append(_pair(None if mine is None else left.cells[mine], right.cells[at], at in moved, outputs))
        if at == anchor[1]:
            anchor = next(anchors)
    return Comparison(pairs, settings(left.metadata, right.metadata))


def _pair(left: SideCell | None, right: SideCell | None, moved: bool, outputs: bool) -> CellPair:
    mine, theirs = (cell.outputs if cell is not None and outputs else [] for cell in (left, right))
    shown = tuple(compared_outputs(mine, theirs))
    if left is None or right is None:
        return CellPair("added" if left is None else "removed", left, right, outputs=shown)
    metadata = tuple(settings(left.metadata, right.metadata))
    differs: dict[What, bool] = {
        "source": left.source != right.source,
        "kind": left.kind != right.kind,
        "metadata": bool(metadata),
        "outputs": any(pair.op != "same" for pair in shown),
    }
    changes = tuple(what for what, yes in differs.items() if yes)
    op: Op = "moved" if moved else "changed" if changes else "same"
    return CellPair(op, left, right, changes, metadata, shown)


def settings(left: Mapping[str, Any], right: Mapping[str, Any], same: bool = False) -> list[Setting]:
    """By name. ``same``: those that do not differ, too."""
    found: list[Setting] = []
    for name in sorted({*left, *right}):
        if name not in left:
            found.append(Setting(name, "added", None, right[name]))
        elif name not in right:
            found.append(Setting(name, "removed", left[name], None))
        elif left[name] != right[name] or type(left[name]) is not type(right[name]):
            found.append(Setting(name, "changed", left[name], right[name]))
        elif same:
            found.append(Setting(name, "same", left[name], right[name]))
    return found
