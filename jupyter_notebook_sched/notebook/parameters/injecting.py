"""The cell that gives a run its values, and the notebook with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from jupyter_notebook_sched.errors import FieldError, Invalid, Together

from ..document import INJECTED_TAG, Notebook, cell_tags, code_cell, free_cell_id, parameters_cell_index
from .literals import as_declared, assignment, injected_literal, writing
from .magics import language_of
from .model import Json, Parameter, ReadParameters
from .translators import Translated
from .values import NO_PARAMETERS_CELL, refuse_without_cell

TITLE = "Parameters"  # as papermill heads its cell


def injected_source(language: str, parameters: Iterable[Parameter], values: Mapping[str, Json]) -> str:
    """A comment line, then one assignment a line for each value given, in the order of the parameters cell.

    A cell magic such as ``%%sql`` goes before them; papermill's translators write the whole cell by themselves.
    The values must have passed ``check_values``. Raises ``Invalid``: ``language_not_supported``,
    ``value_not_representable``, or ``invalid`` for a value that belongs to no parameter.
    """
    known = {parameter.name: parameter for parameter in parameters}
    unknown = [
        FieldError(f"parameters.{name}", f"The notebook has no parameter {name}.") for name in values.keys() - known
    ]
    if unknown:
        raise Invalid.fields(unknown)
    given = [parameter for name, parameter in known.items() if name in values]
    write = writing(language_of(given[0], language) if given else language)
    if isinstance(write, Translated):
        return write.codify({each.name: as_declared(values[each.name], each) for each in given}, TITLE)
    magic = getattr(given[0], "magic", "") if given else ""
    told, refused = [], Together()
    for each in given:
        with refused.hear(f"parameters.{each.name}"):
            told.append(assignment(language, each, injected_literal(language, values[each.name], each)))
    refused.tell()
    return "\n".join([*magic.splitlines(), f"{write.COMMENT} {TITLE}", *told])


def inject(notebook: Notebook, read: ReadParameters, language: str, values: Mapping[str, Json]) -> Notebook:
    """A new document in which the values, if there are any, are set right after the parameters cell.

    Cells injected earlier are dropped. Raises what ``injected_source`` raises, and ``Invalid`` with reason
    ``no_parameters_cell`` where there are values but no such cell.
    """
    injected: Notebook = json.loads(json.dumps(notebook))
    cells = injected["cells"] = [cell for cell in injected["cells"] if INJECTED_TAG not in cell_tags(cell)]
    if not values:
        return injected
    index = parameters_cell_index(cells)
    if index is None:
        raise Invalid.fields(refuse_without_cell(values), NO_PARAMETERS_CELL)
    source = injected_source(language, read.parameters, values)
    cell_id = free_cell_id(INJECTED_TAG, {cell["id"] for cell in cells})
    cells.insert(index + 1, code_cell(source, [INJECTED_TAG], cell_id))
    return injected
