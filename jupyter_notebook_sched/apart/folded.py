"""An archived notebook with its code folded away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..archive.reading import opened
from ..notebook.folding import folded


def work(request: dict[str, Any]) -> Iterator[bytes]:
    """``file``: where it is; ``path``: what it is called in the archive."""
    with opened(Path(request["file"]), request["path"]) as file:
        raw = file.read()
    yield folded(raw, request["path"])
