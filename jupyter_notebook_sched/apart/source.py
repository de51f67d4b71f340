"""A large notebook of the workspace without its outputs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..config import Settings
from ..notebook import document, fixing
from ..workspace import Workspace


def work(request: dict[str, Any]) -> Iterator[bytes]:
    """``path``: in ``workspace``, whose state is in ``state_dir``. When it was modified (UTC), and its document."""
    workspace = Workspace(Settings.of_workspace(Path(request["workspace"]), Path(request["state_dir"])))
    file = workspace.read(request["path"])
    found = {
        "last_modified": file.last_modified.isoformat(),
        "document": fixing.bare(document.read_notebook(file.raw)),
    }
    yield json.dumps(found).encode()
