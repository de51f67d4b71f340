"""From a notebook in the workspace to an immutable version of it in the archive."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from ..archive import sources
from ..archive.layout import Archive
from ..notebook import document
from ..workspace import Workspace


@dataclass(frozen=True)
class Snapshot:
    """A notebook as it is now: its canonical bytes and their version (SHA-256)."""

    notebook: str
    canonical: bytes
    version: str
    kernel: str | None


def look(workspace: Workspace, path: str) -> Snapshot:
    """Reads a notebook without keeping anything. NotFound or Invalid where it cannot be read."""
    file = workspace.read(path)
    parsed = document.read_notebook(file.raw)
    canonical = document.canonical_source(parsed)
    return Snapshot(file.path, canonical, sources.version_of(canonical), document.kernel_name(parsed))


def keep(archive: Archive, snapshot: Snapshot) -> None:
    """Stores the snapshot durably; to be done before any row mentions its version."""
    sources.store(archive, snapshot.canonical)


@functools.lru_cache(maxsize=1024)
def kernel_of(archive: Archive, version: str) -> str | None:
    """The kernel that a kept version names."""
    return document.kernel_name(document.read_notebook(sources.load(archive, version)))


def load(archive: Archive, notebook: str, version: str) -> Snapshot:
    """A version that was kept. OSError where it is gone, ValueError where it was changed."""
    canonical = sources.load(archive, version)
    return Snapshot(notebook, canonical, version, document.kernel_name(document.read_notebook(canonical)))
