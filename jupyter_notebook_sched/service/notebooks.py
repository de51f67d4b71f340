"""A notebook in the workspace as a request names it, and the values that are to go into it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ..domain.job import Job
from ..errors import FieldError, Invalid, NotFound, Together
from ..notebook import document
from ..notebook.parameters import injecting, reading, values
from ..notebook.parameters.model import ReadParameters
from ..scheduler import versions
from ..scheduler.versions import Snapshot
from .context import Context


@dataclass(frozen=True)
class Opened:
    """A notebook as it is now, with its parameters as its kernel's language reads them."""

    snapshot: Snapshot
    kernel: str
    language: str
    read: ReadParameters


@contextmanager
def named_in_body() -> Iterator[None]:
    """What cannot be read is the fault of the body's ``notebook`` field: 422, also where there is no such file."""
    try:
        yield
    except (NotFound, Invalid) as error:
        raise Invalid(error.message, error.reason, [FieldError("notebook", error.message)]) from None


def open_for_running(context: Context, path: str, kernel: str | None) -> Opened:
    """The notebook that a body's ``notebook`` field names. Invalid (422) where it cannot be run, whatever the cause."""
    snapshot = looked_at(context, path)
    return opened(context, snapshot, context.known_kernel(kernel, snapshot.kernel))


def looked_at(context: Context, path: str) -> Snapshot:
    with named_in_body():
        return versions.look(context.workspace, path)


def fitted(
    context: Context, snapshot: Snapshot, kernel: str | None, sent: Mapping[str, Any]
) -> tuple[Opened, dict[str, Any]]:
    """A notebook with the kernel asked for, and the values as they will be injected. Invalid names all of them that
    do not fit: values are checked even where the kernel is not to be had."""
    found = Together()
    checked: dict[str, Any] = {}
    name = kernel or snapshot.kernel or context.settings.default_kernel
    with found.hear("kernel"):
        context.known_kernel(kernel, snapshot.kernel)
    notebook = opened(context, snapshot, name)
    with found.hear("parameters"):
        checked = checked_values(notebook, sent)
    found.tell()
    return notebook, checked


def opened(context: Context, snapshot: Snapshot, kernel: str) -> Opened:
    notebook = document.read_notebook(snapshot.canonical)
    language = document.language(notebook, context.language_of(kernel))
    return Opened(snapshot, kernel, language, reading.read_parameters(notebook["cells"], language))


def current_source(context: Context, job: Job) -> Opened:
    """What a run of the job uses now: the file where it is ``live``, else its version."""
    if job.source == "live":
        return open_for_running(context, job.notebook, job.kernel)
    snapshot = kept_snapshot(context, job.notebook, job.source_version)
    return opened(context, snapshot, context.known_kernel(job.kernel, snapshot.kernel))


def checked_values(notebook: Opened, sent: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they will be injected. Invalid where one is unknown, of the wrong type, or missing."""
    if notebook.read.cell_index is None:
        errors = values.refuse_without_cell(sent) if sent else []
        if errors:
            raise Invalid.fields(errors, "no_parameters_cell")
        return {}
    checked, errors = values.check_values(notebook.read.parameters, sent)
    errors += values.missing_required(notebook.read.parameters, sent)
    if errors:
        raise Invalid.fields(errors, "invalid_parameters")
    # A language or a value that cannot be written as a literal is refused now, not when the run starts.
    if checked:
        injecting.injected_source(notebook.language, notebook.read.parameters, checked)
    return checked


def kept_snapshot(context: Context, notebook: str, version: str) -> Snapshot:
    """A version from the archive. Invalid where it is gone or damaged."""
    try:
        return versions.load(context.archive, notebook, version)
    except (OSError, ValueError) as error:
        raise Invalid(
            f"the version {version[:12]} cannot be read from the archive: {error}", "source_unreadable"
        ) from None
