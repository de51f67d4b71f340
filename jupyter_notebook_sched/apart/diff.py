"""Two large notebooks compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from ..archive.reading import opened
from ..notebook.comparing.asking import AskedComparison, answered


def work(request: dict[str, Any]) -> Iterator[bytes]:
    """``request``: an AskedComparison. What it is answered with."""
    asked = msgspec.convert(request, AskedComparison)
    return answered(asked, *(_content(side.file, side.about.title) for side in (asked.left, asked.right)))


def _content(file: str, title: str) -> bytes:
    with opened(Path(file), title) as notebook:
        return notebook.read()
