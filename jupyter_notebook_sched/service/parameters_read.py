"""A notebook's parameters cell as the API tells of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from ..apart.tasks import LARGEST_AT_HAND
from ..notebook import document, presets
from ..notebook.parameters import reading, schema, values
from ..notebook.parameters.model import Problem, ReadParameters
from ..notebook.presets import Presets
from ..notebook.templates import checking
from ..notebook.templates.blocks import holds_template
from ..workspace import NotebookFile
from . import seen_notebooks
from .context import Context
from .forms import InspectCell


class Preset(msgspec.Struct, frozen=True):
    """``misfits``: parameter → why the notebook does not take that value now."""

    name: str
    values: dict[str, Any]
    misfits: dict[str, str]


class Parameters(msgspec.Struct, frozen=True, omit_defaults=False):
    """The GET body of API.md, *Parameters*, and the notebook's presets."""

    notebook: str | None
    kernel: str
    language: str
    cell_index: int | None
    last_modified: datetime | None
    parameters: list[dict[str, Any]]
    schema: dict[str, Any]
    presets: list[Preset]
    problems: list[dict[str, Any]]


@dataclass(frozen=True)
class OpenedFile:
    """A notebook of the workspace as it is now; ``notebook`` is its document, ``kernel`` its own or the default."""

    file: NotebookFile
    notebook: document.Notebook
    kernel: str
    language: str
    found: ReadParameters

    @classmethod
    def at(cls, context: Context, path: str) -> OpenedFile:
        """NotFound where there is no such file; Invalid where it is no notebook."""
        file = context.workspace.read(path)
        return cls._of(context, file, document.read_notebook(file.raw))

    @classmethod
    def seen(cls, context: Context, path: str) -> OpenedFile:
        """The same, to be told and not to be written: a large one is read apart, and has no outputs here."""
        mark = seen_notebooks.mark_of(context.workspace.file(path))
        if mark is None or mark[1] <= LARGEST_AT_HAND:
            return cls.at(context, path)
        seen = seen_notebooks.seen(context, path)
        return cls._of(context, NotebookFile(seen.path, seen.raw, seen.last_modified), seen.document)

    @classmethod
    def _of(cls, context: Context, file: NotebookFile, notebook: document.Notebook) -> OpenedFile:
        kernel = document.kernel_name(notebook) or context.settings.default_kernel
        language = document.language(notebook, context.language_of(kernel))
        return cls(file, notebook, kernel, language, reading.read_parameters(notebook["cells"], language))

    def told(self) -> Parameters:
        modified = self.file.last_modified
        kept, problems = presets.of_metadata(self.notebook["metadata"])
        return Parameters(**body(self.file.path, self.kernel, self.language, modified, self.found, kept, problems))


def body(
    notebook: str | None,
    kernel: str,
    language: str,
    last_modified: datetime | None,
    found: ReadParameters,
    kept: Presets,
    odd: Sequence[str],
) -> dict[str, Any]:
    """The fields of ``Parameters``. ``odd``: what is wrong with the metadata in which presets are kept."""
    return {
        "notebook": notebook,
        "kernel": kernel,
        "language": language,
        "cell_index": found.cell_index,
        "last_modified": last_modified,
        "parameters": [parameter.to_json() for parameter in found.parameters],
        "schema": schema.json_schema(found.parameters, found.title, found.description),
        "presets": [Preset(name, stored, misfits(found, stored)) for name, stored in kept.items()],
        "problems": problems(found) + [Problem(1, sentence).to_json() for sentence in odd],
    }


def problems(found: ReadParameters) -> list[dict[str, Any]]:
    return [problem.to_json() for problem in found.problems]


def misfits(found: ReadParameters, stored: dict[str, Any]) -> dict[str, str]:
    """Why the notebook does not take these values, by name. What holds a template is checked as a template."""
    asking = {name: value for name, value in stored.items() if holds_template(value)}
    plain = {name: value for name, value in stored.items() if name not in asking}
    if found.cell_index is None:
        errors = values.refuse_without_cell(stored, "")
    else:
        errors = values.check_values(found.parameters, plain, "")[1]
        errors += checking.check(found.parameters, asking, "").errors if asking else []
    # A text may hold braces that are no template: where templates are off it is taken as it stands.
    texts = values.check_values(found.parameters, asking, "")[0]
    return {name: error.message for error in errors if (name := error.field.removeprefix(".")) not in texts}


def cells_of(cells: Sequence[InspectCell]) -> list[dict[str, Any]]:
    """As nbformat has them."""
    return [{"cell_type": cell.cell_type, "source": cell.source, "metadata": {"tags": cell.tags}} for cell in cells]


def language_of_cells(context: Context, kernel: str | None) -> str:
    return context.language_of(kernel or context.settings.default_kernel) or "python"
