"""Parameters cells made and changed: assignments moved into one, parameters added and taken out.

What is asked is checked as a whole, then made, and the outcome is read again before it is told: a notebook that would
not have exactly the parameters asked for is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from jupyter_notebook_sched.errors import FieldError, Invalid

from . import adding
from .editing import is_default
from .lifting import Unliftable, lift
from .literals import writing
from .making import Arranged, Making
from .model import Json, Parameter
from .naming import unfit_name
from .outline import Place
from .reading import read_parameters
from .taking import Candidate, Notebook, candidates
from .values import NO_PARAMETERS_CELL, check_values

_WIDER = {("integer", "number")}  # where a language has one kind of number
MENDED_FIRST = "The parameters cell would not be read as it should be then; mend the statements around it first."


@dataclass(frozen=True, slots=True)
class Added:
    """A parameter to be. ``type`` None: that of the value."""

    name: str
    value: Json
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """``take``: cell number and name of each assignment."""

    take: Sequence[tuple[int, str]] = ()
    add: Sequence[Added] = ()
    remove: Sequence[str] = ()


def arrange(cells: Sequence[Mapping[str, Any]], language: str, wish: Wish) -> Arranged:
    """What has to be changed. Raises ``Invalid`` with every field of the wish that cannot be, such as ``add.0.name``;
    ``language_not_supported`` where the language's cells cannot be written."""
    return _Arranging(cells, language, wish).arranged()


