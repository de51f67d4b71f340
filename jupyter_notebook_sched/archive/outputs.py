"""Output notebooks: replaced at once while a run goes on, immutable when it ends."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from pathlib import Path

from . import writing
from .layout import RUNS, Archive, run_folder


class OutputSink:
    """The one file of one attempt; only the attempt's own process writes it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def save(self, content: bytes) -> None:
        """What there is so far; may be lost in a power cut, never torn."""
        writing.replace(self.path, content, durable=False)

    def seal(self, content: bytes) -> str:
        """The final bytes, durable and read-only; returns their SHA-256."""
        writing.replace(self.path, content, durable=True, mode=writing.READ_ONLY)
        return hashlib.sha256(content).hexdigest()


def seal_as_it_is(path: Path) -> str | None:
    """Makes what a vanished process left the final record, durably; its SHA-256, or None where it left nothing."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    return OutputSink(path).seal(content)


def size_of_attempt(output: Path) -> int:
    """Bytes of all files in the attempt's folder, links not followed."""
    return sum(
        os.lstat(os.path.join(folder, name)).st_size for folder, _, names in os.walk(output.parent) for name in names
    )


def remove_folder(archive: Archive, path: str) -> None:
    """Removes every file of a run; ``path``: its folder in the archive. The days that are empty then go with it."""
    folder = archive.file(path)
    if folder is None or not path.startswith(f"{RUNS}/"):
        return
    if folder.is_dir():
        shutil.rmtree(folder)
    for day in list(folder.parents)[:3]:
        with contextlib.suppress(OSError):
            day.rmdir()


def remove_run(archive: Archive, run_id: str) -> None:
    """Removes every file of a run."""
    remove_folder(archive, run_folder(run_id))
