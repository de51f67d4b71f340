"""Parameters cells made and changed in an open notebook: told as edits for its editor, no file is touched."""

from __future__ import annotations

from typing import Any

import msgspec

from ..notebook.document import PARAMETERS_TAG
from ..notebook.parameters import arranging, taking
from ..notebook.parameters.arranging import Added, Wish
from ..notebook.parameters.reading import READERS
from ..notebook.parameters.taking import Notebook
from .context import Context
from .forms import Arrange, Candidates
from .parameters import Edit, told_edits
from .parameters_read import cells_of, language_of_cells


class CandidateFound(msgspec.Struct, frozen=True):
    """``expression``: the source of a value that is no literal; ``default`` is null then."""

    cell: int
    name: str
    type: str
    default: Any
    source: str
    expression: str | msgspec.UnsetType = msgspec.UNSET


class CandidatesFound(msgspec.Struct, frozen=True):
    language: str
    candidates: list[CandidateFound]


class Tagged(msgspec.Struct, frozen=True):
    """``tags``: all that the cell is to have."""

    cell: int
    tags: list[str]


class Inserted(msgspec.Struct, frozen=True):
    """A code cell to be put before cell number ``index``."""

    index: int
    source: str
    tags: list[str]


class Arrangement(msgspec.Struct, frozen=True):
    """To be done in this order, in one transaction: ``edits``, ``tag``, ``insert``. ``problems``: what a person should
    know of the outcome."""

    edits: list[Edit]
    tag: Tagged | None
    insert: Inserted | None
    problems: list[str]


def candidates(context: Context, form: Candidates) -> CandidatesFound:
    """The top-level assignments outside the parameters cell that can be moved into one."""
    language = language_of_cells(context, form.kernel)
    notebook = Notebook.of(cells_of(form.cells), language)
    found = taking.candidates(notebook) if notebook.language in READERS else []
    return CandidatesFound(language, [_told(candidate) for candidate in found])


def arrange(context: Context, form: Arrange) -> Arrangement:
    """What moves assignments into the parameters cell (one is made where there is none), adds parameters and takes
    them out. Invalid names everything that cannot be, and then nothing is to be done."""
    cells = cells_of(form.cells)
    wish = Wish(
        [(taken.cell, taken.name) for taken in form.take],
        [Added(added.name, added.value, added.type) for added in form.add],
        form.remove,
    )
    made = arranging.arrange(cells, language_of_cells(context, form.kernel), wish)
    tagged = Tagged(made.tagged, [*form.cells[made.tagged].tags, PARAMETERS_TAG]) if made.tagged is not None else None
    inserted = Inserted(made.place, made.inserted, [PARAMETERS_TAG]) if made.place is not None else None
    return Arrangement(told_edits(made.edits), tagged, inserted, made.told)


def _told(candidate: taking.Candidate) -> CandidateFound:
    found = candidate.parameter
    expression = found.expression if found.expression is not None else msgspec.UNSET
    return CandidateFound(candidate.cell, found.name, found.type, found.default, found.source, expression)
