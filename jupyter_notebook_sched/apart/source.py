"""A large notebook of the workspace without its outputs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..archive import sources
from ..config import Settings
from ..notebook import document, fixing
from ..workspace import Workspace


def work(request: dict[str, Any]) -> Iterator[bytes]:
    """``path``: in ``workspace``, whose state is in ``state_dir``. A line that says when it was modified (UTC), its
    version, its kernel and how many bytes its canonical source has; that source; its document without outputs."""
    workspace = Workspace(Settings.of_workspace(Path(request["workspace"]), Path(request["state_dir"])))
    file = workspace.read(request["path"])
    notebook = document.read_notebook(file.raw)
    canonical = document.canonical_source(notebook)
    head = {
        "last_modified": file.last_modified.isoformat(),
        "version": sources.version_of(canonical),
        "kernel": document.kernel_name(notebook),
        "canonical": len(canonical),
    }
    yield json.dumps(head).encode() + b"\n"
    yield canonical
    yield json.dumps(fixing.bare(notebook)).encode()
