"""The outputs of two cells compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .common_parts import in_common
from .renditions import Rendition, rendition_of


@dataclass(frozen=True, slots=True)
class OutputPair:
    """``same``: but for what is another with every run (renditions.py)."""

    op: Literal["same", "changed", "added", "removed"]
    left: Rendition | None
    right: Rendition | None


def compared_outputs(left: Sequence[Any], right: Sequence[Any]) -> list[OutputPair]:
    """In order; between those that are the same, those of one kind belong together as they come."""
    mine, theirs = [rendition_of(output) for output in left], [rendition_of(output) for output in right]
    found: list[OutputPair] = []
    at = to = 0
    common = in_common([each.key for each in mine], [each.key for each in theirs])
    for here, there in [*common, (len(mine), len(theirs))]:
        found += _between(mine[at:here], theirs[to:there])
        if here < len(mine):
            found.append(OutputPair("same", mine[here], theirs[there]))
        at, to = here + 1, there + 1
    return found


def _between(mine: list[Rendition], theirs: list[Rendition]) -> list[OutputPair]:
    kinds = in_common([_sort(each) for each in mine], [_sort(each) for each in theirs])
    found: list[OutputPair] = []
    at = to = 0
    for here, there in [*kinds, (len(mine), len(theirs))]:
        found += [OutputPair("removed", each, None) for each in mine[at:here]]
        found += [OutputPair("added", None, each) for each in theirs[to:there]]
        if here < len(mine):
            found.append(OutputPair("changed", mine[here], theirs[there]))
        at, to = here + 1, there + 1
    return found


def _sort(rendition: Rendition) -> str:
    """Two of a sort are shown side by side: images of all formats are one."""
    return rendition.kind if rendition.kind == "image" else f"{rendition.kind}\0{rendition.name}"
