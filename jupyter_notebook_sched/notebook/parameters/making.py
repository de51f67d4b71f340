"""The edits that make a parameters cell: statements lifted out of where they are, put together, new ones below them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..document import PARAMETERS_TAG, cell_tags, code_cell
from . import adding
from .editing import Edit, apply_edits
from .lifting import Lifted, lift
from .model import Parameter
from .offsets import NEWLINE
from .outline import origins
from .taking import Candidate, Notebook


@dataclass(frozen=True, slots=True)
class Arranged:
    """What makes it so, in this order: edits of cells as they are, the tags of cell ``tagged``, a new cell with
    ``inserted`` as its source before cell number ``place``. ``told``: what a person should know of it."""

    edits: list[Edit] = field(default_factory=list)
    tagged: int | None = None
    place: int | None = None
    inserted: str = ""
    told: list[str] = field(default_factory=list)

    def cells(self, cells: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """The cells with all that done."""
        done: list[Mapping[str, Any]] = [
            {**cell, "source": apply_edits(str(cell["source"]), [edit for edit in self.edits if edit.cell == number])}
            for number, cell in enumerate(cells)
        ]
        if self.tagged is not None:
            tags = [*cell_tags(done[self.tagged]), PARAMETERS_TAG]
            done[self.tagged] = {**done[self.tagged], "metadata": {"tags": tags}}
        if self.place is not None:
            done.insert(self.place, code_cell(self.inserted, [PARAMETERS_TAG], PARAMETERS_TAG))
        return done


class Making:
    def __init__(self, notebook: Notebook) -> None:
        self.notebook = notebook

    def made(self, removed: Sequence[Candidate], taken: Sequence[Candidate], added: Sequence[Parameter]) -> Arranged:
        """``taken`` in the order of the notebook."""
        place, notebook = self.notebook.cell_index, self.notebook
        whole = taken[0].cell if place is None and taken and self._is_all(taken) else None
        moving = [candidate for candidate in taken if candidate.cell != whole]
        lifted = {
            cell: lift(notebook.places(cell), [(one.start, one.end) for one in of_cell], notebook.comment(cell))
            for cell, of_cell in _by_cell([*removed, *moving]).items()
        }
        above = place + 1 if place is not None else taken[0].cell if taken else self._top()
        fresh = self._fresh(lifted, moving, added, above)
        target = place if place is not None else whole if whole is not None else self._blank_top(taken, fresh)
        edits = self._edits(lifted, target, fresh)
        if target is not None or not fresh:
            return Arranged(edits, target if place is None else None)
        return Arranged(edits, None, above, "\n".join(fresh))

    def _fresh(
        self, lifted: Mapping[int, Lifted], moving: Sequence[Candidate], added: Sequence[Parameter], above: int
    ) -> list[str]:
        """What is put into the parameters cell, statement by statement, the imports that it needs first."""
        outline = self.notebook.outline
        imported, bound = origins(outline.importing(above)), origins(outline.places)
        language = self.notebook.written_in(self.notebook.cell_index)
        statements = [adding.statement(language, one, imported, bound) for one in added]
        moved = [
            text for cell, each in sorted(lifted.items()) if cell != self.notebook.cell_index for text in each.texts
        ]
        imports = [*self._imports(moving, above), *(one.imported for one in statements if one.imported)]
        return [*dict.fromkeys(imports), *moved, *(one.text for one in statements)]

    def _is_all(self, taken: Sequence[Candidate]) -> bool:
        """Whether nothing but comments would be left in the first cell that is taken from."""
        cell = taken[0].cell
        spans = [(one.start, one.end) for one in taken if one.cell == cell]
        text = self.notebook.source(cell)
        for start, end in sorted(spans, reverse=True):
            text = text[:start] + text[end:]
        lines = [line.strip("; \t\f") for line in NEWLINE.split(text)]
        return all(not line or line.startswith(self.notebook.comment(cell)) for line in lines)

    def _edits(self, lifted: Mapping[int, Lifted], target: int | None, fresh: Sequence[str]) -> list[Edit]:
        edits: list[Edit] = []
        for cell in sorted({*lifted, *([target] if target is not None and fresh else [])}):
            places, changes = self.notebook.places(cell), lifted[cell].changes if cell in lifted else []
            found = [Edit(cell, places.utf16(one.start), places.utf16(one.end), "") for one in changes]
            if cell == target and fresh:
                found = self._with_end(cell, found, fresh)
            edits += found
        return edits

    def _with_end(self, cell: int, edits: list[Edit], fresh: Sequence[str]) -> list[Edit]:
        """``fresh`` on lines of their own at the end of the cell."""
        source = self.notebook.source(cell)
        newline = (NEWLINE.search(source) or ["\n"])[0]
        left, end = apply_edits(source, edits), self.notebook.places(cell).utf16(len(source))
        text = newline.join(newline.join(NEWLINE.split(one)) for one in fresh)
        if not left.strip():
            return [Edit(cell, 0, end, text)]
        text = text + newline if left.endswith(("\n", "\r")) else newline + text
        if edits and edits[-1].end == end:
            return [*edits[:-1], Edit(cell, edits[-1].start, end, text)]
        return [*edits, Edit(cell, end, end, text)]

    def _imports(self, moving: Sequence[Candidate], above: int) -> list[str]:
        """Those that the moved assignments need and that come too late for the place where they come to stand."""
        return [
            place.line.imports[name]
            for candidate in moving
            for name, place in sorted(self.notebook.needs(candidate).items())
            if name in place.line.imports and place.cell >= above
        ]

    def _top(self) -> int:
        """The first code cell, or the end."""
        kinds = [cell.get("cell_type") for cell in self.notebook.cells]
        return kinds.index("code") if "code" in kinds else len(kinds)

    def _blank_top(self, taken: Sequence[Candidate], fresh: Sequence[str]) -> int | None:
        """The first code cell where it is empty, as in a new notebook."""
        top = self._top()
        blank = top < len(self.notebook.cells) and self.notebook.offers(top) and not self.notebook.source(top).strip()
        return top if blank and fresh and not taken else None


def _by_cell(candidates: Sequence[Candidate]) -> dict[int, list[Candidate]]:
    found: dict[int, list[Candidate]] = {}
    for candidate in candidates:
        found.setdefault(candidate.cell, []).append(candidate)
    return found
