"""What a process that was killed left of its attempt in the archive."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec

from ..archive import writing
from ..notebook.document import RUN_METADATA
from .interface import Ended


def sealed_ending(path: Path) -> Ended | None:
    """What the whole final file says of its end; None where the attempt did not come that far."""
    try:
        if path.stat().st_mode & 0o777 != writing.READ_ONLY:
            return None
        facts = json.loads(path.read_bytes())["metadata"][RUN_METADATA]
        return msgspec.convert(facts | {"output_sha256": None, "type": "ended"}, Ended)
    except (OSError, ValueError, KeyError, msgspec.ValidationError):
        return None


def sweep(folder: Path) -> None:
    """What a writer that was killed left half-written."""
    for left in folder.glob(f"{writing.TEMPORARY}*"):
        left.unlink(missing_ok=True)
