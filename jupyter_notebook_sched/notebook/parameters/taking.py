"""Assignments of other cells that could be parameters, and whether one can be moved without changing what it means."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..document import INJECTED_TAG, PARAMETERS_TAG, cell_tags, code_cell
from .languages import known_as
from .lifting import Unliftable, lift
from .literals import writing
from .magics import cell_magic
from .model import Parameter
from .offsets import Places
from .outline import Outline, Place, outline
from .python.statements import statements
from .reading import read_parameters
from .statement_places import right_hand_side, statement

SKIPPED_TAG = "skip-execution"
MOST_REPEATED = 10

# Calls that give plain values: numbers and texts, dates, what the environment says. All else is the notebook's work.
_PLAIN_CALLS = frozenset(
    {
        *("abs", "bool", "dict", "float", "frozenset", "int", "len", "list", "max", "min", "range", "round", "set"),
        *("sorted", "str", "sum", "tuple", "Decimal", "Fraction", "date", "datetime", "time", "timedelta", "timezone"),
        *("today", "now", "utcnow", "fromisoformat", "getenv", "getcwd", "get", "Path", "home", "cwd", "join"),
        *("expanduser", "lower", "upper", "strip", "format", "split", "linspace", "arange"),
    }
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An assignment of cell number ``cell``, as it would be read there; ``start`` and ``end`` are its characters."""

    cell: int
    parameter: Parameter
    start: int
    end: int

    @property
    def name(self) -> str:
        return self.parameter.name

    @property
    def order(self) -> tuple[int, int]:
        return self.cell, self.start


