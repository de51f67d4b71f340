"""What the statements of a notebook's code cells bind and use: enough to tell whether one of them can be moved."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from ..document import INJECTED_TAG, cell_tags
from .languages import known_as

OUTLINES: Mapping[str, str] = {"python": ".python.scopes"}

_ASSIGNMENT = re.compile(
    r"^[ \t]*(?:(?:let|const|var|val|local|global|export|mutable|declare(?:[ \t]+-\w+)*)[ \t]+)*"
    r"(?:[\w.<>\[\]?,]+[ \t]+)?[$`]*([^\W\d][\w.]*)[`]?[ \t]*(?::{1,2}[^=\r\n]*)?(?:<<?-|[-+*/|&%^.:]?=(?!=))",
    re.MULTILINE,
)

_IMPORT = re.compile(r"(?:from (?P<module>\S+) )?import (?P<name>\S+)(?: as \S+)?")


@dataclass(frozen=True, slots=True)
class Line:
    """A statement, characters ``start`` to ``end`` of its cell. ``imports``: name → a statement that imports it."""

    start: int
    end: int
    bound: frozenset[str]
    used: frozenset[str] = frozenset()
    imports: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """A statement of cell number ``cell``."""

    cell: int
    line: Line

    @property
    def order(self) -> tuple[int, int]:
        return self.cell, self.line.start


class Outline:
    """The statements of all code cells, but for values injected by an earlier run, in order."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.places = list(places)
        self._imports = [place for place in self.places if place.line.imports]
        self._of_cell: dict[int, list[Place]] = {}
        self._binding: dict[str, list[Place]] = {}
        self._using: dict[str, list[Place]] = {}
        for place in self.places:
            self._of_cell.setdefault(place.cell, []).append(place)
            for name in place.line.bound:
                self._binding.setdefault(name, []).append(place)
            for name in place.line.used:
                self._using.setdefault(name, []).append(place)

    def binding(self, name: str) -> Sequence[Place]:
        return self._binding.get(name, ())

    def using(self, name: str) -> Sequence[Place]:
        return self._using.get(name, ())

    def around(self, cell: int, start: int, end: int) -> Place | None:
        """The statement of that cell which characters ``start`` to ``end`` are in."""
        places = self._of_cell.get(cell, [])
        found = bisect_right(places, start, key=lambda place: place.line.start) - 1
        return places[found] if found >= 0 and end <= places[found].line.end else None

    def imports_above(self, cell: int) -> str:
        """Every import of the cells above, one a line."""
        lines = (text for place in self.importing(cell) for text in place.line.imports.values())
        return "\n".join(dict.fromkeys(lines))

    def importing(self, cell: int) -> list[Place]:
        """The statements of the cells above that import something."""
        return [place for place in self._imports if place.cell < cell]


def origins(places: Iterable[Place]) -> dict[str, str]:
    """Name → where these statements import it from; the name itself behind a ``=`` where it is no import."""
    found: dict[str, str] = {}
    for place in places:
        for name in place.line.bound:
            read = _IMPORT.fullmatch(place.line.imports.get(name, ""))
            module = f"{read['module']}." if read is not None and read["module"] else ""
            found[name] = f"{module}{read['name']}" if read is not None else f"={name}"
    return found


def outline(cells: Sequence[Mapping[str, Any]], language: str) -> Outline:
    """For a language without an outline of its own: whatever looks like an assignment at the beginning of a line."""
    language = known_as(language)
    read = import_module(OUTLINES[language], __package__).outline if language in OUTLINES else _assignments
    return Outline(
        Place(number, line)
        for number, cell in enumerate(cells)
        if cell.get("cell_type") == "code" and INJECTED_TAG not in cell_tags(cell)
        for line in read(str(cell["source"]))
    )


def _assignments(cell: str) -> list[Line]:
    return [Line(found.start(), found.end(), frozenset({found[1]})) for found in _ASSIGNMENT.finditer(cell)]
