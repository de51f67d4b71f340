"""A notebook for readers who want what its cells show, and not their code."""

from __future__ import annotations

import json

from ..errors import Invalid
from .document import as_file


def folded(raw: bytes, path: str) -> bytes:
    """The notebook file with the source of each code cell folded away, as viewers know it (``jupyter.source_hidden``,
    https://nbformat.readthedocs.io/en/latest/format_description.html#cell-metadata). It is still in there.

    Invalid (``notebook_unreadable``) where it is damaged; ``path`` names it then.
    """
    try:
        notebook = json.loads(raw)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                metadata = cell.setdefault("metadata", {})
                own = metadata.get("jupyter")
                metadata["jupyter"] = (own if isinstance(own, dict) else {}) | {"source_hidden": True}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Invalid(f"{path!r} in the archive is damaged", "notebook_unreadable") from None
    return as_file(notebook)
