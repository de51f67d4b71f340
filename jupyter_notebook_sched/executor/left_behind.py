"""What a process that was killed left of its attempt in the archive."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import msgspec

from ..archive import outputs, writing
from ..notebook.document import RUN_METADATA
from .interface import Ended


def sealed_ending(path: Path) -> Ended | None:
    """What the whole final file says of its end; None where the attempt did not come that far."""
    try:
        facts = json.loads(outputs.own_bytes(path, writing.READ_ONLY))["metadata"][RUN_METADATA]
        return msgspec.convert(facts | {"output_sha256": None, "type": "ended"}, Ended)
    except (OSError, ValueError, KeyError, msgspec.ValidationError):
        return None


def sweep(folder: Path) -> None:
    """What a writer that was killed left half-written."""
    if folder.is_symlink():
        return
    for left in folder.glob(f"{writing.TEMPORARY}*"):
        with contextlib.suppress(OSError):  # a folder of that name is the notebook's own
            left.unlink()
