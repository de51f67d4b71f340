"""The parameters of a notebook: read, tried out, written back into its parameters cell."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from ..archive import writing
from ..errors import Conflict, Invalid
from ..notebook import document
from ..notebook.parameters import editing, injecting, reading, rewriting, schema, values
from ..notebook.parameters.model import ReadParameters
from . import not_yet
from .context import Context
from .forms import Inspect, InspectCell, PreviewParameters, PutParameters
from .notebooks import named_in_body


class Parameters(msgspec.Struct, frozen=True, omit_defaults=False):
    """The GET body of API.md, *Parameters*."""

    notebook: str | None
    kernel: str | None
    language: str
    cell_index: int | None
    last_modified: datetime | None
    parameters: list[dict[str, Any]]
    schema: dict[str, Any]
    problems: list[dict[str, Any]]


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
    file = context.workspace.read(path)
    notebook = document.read_notebook(file.raw)
    kernel = document.kernel_name(notebook)
    language = document.language(notebook, context.language_of(kernel))
    found = reading.read_parameters(notebook["cells"], language)
    return Parameters(file.path, kernel, language, found.cell_index, file.last_modified, *_body(found))


def inspect(context: Context, form: Inspect) -> Inspected:
    """The same for unsaved cells, and with ``values`` the edits that would write them into the cell."""
    cells = _cells(form.cells)
    kernel = form.kernel or context.settings.default_kernel
    language = context.language_of(kernel) or "python"
    found = reading.read_parameters(cells, language)
    edits: list[Edit] | msgspec.UnsetType = msgspec.UNSET
    if form.values is not None:
        checked = _checked(found, form.values, "values")
        edits = [Edit(edit.cell, edit.start, edit.end, edit.text) for edit in editing.edits(cells, language, checked)]
    return Inspected(None, form.kernel, language, found.cell_index, None, *_body(found), edits)


def put(context: Context, form: PutParameters) -> Parameters:
    """Writes values into the notebook's own parameters cell, everything else byte for byte as it was."""
    with named_in_body():
        file = context.workspace.read(form.notebook)
        notebook = document.read_notebook(file.raw)
    if form.last_modified != file.last_modified:
        raise Conflict("the notebook was changed meanwhile; read its parameters again", "notebook_changed")
    language = document.language(notebook, context.language_of(document.kernel_name(notebook)))
    found = reading.read_parameters(notebook["cells"], language)
    checked = _checked(found, form.values, "values")
    edits = editing.edits(notebook["cells"], language, checked)
    if edits:
        assert found.cell_index is not None
        edited = editing.apply_edits(notebook["cells"][found.cell_index]["source"], edits)
        raw = rewriting.rewrite_notebook(file.raw, found.cell_index, edited)
        with named_in_body():
            target = context.workspace.unlinked(context.workspace.file(form.notebook))
        if context.workspace.read(form.notebook).raw != file.raw:
            raise Conflict("the notebook was changed meanwhile; read its parameters again", "notebook_changed")
        try:
            writing.replace(target, raw, durable=True, mode=os.stat(target).st_mode & 0o777)
        except OSError as error:
            raise Invalid(f"{form.notebook!r} cannot be written: {error.strerror}", "notebook_not_writable") from None
    return read(context, form.notebook)


def preview(context: Context, form: PreviewParameters) -> ParametersPreview:
    """The cell that would be injected for these values."""
    not_yet.refuse_in_parameters_preview(form)
    if (form.notebook is None) == (form.cells is None):
        raise Invalid("send either notebook or cells", "invalid")
    if form.notebook is not None:
        with named_in_body():
            notebook = document.read_notebook(context.workspace.read(form.notebook).raw)
        cells: Sequence[Mapping[str, Any]] = notebook["cells"]
        language = document.language(notebook, context.language_of(document.kernel_name(notebook)))
    else:
        cells = _cells(form.cells or [])
        language = context.language_of(form.kernel or context.settings.default_kernel) or "python"
    found = reading.read_parameters(cells, language)
    checked = _checked(found, form.values, "values")
    source = injecting.injected_source(language, found.parameters, checked) if checked else ""
    return ParametersPreview(source, checked, _body(found)[2])


def _checked(found: ReadParameters, sent: Mapping[str, Any], field: str) -> dict[str, Any]:
    if found.cell_index is None:
        errors = values.refuse_without_cell(sent, field) if sent else []
        checked: dict[str, Any] = {}
    else:
        checked, errors = values.check_values(found.parameters, sent, field)
    if errors:
        raise Invalid.fields(errors, "no_parameters_cell" if found.cell_index is None else "invalid_parameters")
    return checked


def _body(found: ReadParameters) -> tuple[list[dict[str, Any]], dict[str, Any], list[dict[str, Any]]]:
    parameters = [parameter.to_json() for parameter in found.parameters]
    problems = [{"line": problem.line, "message": problem.message} for problem in found.problems]
    return parameters, schema.json_schema(found.parameters), problems


def _cells(cells: Sequence[InspectCell]) -> list[dict[str, Any]]:
    return [{"cell_type": cell.cell_type, "source": cell.source, "metadata": {"tags": cell.tags}} for cell in cells]
