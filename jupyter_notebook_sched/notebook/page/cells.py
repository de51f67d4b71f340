"""Which cells, and which parts of them, a page shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from .. import document
from ..document import Cell, Notebook
from . import texts
from .budget import Budget
from .facts import Facts
from .outputs import Outputs

# The tags of nbconvert's users and of Jupyter Book (https://jupyterbook.org/en/stable/interactive/hiding.html).
_WITHOUT = {
    part: frozenset(f"{verb}{mark}{part}" for verb in ("remove", "hide") for mark in "-_")
    for part in ("cell", "input", "output")
}


class Shown(NamedTuple):
    """HTML of a cell's parts, empty where there is nothing to show. ``label``: the execution count of a code cell."""

    kind: str
    label: str = ""
    source: str = ""
    outputs: str = ""
    failed: bool = False
    injected: bool = False


def shown_cells(notebook: Notebook, facts: Facts) -> Iterator[Shown]:
    """In order, one at a time."""
    metadata = notebook["metadata"]
    lexer = texts.lexer_of({name: part for name, part in metadata.items() if isinstance(part, dict)})
    outputs = Outputs(metadata, Budget(), facts.hide_code)
    for index, cell in enumerate(notebook["cells"]):
        failed, tags = index == facts.failed_cell, document.cell_tags(cell)
        if not _WITHOUT["cell"].isdisjoint(tags) and not failed:
            continue
        if cell["cell_type"] == "markdown":
            yield Shown("prose", source=texts.markdown(cell["source"], cell.get("attachments")))
        elif cell["cell_type"] == "code":
            hidden = facts.hide_code or _is_hidden(cell, tags, "input")
            source = "" if hidden else texts.code(cell["source"], lexer)
            made = "" if _is_hidden(cell, tags, "output") and not failed else outputs.shown(cell["outputs"])
            if source or made or failed:
                injected = document.INJECTED_TAG in tags
                yield Shown("code", _label(cell) if source else "", source, made, failed, injected)


def _is_hidden(cell: Cell, tags: list[str], part: str) -> bool:
    """By a tag, or folded away in JupyterLab."""
    folded = cell["metadata"].get("jupyter")
    name = "source_hidden" if part == "input" else "outputs_hidden"
    return not _WITHOUT[part].isdisjoint(tags) or (isinstance(folded, dict) and folded.get(name) is True)


def _label(cell: dict[str, Any]) -> str:
    count = cell.get("execution_count")
    return f"[{count}]" if isinstance(count, int) else "[ ]"
