"""A job as everybody sees it: what is stored, and how its notebook stands now."""

from __future__ import annotations

import functools
import os
import stat
from datetime import datetime
from pathlib import Path

import msgspec
from sqlite_utils import Database

from ..archive import sources
from ..domain.job import Job, JobAnswer, JobSpec
from ..domain.run import Run
from ..errors import SchedError
from ..notebook import document
from ..store.jobs import Broken
from .context import Context
from .job_problems import problem_of


def job_answer(context: Context, db: Database, job: Job, last_run: Run | None) -> JobAnswer:
    missing, version = _state_of_file(context, job.notebook)
    fields = {name: getattr(job, name) for name in JobAnswer.__struct_fields__ if hasattr(job, name)}
    fields["problem"] = problem_of(context, db, job, missing)
    return JobAnswer(
        **fields,
        last_run=last_run,
        notebook_missing=missing,
        notebook_changed=job.source == "pinned" and version is not None and version != job.source_version,
    )


def broken_answer(broken: Broken, now: datetime) -> JobAnswer:
    """A row that cannot be read still shows, with what is wrong with it."""
    spec = JobSpec(name=broken.name, notebook="", paused=True)
    return JobAnswer(
        **msgspec.structs.asdict(spec),
        id=broken.id,
        source_version="",
        notebook_changed=False,
        notebook_missing=False,
        next_run_at=None,
        last_run=None,
        last_slot=None,
        paused_until=None,
        slots_run=0,
        problem=broken.message,
        created_at=now,
        updated_at=now,
        revision=0,
    )


def _state_of_file(context: Context, notebook: str) -> tuple[bool, str | None]:
    """Whether the notebook is missing, and the version that it would make now (None where it cannot be read)."""
    try:
        file = context.workspace.file(notebook)
        facts = os.stat(file)
    except (OSError, SchedError):
        return True, None
    if not stat.S_ISREG(facts.st_mode):
        return True, None
    return False, _version_of_file(file, facts.st_mtime_ns, facts.st_size, facts.st_ino)


@functools.lru_cache(maxsize=20_000)
def _version_of_file(file: Path, _modified: int, _size: int, _inode: int) -> str | None:
    try:
        return sources.version_of(document.canonical_source(document.read_notebook(file.read_bytes())))
    except (OSError, SchedError):
        return None
