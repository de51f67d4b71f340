"""Values written back into the parameters cell: right-hand sides change, everything else stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .literals import literal, writing
from .model import Json, Parameter, same_value
from .offsets import from_utf16
from .reading import read_parameters


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace UTF-16 units ``start`` to ``end`` of the source of cell number ``cell`` by ``text``."""

    cell: int
    start: int
    end: int
    text: str

    def to_json(self) -> dict[str, Any]:
        return {"cell": self.cell, "start": self.start, "end": self.end, "text": self.text}


def edits(cells: Sequence[Mapping[str, Any]], language: str, values: Mapping[str, Json]) -> list[Edit]:
    """What makes these values the defaults, in the order of the cell; nothing for a value that is the default already.

    Names that are no parameters are passed over: ``check_values`` tells of them. Raises what ``literal`` raises.
    """
    read = read_parameters(cells, language)
    if read.cell_index is None or not values:
        return []
    writing(language)
    source = str(cells[read.cell_index]["source"])
    found = [
        _edit(read.cell_index, source, language, parameter, values[parameter.name])
        for parameter in read.parameters
        if parameter.name in values and not _is_default(parameter, values[parameter.name])
    ]
    return sorted(found, key=lambda edit: edit.start)


def apply_edits(source: str, changes: Iterable[Edit]) -> str:
    """``source`` with these edits, which must not overlap."""
    for edit in sorted(changes, key=lambda edit: edit.start, reverse=True):
        start, end = from_utf16(source, edit.start), from_utf16(source, edit.end)
        source = source[:start] + edit.text + source[end:]
    return source


def _is_default(parameter: Parameter, value: Json) -> bool:
    return not parameter.required and parameter.expression is None and same_value(parameter.default, value)


def _edit(cell: int, source: str, language: str, parameter: Parameter, value: Json) -> Edit:
    if parameter.range is None:
        assert parameter.at is not None  # a bare annotation has a place for its value
        return Edit(cell, parameter.at, parameter.at, f" = {literal(language, value, parameter)}")
    start, end = parameter.range
    replaced = source[from_utf16(source, start) : from_utf16(source, end)]
    return Edit(cell, start, end, literal(language, value, parameter, replaced))