@dataclass(frozen=True)
class Notebook:
    """What moving a statement has to know. ``cell_index`` is the parameters cell's."""

    cells: Sequence[Mapping[str, Any]]
    language: str
    cell_index: int | None
    names: frozenset[str]
    outline: Outline

    @classmethod
    def of(cls, cells: Sequence[Mapping[str, Any]], language: str) -> Notebook:
        read = read_parameters(cells, language, with_problems=False)
        names = frozenset(parameter.name for parameter in read.parameters)
        return cls(cells, known_as(language), read.cell_index, names, outline(cells, language))

    @property
    def is_python(self) -> bool:
        return self.language == "python"

    def source(self, cell: int) -> str:
        return str(self.cells[cell]["source"])

    def written_in(self, cell: int | None) -> str:
        """The language of a cell: the notebook's, or that of the magic at its top (None: of a new cell)."""
        if cell is None:
            return self.language
        if cell not in self._written_in:
            magic = cell_magic(self.language, self.source(cell))
            self._written_in[cell] = (magic.language or magic.name) if magic is not None else self.language
        return self._written_in[cell]

    @property
    def is_torn(self) -> bool:
        """Whether the language's own parser refuses the parameters cell, or its lines have to begin alike, so that what
        is put below may be part of something else."""
        if self.cell_index is None or self.written_in(self.cell_index) != "python":
            return False
        found, problems = statements(self.places(self.cell_index))
        return bool(problems) or any(statement.is_shifted for statement in found)

    @cached_property
    def _written_in(self) -> dict[int, str]:
        return {}

    @cached_property
    def _places(self) -> dict[int, Places]:
        return {}

    @cached_property
    def _assignments(self) -> dict[int, dict[str, Candidate]]:
        return {}

    def places(self, cell: int) -> Places:
        if cell not in self._places:
            self._places[cell] = Places(self.source(cell))
        return self._places[cell]

    def assignments(self, cell: int) -> Mapping[str, Candidate]:
        """What of a cell would be parameters if it were the parameters cell, by name."""
        if cell not in self._assignments:
            above = code_cell(self.outline.imports_above(cell), [], "-")
            alone = code_cell(self.source(cell), [PARAMETERS_TAG], "-")
            read = read_parameters([above, alone], self.language, with_problems=False)
            found = [(parameter, self._statement(cell, parameter)) for parameter in read.parameters]
            self._assignments[cell] = {
                parameter.name: Candidate(cell, parameter, *span) for parameter, span in found if span is not None
            }
        return self._assignments[cell]

    def setting(self, cell: int, name: str) -> list[Candidate]:
        """Every assignment to the name in the parameters cell: the last one, and those that it takes the place of."""
        last = self.assignments(cell).get(name)
        found = [last] if last is not None else []
        places = [place for place in self.outline.binding(name) if place.cell == cell]
        if found and self.written_in(cell) == "python":
            return [*found, *self._alone([place for place in places if place.order < found[0].order], name)]
        while found and len(found) < MOST_REPEATED and places and places[0].order < found[-1].order:
            source = self.source(cell)[: found[-1].start]
            above = [*self.cells[:cell], {**self.cells[cell], "source": source}]
            read = read_parameters(above, self.language, with_problems=False).parameters
            earlier = next((each for each in read if each.name == name), None)
            span = self._statement(cell, earlier) if earlier is not None else None
            if earlier is None or span is None:
                break
            found.append(Candidate(cell, earlier, *span))
        return found

    def _alone(self, places: Sequence[Place], name: str) -> list[Candidate]:
        """Those of these Python statements that are assignments to the name, from the last one, each read by itself."""
        found: list[Candidate] = []
        for place in reversed(places):
            start, end = place.line.start, place.line.end
            alone = code_cell(self.source(place.cell)[start:end], [PARAMETERS_TAG], "-")
            read = read_parameters([alone], "python", with_problems=False).parameters
            found += [Candidate(place.cell, parameter, start, end) for parameter in read if parameter.name == name]
            if len(found) == MOST_REPEATED - 1:
                break
        return found

    def _statement(self, cell: int, parameter: Parameter) -> tuple[int, int] | None:
        places = self.places(cell)
        if self.written_in(cell) != "python":
            return statement(places, parameter)
        place = self.outline.around(cell, *right_hand_side(places, parameter))
        return (place.line.start, place.line.end) if place is not None else None

    def line(self, candidate: Candidate) -> Place | None:
        """The candidate in the outline."""
        return next(
            (
                place
                for place in self.outline.binding(candidate.name)
                if place.cell == candidate.cell and candidate.start <= place.line.start < candidate.end
            ),
            None,
        )

    def offers(self, cell: int) -> bool:
        """Whether assignments may be taken from that cell."""
        found = self.cells[cell]
        tags = cell_tags(found)
        kept = any(tag in tags for tag in (PARAMETERS_TAG, INJECTED_TAG, SKIPPED_TAG))
        return found.get("cell_type") == "code" and not kept and self.written_in(cell) == self.language

    def problem(self, candidate: Candidate) -> str | None:
        """Why the assignment cannot be a parameter, wherever it is moved; None where it can."""
        name, parameter = candidate.name, candidate.parameter
        if self.written_in(self.cell_index) != self.language:
            return "The parameters cell is in another language, so nothing can be moved there."
        if name in self.names:
            return f"The notebook has a parameter {name} already."
        if parameter.required:
            return f"{name} has no value here."
        if not self.is_python and parameter.expression is not None:
            return f"What {name} is set to is no plain value, so it cannot be moved; write it into the parameters cell."
        elsewhere = [place for place in self.outline.binding(name) if not self._is_in(place, candidate)]
        if elsewhere:
            where = elsewhere[0].cell + 1
            return f"{name} is set in cell {where} too, which would take the place of a parameter's value."
        try:
            lift(self.places(candidate.cell), [(candidate.start, candidate.end)], self.comment(candidate.cell))
        except Unliftable:
            return f"{name} shares its line with other code; give it a line of its own first."
        return self._moved_down(candidate)

    def comment(self, cell: int) -> str:
        """What begins a comment there."""
        return writing(self.written_in(cell)).COMMENT

    def _is_in(self, place: Place, candidate: Candidate) -> bool:
        return place.cell == candidate.cell and candidate.start <= place.line.start < candidate.end

    def _moved_down(self, candidate: Candidate) -> str | None:
        """A parameters cell below must not come too late for code that needs the name."""
        if self.cell_index is None or candidate.cell > self.cell_index:
            return None
        name = candidate.name
        if not self.is_python:
            return f"{name} is set above the parameters cell, where other code may need it; move it by hand."
        between = [place for place in self.outline.using(name) if place.cell <= self.cell_index]
        return f"{name} is needed in cell {between[0].cell + 1}, above the parameters cell." if between else None

    def needs(self, candidate: Candidate) -> dict[str, Place]:
        """Name → the statement that gives it the value which this assignment uses; what nobody sets is left out."""
        place = self.line(candidate)
        used = place.line.used - {candidate.name} if place is not None else frozenset()
        found = {}
        for name in used:
            before = [other for other in self.outline.binding(name) if other.order < candidate.order]
            if before:
                found[name] = before[-1]
        return found

    def is_plain(self, candidate: Candidate) -> bool:
        """Whether its value is one that a person would set, rather than what the notebook computes."""
        expression = candidate.parameter.expression
        if expression is None:
            return True
        if not self.is_python:
            return False
        try:
            tree = ast.parse(expression.strip(), mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
        return all(_is_plain(node) for node in ast.walk(tree))


def _is_plain(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in _PLAIN_CALLS
        case ast.Call() | ast.Lambda() | ast.NamedExpr() | ast.Await() | ast.Yield() | ast.YieldFrom():
            return False
    return True


def candidates(notebook: Notebook) -> list[Candidate]:
    """In the order of the notebook: what can be taken, together with those others that it needs."""
    found = [
        candidate
        for cell in range(len(notebook.cells))
        if notebook.offers(cell)
        for candidate in notebook.assignments(cell).values()
        if notebook.problem(candidate) is None and notebook.is_plain(candidate)
    ]
    while True:
        names = {candidate.name for candidate in found} | notebook.names
        kept = [candidate for candidate in found if _has_needs(notebook, candidate, names)]
        if len(kept) == len(found):
            return found
        found = kept


def _has_needs(notebook: Notebook, candidate: Candidate, names: Iterable[str]) -> bool:
    return all(name in names or name in place.line.imports for name, place in notebook.needs(candidate).items())
