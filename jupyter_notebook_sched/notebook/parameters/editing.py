"""Values written back into the parameters cell: right-hand sides change, everything else stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .fitting import read_datetime
from .literals import literal, writing
from .model import Json, Parameter, same_value
from .offsets import Places
from .reading import read_parameters


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace UTF-16 units ``start`` to ``end`` of the source of cell number ``cell`` by ``text``."""

    cell: int
    start: int
    end: int
    text: str


def edits(cells: Sequence[Mapping[str, Any]], language: str, values: Mapping[str, Json]) -> list[Edit]:
    """What makes these values the defaults, in the order of the cell; nothing for a value that is the default already.

    The values must have passed ``check_values``; names that are no parameters are passed over. Raises what ``literal``
    raises.
    """
    read = read_parameters(cells, language)
    if read.cell_index is None or not values:
        return []
    writing(language)
    places = Places(str(cells[read.cell_index]["source"]))
    found = [
        _edit(read.cell_index, places, language, parameter, values[parameter.name])
        for parameter in read.parameters
        if parameter.name in values and not _is_default(parameter, values[parameter.name])
    ]
    return sorted(found, key=lambda edit: edit.start)


def apply_edits(source: str, changes: Iterable[Edit]) -> str:
    """``source`` with these edits, which must not overlap."""
    places = Places(source)
    for edit in sorted(changes, key=lambda edit: edit.start, reverse=True):
        source = source[: places.index(edit.start)] + edit.text + source[places.index(edit.end) :]
    return source


def _is_default(parameter: Parameter, value: Json) -> bool:
    if parameter.required or parameter.expression is not None:
        return False
    if parameter.type == "datetime" and isinstance(value, str) and isinstance(parameter.default, str):
        return read_datetime(value).isoformat() == read_datetime(parameter.default).isoformat()
    return same_value(parameter.default, value)


def _edit(cell: int, places: Places, language: str, parameter: Parameter, value: Json) -> Edit:
    if parameter.range is None:
        assert parameter.at is not None  # a bare annotation has a place for its value
        return Edit(cell, parameter.at, parameter.at, f" = {literal(language, value, parameter)}")
    start, end = parameter.range
    replaced = places.text[places.index(start) : places.index(end)]
    return Edit(cell, start, end, literal(language, value, parameter, replaced))
