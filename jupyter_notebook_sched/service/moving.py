"""Notebooks move: jobs and history follow what Jupyter moves; what moved elsewhere is recognised by its content."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import datetime

import msgspec
from sqlite_utils import Database

from ..archive import sources
from ..errors import Invalid, SchedError
from ..notebook import document
from ..store import moving, outbox
from .changing import sound
from .context import Context

MOST_NOTEBOOKS = 5000
LONGEST_LOOK_SECONDS = 10.0
PASSED_OVER = frozenset({"node_modules", "__pycache__", ".git", ".ipynb_checkpoints", ".venv", ".notebook-sched"})


class Moved(msgspec.Struct, frozen=True):
    """Notebooks that hold the job's version; ``complete``: the whole workspace was looked through."""

    notebooks: list[str]
    complete: bool


def follow(context: Context, old: str, new: str) -> None:
    """A file or folder was moved within the workspace (its paths as Jupyter names them)."""
    old, new = _plain(old), _plain(new)
    if not context.store.exists() or not old or not new:
        return
    with context.store.read() as db:
        found = [old] if moving.is_known(db, old) else []
        found += moving.notebooks_below(db, old)
    if not found:
        return
    now = context.clock()
    with context.store.write() as db:
        for notebook in found:
            _move(context, db, notebook, new + notebook[len(old) :], now)
    context.committed()


def _move(context: Context, db: Database, old: str, new: str, now: datetime) -> None:
    """What is no notebook any more, or none of the workspace's, counts as removed."""
    try:
        moving.move(db, old, context.workspace.name(new), now)
    except Invalid:
        for job_id in moving.jobs_of(db, old):
            outbox.tell_job(db, job_id, "updated", now)


def look_again(context: Context, path: str) -> None:
    """A file or folder was removed, or is there again: whoever looks at its jobs should ask how they stand."""
    path = _plain(path)
    if not context.store.exists() or not path:
        return
    with context.store.read() as db:
        found = moving.jobs_of(db, path)
    if not found:
        return
    now = context.clock()
    with context.store.write() as db:
        for job_id in found:
            outbox.tell_job(db, job_id, "updated", now)
    context.committed()


def moved(context: Context, job_id: str) -> Moved:
    """Looks through the workspace for the job's version."""
    job = sound(context, job_id)
    until = time.monotonic() + LONGEST_LOOK_SECONDS
    found: list[str] = []
    for looked_at, path in enumerate(_notebooks(context), 1):
        if looked_at > MOST_NOTEBOOKS or time.monotonic() > until:
            return Moved(found, complete=False)
        if path != job.notebook and _version(context, path) == job.source_version:
            found.append(path)
    return Moved(found, complete=True)


def _plain(path: str) -> str:
    return path.removeprefix("RTC:").strip("/")


def _notebooks(context: Context) -> Iterator[str]:
    """Every notebook of the workspace, those of links and of hidden places left out."""
    root = context.workspace.root
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in PASSED_OVER)
        for name in sorted(names):
            if name.endswith(".ipynb"):
                yield os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/")


def _version(context: Context, path: str) -> str | None:
    try:
        return sources.version_of(document.canonical_source(document.read_notebook(context.workspace.read(path).raw)))
    except SchedError:
        return None
