"""A job as everybody sees it: what is stored, and how its notebook stands now."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlite_utils import Database

from ..domain.job import Job, JobAnswer, JobSpec
from ..domain.run import Run
from ..errors import SchedError
from ..store.jobs import Broken
from .context import Context
from .job_problems import problem_of
from .seen_notebooks import mark_of, version_in


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
    except SchedError:
        return True, None
    mark = mark_of(file)
    if mark is None or not file.is_file():
        return True, None
    return False, version_in(context.workspace, notebook, mark)
