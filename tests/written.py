"""Notebook files as tests need them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PYTHON = {"name": "python3", "display_name": "Python 3", "language": "python"}


def code(source: str, *tags: str) -> dict[str, Any]:
    metadata = {"tags": list(tags)} if tags else {}
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}


def markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def document(
    *cells: str | dict[str, Any], parameters: str | None = None, kernelspec: dict[str, str] | None = PYTHON
) -> dict[str, Any]:
    """Text becomes a code cell; ``parameters`` the first one, with its tag."""
    first = [code(parameters, "parameters")] if parameters is not None else []
    made = first + [code(cell) if isinstance(cell, str) else cell for cell in cells]
    numbered = [cell | {"id": f"c{number}"} for number, cell in enumerate(made)]
    metadata = {"kernelspec": kernelspec} if kernelspec else {}
    return {"nbformat": 4, "nbformat_minor": 5, "cells": numbered, "metadata": metadata}


def write_notebook(file: Path, *cells: str | dict[str, Any], **more: Any) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document(*cells, **more)))
    return file


def tree(root: Path) -> dict[str, bytes | str | None]:
    """Everything below a directory with its contents, to see that nothing was written."""
    found: dict[str, bytes | str | None] = {}
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        found[name] = str(path.readlink()) if path.is_symlink() else path.read_bytes() if path.is_file() else None
    return found
