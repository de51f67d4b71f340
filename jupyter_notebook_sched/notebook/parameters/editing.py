"""Values written back into the parameters cell: right-hand sides change, everything else stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from jupyter_notebook_sched.errors import Together

from .changes import Change, changed
from .fitting import read_datetime
from .languages import known_as
from .literals import literal, writing
from .model import Json, Parameter
from .offsets import Places
from .outline import Outline, origins, outline
from .patching import Patch, as_set, stays
from .python import constructors
from .python.python_parameter import PythonParameter, remarked
from .reading import read_parameters
from .statement_places import right_hand_side

SETS = frozenset({"set", "frozenset"})


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace UTF-16 units ``start`` to ``end`` of the source of cell number ``cell`` by ``text``."""

    cell: int
    start: int
    end: int
    text: str


def edits(cells: Sequence[Mapping[str, Any]], language: str, values: Mapping[str, Json]) -> list[Edit]:
    """What makes these values the defaults, in the order of the cell; nothing for a value that is the default already.

    Of a list or an object that is written out, only the elements change that differ. The values must have passed
    ``check_values``; names that are no parameters are passed over. Raises what ``literal`` raises.
    """
    read = read_parameters(cells, language, with_problems=False)
    if read.cell_index is None or not values:
        return []
    writing(language)
    cell = _Cell(cells, read.cell_index, language)
    differing = [
        (parameter, values[parameter.name])
        for parameter in read.parameters
        if parameter.name in values and not is_default(parameter, values[parameter.name])
    ]
    return sorted(cell.edits(differing), key=lambda edit: edit.start)


def apply_edits(source: str, changes: Iterable[Edit]) -> str:
    """``source`` with these edits, which must not overlap."""
    places = Places(source)
    return changed(source, [Change(places.index(edit.start), places.index(edit.end), edit.text) for edit in changes])


def is_default(parameter: Parameter, value: Json) -> bool:
    """Whether the cell says so already, in whatever spelling."""
    if parameter.required or parameter.expression is not None:
        return False
    default = parameter.default
    if parameter.type == "datetime" and isinstance(value, str) and isinstance(default, str):
        return read_datetime(value).isoformat() == read_datetime(default).isoformat()
    if parameter.python in SETS and isinstance(value, list) and isinstance(default, list):
        return as_set(value) == as_set(default)
    return stays(default, value)


class _Cell:
    def __init__(self, cells: Sequence[Mapping[str, Any]], index: int, language: str) -> None:
        self.cells, self.index, self.language = cells, index, language
        self.places = Places(str(cells[index]["source"]))

    def edits(self, differing: Sequence[tuple[Parameter, Json]]) -> list[Edit]:
        whole, refused = {}, Together()
        for parameter, value in differing:
            with refused.hear(f"parameters.{parameter.name}"):
                whole[parameter.name] = self._whole(parameter, value)
        refused.tell()
        parts = {parameter.name: self._parts(parameter, value) for parameter, value in differing}
        sound = self._sound(differing, {name: found for name, found in parts.items() if found is not None})
        found = [change for name in whole for change in (sound.get(name) or whole[name])]
        return [
            Edit(self.index, self.places.utf16(change.start), self.places.utf16(change.end), change.fresh)
            for change in found
        ]

    def _whole(self, parameter: Parameter, value: Json) -> list[Change]:
        start, end = right_hand_side(self.places, parameter)
        fresh = self._written(parameter, value, parameter, self.places.text[start:end])
        return [Change(start, end, fresh if parameter.range is not None else f" = {fresh}")]

    def _written(self, of: Parameter, value: Json, declared: Parameter, replaced: str) -> str:
        """A literal in the statement of parameter ``of``; in a person's own text classes have the names given there."""
        if isinstance(of, PythonParameter) and not isinstance(declared, PythonParameter):
            declared = remarked(declared, of.rebound, of.shifted)
        text = literal(self.language, value, declared, replaced)
        if known_as(self.language) != "python" or constructors.BY_IMPORT not in text:
            return text
        here = self.index, right_hand_side(self.places, of)[0]
        known = origins(place for place in self._outline.places if place.order < here)
        return constructors.by_own_names(text, known, of.source)

    @cached_property
    def _outline(self) -> Outline:
        return outline(self.cells[: self.index + 1], self.language)

    def _parts(self, parameter: Parameter, value: Json) -> list[Change] | None:
        if parameter.range is None or parameter.expression is not None:
            return None
        start, end = right_hand_side(self.places, parameter)
        patch = Patch(self.language, parameter.name, parameter, partial(self._written, parameter))
        found = patch.changes(self.places.text[start:end], parameter.default, value)
        return [change.moved(start) for change in found] if found is not None else None

    def _sound(
        self, differing: Sequence[tuple[Parameter, Json]], parts: Mapping[str, list[Change]]
    ) -> dict[str, list[Change]]:
        """Those parts that are read as a literal of the whole value would be."""
        if not parts:
            return {}
        literals = [
            change
            for parameter, value in differing
            if parameter.name in parts
            for change in self._whole(parameter, value)
        ]
        in_parts = self._read([change for found in parts.values() for change in found])
        as_literals = self._read(literals)
        return {
            name: found
            for name, found in parts.items()
            if name in in_parts and name in as_literals and _alike(in_parts[name], as_literals[name])
        }

    def _read(self, changes: Iterable[Change]) -> dict[str, Parameter]:
        cell = {**self.cells[self.index], "source": changed(self.places.text, changes)}
        cells = [*self.cells[: self.index], cell]
        found = read_parameters(cells, self.language, with_problems=False).parameters
        return {parameter.name: parameter for parameter in found}


def _alike(left: Parameter, right: Parameter) -> bool:
    told = [(one.expression, one.type, one.declared()) for one in (left, right)]
    return told[0] == told[1] and is_default(left, right.default)
