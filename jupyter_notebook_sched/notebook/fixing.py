"""From a debug copy back to a source: what of the copy is the fix, and how it is put into the notebook's own file."""

from __future__ import annotations

import json
from typing import Any

from .document import RUN_METADATA, Notebook, kernel_name

OF_KERNEL = ("kernelspec", "language_info")


def bare(notebook: Notebook) -> Notebook:
    """The document without what its code cells gave, so that it is small."""
    cells = [cell | {"outputs": []} if cell["cell_type"] == "code" else cell for cell in notebook["cells"]]
    return notebook | {"cells": cells}


def fix_of(copy: Notebook, base: Notebook, kernel: str) -> Notebook:
    """The debug copy as the notebook that its run was made of is to be now; ``kernel``: the run's. That the copy was
    opened on the run's kernel, which the notebook may not name, is no part of the fix."""
    if kernel_name(copy) != kernel:
        return copy
    metadata = {name: value for name, value in copy["metadata"].items() if name not in OF_KERNEL}
    own = {name: base["metadata"][name] for name in OF_KERNEL if name in base["metadata"]}
    return copy | {"metadata": metadata | own}


def written(file: Notebook, base: Notebook, fix: Notebook) -> bytes:
    """The file with the cells of the fix and without outputs. Of the notebook's own metadata only that changes which
    the fix has changed since ``base``; both are canonical. As Jupyter writes notebooks (nbformat)."""
    changed = {name for name in {*base["metadata"], *fix["metadata"]} if name != RUN_METADATA}
    changed = {name for name in changed if base["metadata"].get(name) != fix["metadata"].get(name)}
    metadata = {name: value for name, value in file["metadata"].items() if name not in changed}
    metadata |= {name: fix["metadata"][name] for name in changed if name in fix["metadata"]}
    minor = max(file["nbformat_minor"], fix["nbformat_minor"])
    cells = [_in_lines(cell) for cell in fix["cells"]]
    text = json.dumps(
        file | {"cells": cells, "metadata": metadata, "nbformat_minor": minor},
        ensure_ascii=False,
        indent=1,
        sort_keys=True,
        separators=(",", ": "),
    )
    return f"{text}\n".encode("utf-8", "backslashreplace")


def _in_lines(cell: dict[str, Any]) -> dict[str, Any]:
    return cell | {"source": cell["source"].splitlines(keepends=True)}
