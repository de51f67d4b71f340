"""A whole copy of a store that is in use."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

PATIENCE_SECONDS = 10.0


def copy_whole(store: Path, to: Path) -> None:
    """Durable and private before it has its name; a process that dies meanwhile leaves no half copy under it."""
    fresh = to.with_name(f".{to.name}.part")
    fresh.unlink(missing_ok=True)
    connection = sqlite3.connect(store, isolation_level=None, timeout=PATIENCE_SECONDS)
    try:
        connection.execute("vacuum into ?", [str(fresh)])
    finally:
        connection.close()
    fresh.chmod(0o600)
    for written in (fresh, fresh.parent):
        descriptor = os.open(written, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if written == fresh:
            fresh.rename(to)
