"""Parameters that a later cell sets again, so that the value of a run counts only up to there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

from ..document import INJECTED_TAG, cell_tags
from .model import Parameter, Problem
from .offsets import Places

SKIPPED_TAG = "skip-execution"  # such a cell is not run
_NOT_RUN_TAGS = frozenset({INJECTED_TAG, SKIPPED_TAG})


def shadowed(
    cells: Sequence[Mapping[str, Any]], index: int, parameters: Sequence[Parameter], module: str | None
) -> Iterator[Problem]:
    """One problem for each parameter of cell ``index`` that is bound again below: the first place where it is.

    ``module`` reads the language, if there is one. Cells that papermill or we have injected are no such places: they
    are dropped before a run.
    """
    if module is None:
        return
    waited = {parameter.name for parameter in parameters}
    for number in range(index + 1, len(cells)):
        cell = cells[number]
        if not waited or cell.get("cell_type") != "code" or _NOT_RUN_TAGS & set(cell_tags(cell)):
            continue
        source = str(cell["source"])
        if any(name in source for name in waited):
            for name, line in _first_of_each(_bound_names(module, source)):
                if name in waited:
                    waited.remove(name)
                    yield Problem(line, _message(name, number, line), number)


def _message(name: str, number: int, line: int) -> str:
    return (
        f"{name} is set again in cell {number + 1}, line {line}: from there on the value of a run does not count. "
        "Use another name there."
    )


def _first_of_each(bound: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    lines: dict[str, int] = {}
    for name, line in bound:
        lines[name] = min(line, lines.get(name, line))
    return sorted(lines.items(), key=lambda found: found[1])


def _bound_names(module: str, source: str) -> Iterator[tuple[str, int]]:
    if module == ".python.reading":
        from .python.rebinding import bound_names

        yield from bound_names(source)
        return
    if source.lstrip().startswith("%%"):
        return
    places = Places(source)
    for parameter in import_module(module, __package__).read_cell(source)[0]:
        offset = parameter.range[0] if parameter.range is not None else parameter.at
        yield parameter.name, places.line(places.index(offset or 0))
