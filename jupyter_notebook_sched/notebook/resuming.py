"""A notebook that goes on where a run of it failed: from which cell on it is executed, and what is carried over from
the output of that run. Cells are known by their ids; what was changed in one that has run is not run again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .document import INJECTED_TAG, RUN_METADATA, Cell, Notebook, cell_tags, parameters_cell_index

HAS_RUN = ("ok", "carried")
RETRY = "use Retry to run it from the start"


@dataclass(frozen=True)
class Resumed:
    """``notebook``: as it is to be executed, all that is carried over in it. ``carried``: the indexes of cells that are
    not run again. ``changed``: how many of those were edited or removed since they ran. ``injects``: whether its values
    are still to be injected; where not, the cell that the failed run had is among the carried ones."""

    notebook: Notebook
    carried: frozenset[int]
    changed: int
    injects: bool


def ids_in_output(source: Sequence[Cell], injected: bool) -> list[str | None]:
    """The ids of the cells of an output notebook; None: the injected one, whose id is nobody's."""
    ids: list[str | None] = [cell["id"] for cell in source]
    if injected:
        ids.insert(place_of_injected(source), None)
    return ids


def place_of_injected(cells: Sequence[Cell]) -> int:
    """Right after the parameters cell; before all others where somebody has removed that since."""
    index = parameters_cell_index(cells)
    return 0 if index is None else index + 1


def first_to_run(source: Sequence[Cell], failed: str | None, ran: Collection[str]) -> str | None:
    """The id of the cell above which cells are carried over: the failed one; where that is not there any more, the one
    below all that have run. None where there is no such cell, or no cell of the failed run at all."""
    ids = [cell["id"] for cell in source]
    if failed in ids:
        return failed
    last = max((index for index, cell_id in enumerate(ids) if cell_id in ran), default=len(ids))
    return ids[last + 1] if last + 1 < len(ids) else None


def resumed(source: Notebook, output: Notebook, cell_id: str) -> Resumed:
    """``source`` with what ``output``, of the failed run, has of its cells above ``cell_id``. Nothing was injected into
    it; where values are to be injected anew, its parameters cell is not among the carried ones."""
    ran = _cells_that_ran(output)
    ids = [cell["id"] for cell in source["cells"]]
    bound = ids.index(cell_id)
    cells, carried, changed = list(source["cells"]), set(), 0
    for index, cell in enumerate(cells[:bound]):
        if cell["cell_type"] == "code" and (before := ran.get(cell["id"])) is not None:
            cells[index] = before
            carried.add(index)
            changed += before["source"] != cell["source"]
    changed += sum(gone not in ids and not _is_injected(cell) for gone, cell in ran.items())
    injected = next((cell for cell in ran.values() if _is_injected(cell)), None)
    place = place_of_injected(source["cells"])
    known = injected is not None and place <= bound
    if injected is not None and known and injected["id"] not in ids:  # somebody may have made it a cell like any other
        cells.insert(place, injected)
        carried = {index + (index >= place) for index in carried} | {place}
    metadata = _with_widgets(source["metadata"], output["metadata"])
    return Resumed(source | {"cells": cells, "metadata": metadata}, frozenset(carried), changed, not known)


def last_count(cells: Iterable[Cell]) -> int:
    """The highest number among cells that have run; 0 where none has."""
    counts = [cell.get("execution_count") for cell in cells]
    return max((count for count in counts if isinstance(count, int)), default=0)


def shown_parameters(output: Notebook) -> dict[str, Any] | None:
    """The values as the failed run's record shows them; None where it does not."""
    facts = output["metadata"].get(RUN_METADATA)
    found = facts.get("parameters") if isinstance(facts, Mapping) else None
    return found if isinstance(found, dict) else None


def _cells_that_ran(output: Notebook) -> dict[str, Cell]:
    """By id, as its own record tells it; nothing of a record that cannot be read."""
    facts = output["metadata"].get(RUN_METADATA)
    told = facts.get("cells") if isinstance(facts, Mapping) else None
    cells = output["cells"]
    have_run = {each.get("index") for each in told or [] if isinstance(each, dict) and each.get("outcome") in HAS_RUN}
    return {cell["id"]: cell for index, cell in enumerate(cells) if index in have_run}


def _is_injected(cell: Cell) -> bool:
    return INJECTED_TAG in cell_tags(cell)


def _with_widgets(own: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The state of widgets that carried outputs show."""
    return dict(own) | ({"widgets": before["widgets"]} if "widgets" in before else {})