class _Arranging:
    def __init__(self, cells: Sequence[Mapping[str, Any]], language: str, wish: Wish) -> None:
        self.wish = wish
        self.language = language
        self.notebook = Notebook.of(cells, language)
        self.written_in = self.notebook.written_in(self.notebook.cell_index)
        writing(self.written_in)
        self.errors: list[FieldError] = []

    def arranged(self) -> Arranged:
        notebook = self.notebook
        removed = self._removed()
        self.notebook = replace(notebook, names=notebook.names - set(self.wish.remove))
        taken = self._taken()
        added = self._added({candidate.name for candidate in taken})
        self._check_needs(taken)
        if (taken or added) and not self.errors and self.notebook.is_torn:
            raise Invalid(MENDED_FIRST, "invalid_arrangement")
        if self.errors:
            no_cell = notebook.cell_index is None and len(self.errors) == len(self.wish.remove)
            raise Invalid.fields(self.errors, NO_PARAMETERS_CELL if no_cell else "invalid_arrangement")
        made = Making(self.notebook).made(removed, sorted(taken, key=lambda one: one.order), added)
        self._check_outcome(made, taken, added)
        return replace(made, told=self._told(removed))

    def _refuse(self, field: str, message: str) -> None:
        self.errors.append(FieldError(field, message))

    def _removed(self) -> list[Candidate]:
        """Every assignment to the names, the last one and those that it took the place of."""
        found: list[Candidate] = []
        cell = self.notebook.cell_index
        for place, name in enumerate(self.wish.remove):
            field = f"remove.{place}"
            if cell is None:
                self._refuse(field, "The notebook has no parameters cell.")
            elif name not in self.notebook.names:
                self._refuse(field, f"The notebook has no parameter {name}.")
            elif name not in self.wish.remove[:place]:
                statements = self.notebook.setting(cell, name)
                if not statements or not self._can_be_lifted(cell, statements):
                    self._refuse(field, f"{name} shares its line with other code; take it out by hand.")
                found += statements
        return found

    def _can_be_lifted(self, cell: int, statements: Sequence[Candidate]) -> bool:
        try:
            lift(
                self.notebook.places(cell), [(each.start, each.end) for each in statements], self.notebook.comment(cell)
            )
        except Unliftable:
            return False
        return True

    def _taken(self) -> list[Candidate]:
        found: dict[str, Candidate] = {}
        for place, (cell, name) in enumerate(self.wish.take):
            if not 0 <= cell < len(self.notebook.cells) or not self.notebook.offers(cell):
                self._refuse(f"take.{place}.cell", f"Nothing can be taken from cell {cell + 1}.")
                continue
            candidate = self.notebook.assignments(cell).get(name)
            if candidate is None:
                message = f"Cell {cell + 1} does not plainly set {name} to a value."
            elif name in found:
                message = f"{name} is asked for twice."
            else:
                message = self.notebook.problem(candidate) or ""
                found[name] = candidate
            if message:
                self._refuse(f"take.{place}.name", message)
        return list(found.values())

    def _added(self, taken: set[str]) -> list[Parameter]:
        found: list[Parameter] = []
        for place, wanted in enumerate(self.wish.add):
            field, name = f"add.{place}", wanted.name
            message = unfit_name(name, self.written_in) or self._taken_name(name, taken | {each.name for each in found})
            if message is not None:
                self._refuse(f"{field}.name", message)
            parameter = adding.new_parameter(name, wanted.value, wanted.type)
            checked, errors = check_values([parameter], {name: wanted.value}, field)
            self.errors += [FieldError(f"{field}.value", error.message) for error in errors]
            if not errors:
                found.append(replace(parameter, default=checked[name]))
        return found

    def _taken_name(self, name: str, others: set[str]) -> str | None:
        if name in self.notebook.names:
            return f"The notebook has a parameter {name} already."
        if name in others:
            return f"{name} is asked for twice."
        elsewhere = [place for place in self.notebook.outline.binding(name) if place.cell != self.notebook.cell_index]
        if elsewhere:
            return f"{name} is set in cell {elsewhere[0].cell + 1} already; take it from there, or choose another name."
        return None

    def _check_needs(self, taken: Sequence[Candidate]) -> None:
        """What the assignments use must be there where they come to stand."""
        names = {candidate.name for candidate in taken}
        first = min((candidate.cell for candidate in taken), default=0)
        above = self.notebook.cell_index + 1 if self.notebook.cell_index is not None else first
        for place, (cell, name) in enumerate(self.wish.take):
            for candidate in (each for each in taken if (each.cell, each.name) == (cell, name)):
                for needed, line in sorted(self.notebook.needs(candidate).items()):
                    moved = needed in names or needed in line.line.imports
                    changed = [other for other in self.notebook.outline.binding(needed) if cell <= other.cell < above]
                    if needed in self.wish.remove:
                        self._refuse(f"take.{place}.name", f"{name} needs {needed}, which would be taken out.")
                    elif not moved and (line.cell >= above or any(other.order > candidate.order for other in changed)):
                        told = f"{name} needs {needed}, which is set in cell {line.cell + 1}"
                        self._refuse(f"take.{place}.name", f"{told}{self._way_out(name, needed, line)}")

    def _way_out(self, name: str, needed: str, line: Place) -> str:
        if (line.cell, needed) in self._offered:
            return f"; take {needed} too."
        return f" and is not offered as a parameter; leave {name} where it is, or set it to a plain value."

    @cached_property
    def _offered(self) -> set[tuple[int, str]]:
        return {(candidate.cell, candidate.name) for candidate in candidates(self.notebook)}

    def _check_outcome(self, made: Arranged, taken: Sequence[Candidate], added: Sequence[Parameter]) -> None:
        before = read_parameters(self.notebook.cells, self.language, with_problems=False).parameters
        after = read_parameters(made.cells(self.notebook.cells), self.language, with_problems=False).parameters
        found = {parameter.name: parameter for parameter in after}
        for place, wanted in enumerate(self.wish.add):
            read = found.get(wanted.name)
            if read is not None and wanted.type not in (None, read.type) and (wanted.type, read.type) not in _WIDER:
                self._refuse(f"add.{place}.type", f"In this language such a value would be read as {read.type}.")
        if self.errors:
            raise Invalid.fields(self.errors, "invalid_arrangement")
        stayed = [parameter for parameter in before if parameter.name in self.notebook.names]
        wished = [*stayed, *(candidate.parameter for candidate in taken), *added]
        sound = found.keys() == {one.name for one in wished} and all(_means(found[one.name], one) for one in wished)
        if not sound:
            raise Invalid(MENDED_FIRST, "invalid_arrangement")

    def _told(self, removed: Sequence[Candidate]) -> list[str]:
        gone = {(each.cell, each.start) for each in removed}
        told = []
        for name in dict.fromkeys(self.wish.remove):
            using = [place for place in self.notebook.outline.using(name) if place.order not in gone]
            if using and name not in {taken for _, taken in self.wish.take}:
                told.append(f"{name} is still used in cell {using[0].cell + 1}.")
        return told


def _means(found: Parameter, wanted: Parameter) -> bool:
    """What was an expression alone may be a value where its names are known."""
    if wanted.required or wanted.expression is not None:
        return found.required == wanted.required
    return is_default(found, wanted.default)
