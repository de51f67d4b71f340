"""The parameters cell of a notebook, read by the rules of its language; nothing is executed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any

from ..document import PARAMETERS_TAG, cell_tags, parameters_cell_index
from . import magics, translators
from .fitting import misfit
from .languages import known_as
from .model import Parameter, Problem, ReadParameters
from .offsets import Places
from .shadowing import shadowed

READERS: Mapping[str, str] = {
    "python": ".python.reading",
    "bash": ".bash.reading",
    "csharp": ".csharp.reading",
    "fsharp": ".fsharp.reading",
    "javascript": ".javascript.reading",
    "julia": ".julia.reading",
    "powershell": ".powershell.reading",
    "r": ".r.reading",
    "scala": ".scala.reading",
    "sql": ".sql.reading",
    "typescript": ".javascript.reading",
}

MOST_PROBLEMS = 100


def read_parameters(cells: Sequence[Mapping[str, Any]], language: str, *, with_problems: bool = True) -> ReadParameters:
    """What the parameters cell offers, in its order. ``cells`` have nbformat's shape, the kernel names ``language``.

    ``with_problems``: False where only values are wanted; then defaults are not checked and no other cell is gone
    through for what is set again.
    """
    index = parameters_cell_index(cells)
    if index is None:
        return ReadParameters()
    language = known_as(language)
    text = str(cells[index]["source"])
    found = _read(language, text, _code_above(cells, index))
    places = Places(text)
    kept, repeated = _last_of_each(places, map(_with_control, found.parameters))
    problems: list[Problem] = []
    if with_problems:
        problems += [*found.problems, *repeated, *_misfits(places, kept), *_further_cells(cells, index)]
        problems.sort(key=lambda problem: problem.line)
        problems += shadowed(cells, index, kept, READERS.get(language))
    return replace(found, cell_index=index, parameters=tuple(kept), problems=_first_of(problems))


def _read(language: str, text: str, above: list[str]) -> ReadParameters:
    """By the language's own module, imported when first needed. One with ``read`` also looks at the cells above."""
    magic = magics.cell_magic(language, text)
    if magic is not None:
        return _read_below(magic, text)
    if language not in READERS:
        return _as_read(*translators.read_cell(language, text))
    reader = import_module(READERS[language], __package__)
    if hasattr(reader, "read"):
        read: ReadParameters = reader.read(text, above)
        return read
    return _as_read(*reader.read_cell(text))


def _read_below(magic: magics.Magic, text: str) -> ReadParameters:
    """The rest of a cell whose first line says that it is in another language."""
    if magic.language is None:
        return ReadParameters(problems=(Problem(1, magics.unread(magic)),))
    read = _read(magic.language, text[len(magic.line) :], [])
    problems = [replace(problem, line=problem.line + magic.lines) for problem in read.problems]
    return _as_read([magics.below(magic, parameter) for parameter in read.parameters], problems)


def _as_read(parameters: Sequence[Parameter], problems: Sequence[Problem]) -> ReadParameters:
    return ReadParameters(None, tuple(parameters), tuple(problems))


def _code_above(cells: Sequence[Mapping[str, Any]], index: int) -> list[str]:
    return [str(cell["source"]) for cell in cells[:index] if cell.get("cell_type") == "code"]


def _with_control(parameter: Parameter) -> Parameter:
    """A text of several lines is asked for in as many."""
    lines = parameter.control is None and isinstance(parameter.default, str) and "\n" in parameter.default
    return replace(parameter, control="multiline") if lines and parameter.type == "string" else parameter


def _first_of(problems: list[Problem]) -> tuple[Problem, ...]:
    told, rest = problems[:MOST_PROBLEMS], problems[MOST_PROBLEMS:]
    if not rest:
        return (*told,)
    return (*told, Problem(rest[0].line, f"There are {len(rest)} more problems from here on.", rest[0].cell))


def _line(places: Places, parameter: Parameter) -> int:
    offset = parameter.range[0] if parameter.range is not None else parameter.at
    return places.line(places.index(offset or 0))


def _last_of_each(places: Places, found: Iterable[Parameter]) -> tuple[list[Parameter], list[Problem]]:
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
        Problem(1, f"Cell {number + 1} is tagged {PARAMETERS_TAG} too, but only the first such cell is used.", number)
        for number in further
    ]
