"""A real Jupyter server on a scratch workspace, with the notebooks that the measurements run."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.serving import Served, serving

TRIVIAL = ("import math", "x = 2", "y = math.sqrt(x)", "print(y)", "[y] * 3")


@contextlib.contextmanager
def live_server() -> Iterator[tuple[Served, Path]]:
    """Up with its worker running, and its workspace; both gone at the end."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        workspace = Path(folder) / "workspace"
        workspace.mkdir()
        with serving(workspace, Path(folder) / "home") as server:
            yield server, workspace
