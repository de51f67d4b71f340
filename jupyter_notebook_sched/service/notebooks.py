"""A notebook in the workspace as a request names it, and the values that are to go into it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from ..domain.job import Job
from ..domain.secrets import missing_secret
from ..errors import FieldError, Invalid, NotFound, Together
from ..notebook import document
from ..notebook.parameters import injecting, reading, values
from ..notebook.parameters.model import Parameter, ReadParameters
from ..notebook.templates import checking
from ..notebook.templates.blocks import holds_template
from ..scheduler import versions
from ..scheduler.versions import Snapshot
from .context import Context
from .seen_notebooks import seen

KnowsSecret: TypeAlias = Callable[[str], bool]


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


@contextmanager
def named_in_query() -> Iterator[None]:
    """What is wrong with the path in the query's ``notebook``; where there is no such file stays NotFound."""
    try:
        yield
    except Invalid as error:
        raise Invalid(error.message, error.reason, [FieldError("notebook", error.message)]) from None


def open_for_running(context: Context, path: str, kernel: str | None) -> Opened:
    """The notebook that a body's ``notebook`` field names. Invalid (422) where it cannot be run, whatever the cause."""
    snapshot = looked_at(context, path)
    return opened(context, snapshot, context.known_kernel(kernel, snapshot.kernel))


def looked_at(context: Context, path: str) -> Snapshot:
    with named_in_body():
        return seen(context, path).snapshot


def fitted(
    context: Context,
    snapshot: Snapshot,
    kernel: str | None,
    sent: Mapping[str, Any],
    knows_secret: KnowsSecret | None = None,
) -> tuple[Opened, dict[str, Any]]:
    """A notebook with the kernel asked for, and the values as ``checked_values`` gives them. Invalid names all of them
    that do not fit: values are checked even where the kernel is not to be had."""
    found = Together()
    checked: dict[str, Any] = {}
    name = kernel or snapshot.kernel or context.settings.default_kernel
    with found.hear("kernel"):
        context.known_kernel(kernel, snapshot.kernel)
    notebook = opened(context, snapshot, name)
    with found.hear("parameters"):
        checked = checked_values(notebook, sent, knows_secret)
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


def checked_values(
    notebook: Opened, sent: Mapping[str, Any], knows_secret: KnowsSecret | None = None
) -> dict[str, Any]:
    """The values as they will be injected. Invalid where one is unknown, of the wrong type, or missing.

    ``knows_secret``: templates are on; those that hold one stay as they were sent, and are refused where they cannot be
    read or ask for a secret that it does not know. None: braces are text."""
    checked = checked_in(notebook.read, sent, knows_secret)
    plain = {name: value for name, value in checked.items() if knows_secret is None or not holds_template(value)}
    # A language or a value that cannot be written as a literal is refused now, not when the run starts.
    if checked:
        injecting.injected_source(notebook.language, notebook.read.parameters, plain)
    return checked


def checked_in(
    read: ReadParameters, sent: Mapping[str, Any], knows_secret: KnowsSecret | None, field: str = "parameters"
) -> dict[str, Any]:
    """The same without looking at whether the language can write them down."""
    if read.cell_index is None:
        if errors := values.refuse_without_cell(sent, field):
            raise Invalid.fields(errors, "no_parameters_cell")
        return {}
    asking = {name: value for name, value in sent.items() if knows_secret is not None and holds_template(value)}
    plain = {name: value for name, value in sent.items() if name not in asking}
    checked, errors = values.check_values(read.parameters, plain, field)
    if knows_secret is not None and asking:
        errors += _template_errors(read.parameters, asking, knows_secret, field)
    errors += values.missing_required(read.parameters, sent, field)
    if errors:
        raise Invalid.fields(errors, "invalid_parameters")
    return {name: checked.get(name, value) for name, value in sent.items()}


def _template_errors(
    parameters: Iterable[Parameter], asking: Mapping[str, Any], knows_secret: KnowsSecret, field: str
) -> list[FieldError]:
    """What is wrong with values that hold templates, before any is rendered: syntax, names, secrets."""
    checked = checking.check(parameters, asking, field)
    for name, secrets in checked.secrets.items():
        unknown = [secret for secret in secrets if not knows_secret(secret)]
        if unknown:
            checked.errors.append(FieldError(f"{field}.{name}", missing_secret(unknown[0])))
    return checked.errors


def kept_snapshot(context: Context, notebook: str, version: str) -> Snapshot:
    """A version from the archive. Invalid where it is gone or damaged."""
    try:
        return versions.load(context.archive, notebook, version)
    except (OSError, ValueError) as error:
        raise Invalid(
            f"the version {version[:12]} cannot be read from the archive: {error}", "source_unreadable"
        ) from None
