"""Presets kept in a notebook's file."""

from __future__ import annotations

from ..errors import Invalid
from ..notebook import presets
from .context import Context
from .forms import PutPresets
from .notebook_files import replace_unchanged, same_as_seen
from .notebooks import named_in_body
from .parameters_read import OpenedFile, Parameters


def put(context: Context, form: PutPresets) -> Parameters:
    """Makes these the notebook's presets, and no others; every other byte of the file stays as it is.

    A value that does not fit the notebook's parameters is kept, and told in the answer.
    """
    with named_in_body():
        opened = OpenedFile.at(context, form.notebook)
    same_as_seen(opened.file, form.last_modified)
    kept, errors = presets.checked(form.presets)
    if errors:
        raise Invalid.fields(errors, "invalid_presets")
    raw = presets.rewrite_presets(opened.file.raw, opened.notebook["metadata"], kept)
    if raw == opened.file.raw:
        return opened.told()
    replace_unchanged(context, opened.file, raw)
    return OpenedFile.at(context, form.notebook).told()
