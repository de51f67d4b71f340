"""A notebook of the workspace as it was seen: its source, and what tells it from any later one."""

from __future__ import annotations

import functools
import json
import os
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from ..apart.tasks import LARGEST_AT_HAND
from ..domain.times import utc_now
from ..errors import Invalid, SchedError
from ..notebook import document, fixing
from ..scheduler.versions import CHANGED_JUST_NOW, REREAD_SECONDS, Snapshot, snapshot_of
from ..workspace import Workspace
from .context import Context
from .done_apart import done_apart

Mark: TypeAlias = tuple[int, int, int]
"""A file's inode, size and time of modification (ns)."""


@dataclass(frozen=True)
class Seen:
    """``raw``: the file; of a large one what is left of it without outputs. ``mark``: another one says that the file
    was written since."""

    snapshot: Snapshot
    raw: bytes
    last_modified: datetime
    mark: Mark

    @functools.cached_property
    def document(self) -> document.Notebook:
        """Without outputs; parsed only where somebody asks, for that may take its time."""
        return fixing.bare(document.read_notebook(self.raw))

    @property
    def path(self) -> str:
        return self.snapshot.notebook

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
        return Seen(snapshot_of(name, document.read_notebook(file.raw)), file.raw, file.last_modified, mark)
    request = {"workspace": str(workspace.root), "state_dir": str(workspace.state_dir), "path": name}
    with done_apart("source", request) as answer:
        head = json.loads(answer.readline())
        canonical, bare = answer.read(head["canonical"]), answer.read()
    snapshot = Snapshot(name, canonical, head["version"], head["kernel"])
    return Seen(snapshot, bare, datetime.fromisoformat(head["last_modified"]), mark)
