"""The contents model of a large archived file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from ..archive.reading import opened
from ..notebook.archived import Asked, encoded, filled


def work(request: dict[str, Any]) -> Iterator[bytes]:
    """``file``: where it is; ``described``: its model without content; ``asked``: see ``notebook/archived.py``."""
    with opened(Path(request["file"]), request["described"]["path"]) as file:
        raw = file.read()
    yield encoded(filled(request["described"], raw, msgspec.convert(request["asked"], Asked)))
