"""The parameters of a notebook: read, tried out, written back into its parameters cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from ..domain import zones
from ..domain.rendering import Rendering
from ..errors import FieldError, Invalid
from ..notebook import presets
from ..notebook.parameters import editing, reading, rewriting, values
from ..notebook.parameters.model import ReadParameters
from . import resolving
from .context import Context
from .forms import Inspect, PreviewParameters, PutParameters
from .notebook_files import replace_unchanged, same_as_seen
from .notebooks import named_in_body, named_in_query
from .parameters_read import OpenedFile, Parameters, body, cells_of, language_of_cells, problems


class Edit(msgspec.Struct, frozen=True):
    """Replace ``start``–``end`` (UTF-16 units) of that cell's source."""

    cell: int
    start: int
    end: int
    text: str


class Inspected(Parameters, frozen=True):
    edits: list[Edit] | msgspec.UnsetType = msgspec.UNSET


class ParametersPreview(msgspec.Struct, frozen=True):
    source: str
    values: dict[str, Any]
    problems: list[dict[str, Any]]


def read(context: Context, path: str) -> Parameters:
    """The parameters of a saved notebook; writes nothing anywhere."""
    with named_in_query():
        return OpenedFile.seen(context, path).told()


def inspect(context: Context, form: Inspect) -> Inspected:
    """The same for unsaved cells, and with ``values`` the edits that would write them into the cell."""
    cells = cells_of(form.cells)
    language = language_of_cells(context, form.kernel)
    found = reading.read_parameters(cells, language)
    edits: list[Edit] | msgspec.UnsetType = msgspec.UNSET
    if form.values is not None:
        checked = _checked(found, form.values)
        edits = told_edits(_edits(cells, language, checked))
    kept, odd = presets.of_object(form.presets)
    kernel = form.kernel or context.settings.default_kernel
    return Inspected(**body(None, kernel, language, None, found, kept, odd), edits=edits)


def put(context: Context, form: PutParameters) -> Parameters:
    """Writes values into the notebook's own parameters cell, everything else byte for byte as it was."""
    with named_in_body():
        opened = OpenedFile.at(context, form.notebook)
    same_as_seen(opened.file, form.last_modified)
    checked = _checked(opened.found, form.values)
    edits = _edits(opened.notebook["cells"], opened.language, checked)
    if not edits:
        return opened.told()
    assert opened.found.cell_index is not None
    raw = rewriting.rewrite_notebook(opened.file.raw, opened.found.cell_index, edits)
    replace_unchanged(context, opened.file, raw)
    return read(context, form.notebook)


def preview(context: Context, form: PreviewParameters) -> ParametersPreview:
    """The cell that would be injected for these values."""
    if (form.notebook is None) == (form.cells is None):
        told = "send either notebook or cells"
        raise Invalid.fields([FieldError("notebook", told), FieldError("cells", told)])
    if form.notebook is not None:
        with named_in_body():
            opened = OpenedFile.seen(context, form.notebook)
        found, language = opened.found, opened.language
    else:
        language = language_of_cells(context, form.kernel)
        found = reading.read_parameters(cells_of(form.cells or []), language)
    source, shown = resolving.preview(context, found, language, form.values, _about(context, form))
    return ParametersPreview(source, shown, problems(found))


def _edits(cells: Sequence[Mapping[str, Any]], language: str, checked: Mapping[str, Any]) -> list[editing.Edit]:
    try:
        return editing.edits(cells, language, checked)
    except Invalid as error:
        raise error.about("values") from None


def told_edits(edits: list[editing.Edit]) -> list[Edit]:
    return [Edit(edit.cell, edit.start, edit.end, edit.text) for edit in edits]


def _about(context: Context, form: PreviewParameters) -> Rendering | None:
    """What templates are rendered from; None where braces are text."""
    templates = form.scheduled_for is not None if form.templates is None else form.templates
    if not templates:
        return None
    try:
        zones.zone(form.timezone)
    except ValueError as error:
        raise Invalid.fields([FieldError("timezone", str(error))]) from None
    moment: datetime = form.scheduled_for or context.clock()
    return Rendering(moment, form.name, form.timezone)


def _checked(found: ReadParameters, sent: Mapping[str, Any]) -> dict[str, Any]:
    if found.cell_index is None:
        errors = values.refuse_without_cell(sent, "values") if sent else []
        checked: dict[str, Any] = {}
    else:
        checked, errors = values.check_values(found.parameters, sent, "values")
    if errors:
        raise Invalid.fields(errors, "no_parameters_cell" if found.cell_index is None else "invalid_parameters")
    return checked
