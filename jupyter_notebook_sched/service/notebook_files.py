"""A notebook of the workspace written, where nobody else wrote it meanwhile."""

from __future__ import annotations

import os
from datetime import datetime

from ..archive import writing
from ..domain.times import whole_milliseconds
from ..errors import Conflict, Invalid
from ..workspace import NotebookFile
from .context import Context
from .notebooks import named_in_body

CHANGED = "the notebook was changed meanwhile; read its parameters again"


def same_as_seen(file: NotebookFile, last_modified: datetime) -> None:
    """Conflict (409) where the file is not the one that was seen."""
    if not is_as_seen(file.last_modified, last_modified):
        raise Conflict(CHANGED, "notebook_changed")


def is_as_seen(modified: datetime, last_modified: datetime) -> bool:
    """A browser's clock has milliseconds; where ``last_modified`` has no more, they are compared."""
    in_milliseconds = last_modified == whole_milliseconds(last_modified)
    return last_modified == (whole_milliseconds(modified) if in_milliseconds else modified)


def replace_unchanged(context: Context, file: NotebookFile, raw: bytes) -> None:
    """Puts ``raw`` in the place of the file as it was read, at once. Conflict (409) where it is another one by now;
    Invalid (422) where a link leads there, or it cannot be written."""
    with named_in_body():
        target = context.workspace.unlinked(context.workspace.file(file.path))
        now = context.workspace.read(file.path)
    if now.raw != file.raw:
        raise Conflict(CHANGED, "notebook_changed")
    try:
        writing.replace(target, raw, durable=True, mode=os.stat(target).st_mode & 0o777)
    except OSError as error:
        raise Invalid(f"{file.path!r} cannot be written: {error.strerror}", "notebook_not_writable") from None
