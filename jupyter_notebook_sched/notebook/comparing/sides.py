"""One side of a comparison: a notebook's cells without what running them leaves in their metadata."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ...domain.run import CellOutcome, CellState
from ..document import INJECTED_TAG, Cell, Notebook, canonical_source, cell_tags, read_notebook


@dataclass(frozen=True, slots=True)
class SideCell:
    """``index``: its position in the notebook as it is. ``outcome``: how it ended, where it was part of a run."""

    index: int
    id: str
    kind: str
    source: str
    metadata: dict[str, Any]
    outputs: list[Any]
    outcome: CellOutcome | None = None

    @property
    def seconds(self) -> float | None:
        return None if self.outcome is None else self.outcome.seconds

    @property
    def ended(self) -> CellState | None:
        return None if self.outcome is None else self.outcome.outcome


@dataclass(frozen=True, slots=True)
class Side:
    cells: list[SideCell]
    metadata: dict[str, Any] = field(default_factory=dict)


def side_of(notebook: Notebook, injected: bool = True, outcomes: Iterable[CellOutcome] = ()) -> Side:
    """``notebook``: as ``read_notebook`` gives it. ``injected``: whether its injected cells count.

    Raises ``Invalid`` where it holds what JSON cannot write.
    """
    kept = [
        (index, cell) for index, cell in enumerate(notebook["cells"]) if injected or INJECTED_TAG not in cell_tags(cell)
    ]
    bare = read_notebook(canonical_source(notebook | {"cells": [_without_outputs(cell) for _, cell in kept]}))
    ended = {outcome.index: outcome for outcome in outcomes}
    cells = [
        SideCell(
            index,
            cell["id"],
            cell["cell_type"],
            source["source"],
            source["metadata"],
            cell.get("outputs", []),
            ended.get(index),
        )
        for (index, cell), source in zip(kept, bare["cells"], strict=True)
    ]
    return Side(cells, bare["metadata"])


def _without_outputs(cell: Cell) -> Cell:
    """Its injected tag is left out, too: canonical sources have no such cells."""
    bare = {key: value for key, value in cell.items() if key != "outputs"}
    tags = cell_tags(cell)
    if INJECTED_TAG in tags:
        others = [tag for tag in tags if tag != INJECTED_TAG]
        bare["metadata"] = cell["metadata"] | {"tags": others}
    return bare
