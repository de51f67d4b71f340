"""The parameters cell of a notebook, read by the rules of its language; nothing is executed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from ..document import PARAMETERS_TAG, cell_tags, parameters_cell_index
from .fitting import misfit
from .model import Parameter, Problem, ReadParameters
from .offsets import Places

READERS: Mapping[str, str] = {"python": ".python.reading", "r": ".r.reading", "julia": ".julia.reading"}

MOST_PROBLEMS = 100


def read_parameters(cells: Sequence[Mapping[str, Any]], language: str) -> ReadParameters:
    """What the parameters cell offers, in its order. ``cells`` have nbformat's shape, ``language`` is in lower case."""
    index = parameters_cell_index(cells)
    if index is None:
        return ReadParameters()
    if language not in READERS:
        unread = f"Parameters of {language} notebooks cannot be read yet, so none can be set."
        return ReadParameters(index, (), (Problem(1, unread),))
    text = str(cells[index]["source"])
    found, problems = _read(language, text)
    places = Places(text)
    kept, repeated = _last_of_each(places, found)
    problems = [*problems, *repeated, *_misfits(places, kept), *_further_cells(cells, index)]
    return ReadParameters(index, tuple(kept), _first_of(sorted(problems, key=lambda problem: problem.line)))


def _read(language: str, text: str) -> tuple[list[Parameter], list[Problem]]:
    """By the language's own module, which is imported when a notebook first needs it."""
    read: tuple[list[Parameter], list[Problem]] = import_module(READERS[language], __package__).read_cell(text)
    return read


def _first_of(problems: list[Problem]) -> tuple[Problem, ...]:
    told, rest = problems[:MOST_PROBLEMS], problems[MOST_PROBLEMS:]
    return (*told, Problem(rest[0].line, f"There are {len(rest)} more problems from here on.")) if rest else (*told,)


def _line(places: Places, parameter: Parameter) -> int:
    offset = parameter.range[0] if parameter.range is not None else parameter.at
    return places.line(places.index(offset or 0))


def _last_of_each(places: Places, found: list[Parameter]) -> tuple[list[Parameter], list[Problem]]:
    kept: dict[str, Parameter] = {}
    problems = []
    for parameter in found:
        if parameter.name in kept:
            problems.append(Problem(_line(places, parameter), f"{parameter.name} is set again here; this one counts."))
        kept[parameter.name] = parameter
    return list(kept.values()), problems


def _misfits(places: Places, parameters: list[Parameter]) -> list[Problem]:
    problems = []
    for parameter in parameters:
        literal = not parameter.required and parameter.expression is None
        message = misfit(parameter, parameter.default) if literal else None
        if message is not None:
            told = f"The default of {parameter.name} does not fit what it declares: {message}"
            problems.append(Problem(_line(places, parameter), told))
    return problems


def _further_cells(cells: Sequence[Mapping[str, Any]], index: int) -> list[Problem]:
    further = [
        number
        for number, cell in enumerate(cells)
        if number > index and cell.get("cell_type") == "code" and PARAMETERS_TAG in cell_tags(cell)
    ]
    return [
        Problem(1, f"Cell {number + 1} is tagged {PARAMETERS_TAG} too, but only the first such cell is used.")
        for number in further
    ]
