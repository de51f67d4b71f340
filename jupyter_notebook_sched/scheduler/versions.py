"""From a notebook in the workspace to an immutable version of it in the archive."""

from __future__ import annotations

import functools
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from ..archive import sources
from ..archive.layout import Archive
from ..domain.job import Job
from ..domain.times import utc_now
from ..errors import Invalid, SchedError
from ..notebook import document
from ..workspace import NotebookFile, Workspace

REREAD_SECONDS = (0.05, 0.2)
CHANGED_JUST_NOW = timedelta(seconds=2)


@dataclass(frozen=True)
class Snapshot:
    """A notebook as it is now: its canonical bytes and their version (SHA-256)."""

    notebook: str
    canonical: bytes
    version: str
    kernel: str | None


def look(workspace: Workspace, path: str) -> Snapshot:
    """Reads a notebook without keeping anything. NotFound or Invalid where it cannot be read."""
    file, parsed = _read_whole(workspace, path)
    return snapshot_of(file.path, parsed)


def snapshot_of(path: str, notebook: document.Notebook) -> Snapshot:
    canonical = document.canonical_source(notebook)
    return Snapshot(path, canonical, sources.version_of(canonical), document.kernel_name(notebook))


def _read_whole(workspace: Workspace, path: str) -> tuple[NotebookFile, dict[str, Any]]:
    """Jupyter saves in place, so that a reader can see half a notebook: one changed just now is read again."""
    for pause in REREAD_SECONDS:
        file = workspace.read(path)
        try:
            return file, document.read_notebook(file.raw)
        except Invalid:
            if utc_now() - file.last_modified > CHANGED_JUST_NOW:
                raise
            time.sleep(pause)
    file = workspace.read(path)
    return file, document.read_notebook(file.raw)


def keep(archive: Archive, snapshot: Snapshot) -> None:
    """Stores the snapshot durably; to be done before any row mentions its version."""
    sources.store(archive, snapshot.canonical)


def keep_again(archive: Archive, snapshot: Snapshot) -> None:
    """Inside the transaction that writes a row that names it: it may just have been removed as unused
    (``retention.pruning``)."""
    if not sources.is_kept(archive, snapshot.version):
        keep(archive, snapshot)


def kernel_of_job(archive: Archive, job: Job, default: str) -> str:
    """The kernel that the job's runs start on: its own, else the one that its version names, else the default."""
    # Rows from before 0.2.0 do not say what their version names.
    own = job.kernel or job.source_kernel
    if own is None:
        with suppress(OSError, ValueError, SchedError):
            own = _named_by(archive.root, job.source_version)
    return own or default


@functools.lru_cache(maxsize=4096)
def _named_by(root: Path, version: str) -> str | None:
    return document.kernel_name(document.read_notebook(sources.load(Archive(root), version)))


def load(archive: Archive, notebook: str, version: str) -> Snapshot:
    """A version that was kept. OSError where it is gone, ValueError where it was changed."""
    canonical = sources.load(archive, version)
    return Snapshot(notebook, canonical, version, document.kernel_name(document.read_notebook(canonical)))
