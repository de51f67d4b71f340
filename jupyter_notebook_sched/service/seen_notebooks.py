"""A notebook of the workspace as it was seen: its document without outputs, and what tells it from any later one."""

from __future__ import annotations

import functools
import json
import os
import threading
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from ..apart.working import Work
from ..archive import sources
from ..domain.times import utc_now
from ..errors import Invalid, SchedError
from ..notebook import document, fixing
from ..scheduler.versions import CHANGED_JUST_NOW, REREAD_SECONDS, Snapshot
from ..workspace import Workspace
from .context import Context

LARGEST_AT_HAND = 1024 * 1024
"""Bytes: what is larger is read in a process of its own."""
Mark: TypeAlias = tuple[int, int, int]
"""A file's inode, size and time of modification (ns)."""
_two_at_a_time = threading.Semaphore(2)


@dataclass(frozen=True)
class Seen:
    """``mark``: another one says that the file was written since."""

    path: str
    document: document.Notebook
    last_modified: datetime
    mark: Mark

    @functools.cached_property
    def snapshot(self) -> Snapshot:
        canonical = document.canonical_source(self.document)
        return Snapshot(self.path, canonical, sources.version_of(canonical), document.kernel_name(self.document))

    @property
    def version(self) -> str:
        return self.snapshot.version


def seen(context: Context, path: str) -> Seen:
    """NotFound where there is no such file, Invalid where it cannot be read. Jupyter saves in place, so that a reader
    can see half a notebook: one changed just now is read again."""
    for pause in REREAD_SECONDS:
        try:
            found = _read(context.workspace, path)
            if mark_of(context.workspace.file(path)) == found.mark:
                return found
        except Invalid:
            mark = mark_of(context.workspace.file(path))
            if mark is None or utc_now().timestamp() - mark[2] / 1e9 > CHANGED_JUST_NOW.total_seconds():
                raise
        time.sleep(pause)
    return _read(context.workspace, path)


def mark_of(file: Path) -> Mark | None:
    """None where there is nothing."""
    try:
        facts = os.stat(file)
    except OSError:
        return None
    return facts.st_ino, facts.st_size, facts.st_mtime_ns


@functools.lru_cache(maxsize=20_000)
def version_in(workspace: Workspace, path: str, mark: Mark) -> str | None:
    """The version that the file with that mark makes; None where it cannot be read."""
    try:
        return _read(workspace, path).version
    except (OSError, SchedError):
        return None


def _read(workspace: Workspace, path: str) -> Seen:
    name = workspace.name(path)
    mark = mark_of(workspace.root / name) or (0, 0, 0)
    if mark[1] <= LARGEST_AT_HAND:
        file = workspace.read(name)
        return Seen(name, fixing.bare(document.read_notebook(file.raw)), file.last_modified, mark)
    request = {"workspace": str(workspace.root), "state_dir": str(workspace.state_dir), "path": name}
    with _two_at_a_time, Work("source", request).carry_out() as answer:
        found = json.loads(answer.read())
    return Seen(name, found["document"], datetime.fromisoformat(found["last_modified"]), mark)
