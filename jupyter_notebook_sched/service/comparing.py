"""Runs and versions compared: which two notebooks are meant, where they lie, and what is known of them."""

from __future__ import annotations

import os
import re
from pathlib import Path

from ..archive.layout import source_path
from ..archive.reading import opened
from ..domain.job import Job
from ..domain.run import RunDetail
from ..errors import Conflict, FieldError, Invalid, NotFound
from ..notebook.comparing.asking import LARGEST_AT_HAND, AboutSide, AskedComparison, AskedSide, answered
from ..store import finding_runs, jobs
from ..store.run_filter import RunFilter
from . import runs
from .context import Context
from .forms import DiffQuery

VERSION = re.compile(r"[0-9a-f]{64}")


def of_run(context: Context, run_id: str, query: DiffQuery) -> AskedComparison:
    """A run (on the right) against what the query names. NotFound where there is no such run, Conflict where one of the
    two has no output (any more), Invalid where ``against`` names nothing."""
    run = runs.get(context, run_id)
    right = side_of_run(context, run, "This run")
    if query.against == "last_success":
        success = _last_success(context, run)
        left, title = side_of_run(context, success, "The last success"), f"{run.name}: compared with the last success"
    elif query.against == "source":
        left, title = _source_now(context, run), f"{run.name}: compared with its source"
    elif VERSION.fullmatch(query.against):
        left, title = side_of_version(context, query.against), f"{run.name}: compared with a version of its source"
    else:
        other = _named(context, query.against)
        left, title = side_of_run(context, other, "Another run"), f"{run.name}: compared with another run"
    return AskedComparison(
        title=title,
        left=left,
        right=right,
        sources_only=left.about.run_id is None,
        format=query.format,
        theme=query.theme,
    )


def side_of_run(context: Context, run: RunDetail, title: str) -> AskedSide:
    """The output of a run. Conflict where there is none (any more)."""
    file = None if run.output is None else context.archive.file(run.output)
    if file is None or not file.is_file():
        raise Conflict(
            f"{title.lower()} ({run.id}) has no output notebook, so there is nothing to compare", "no_output"
        )
    about = AboutSide(
        title=title,
        run_id=run.id,
        notebook=run.notebook,
        source_version=run.source_version,
        state=run.state,
        at=run.started_at or run.created_at,
        duration_seconds=run.duration_seconds,
    )
    return AskedSide(
        about=about, file=str(file), sha256=run.output_sha256, outcomes=run.cells, parameters=run.parameters
    )


def side_of_version(context: Context, version: str, title: str | None = None, field: str = "against") -> AskedSide:
    """A version in the archive. Invalid, about ``field``, where it is not there."""
    file = context.archive.file(source_path(version))
    if file is None or not file.is_file():
        raise _names_nothing(field, f"the version {version[:12]} is not in the archive (any more)")
    about = AboutSide(title=title or f"Version {version[:12]}", source_version=version)
    return AskedSide(about=about, file=str(file), sha256=version)


def side_of_notebook(context: Context, notebook: str, title: str = "The notebook as it is now") -> AskedSide:
    """The file in the workspace. NotFound where it is not there."""
    file = context.workspace.file(notebook)
    if not file.is_file():
        raise NotFound(f"there is no notebook {notebook!r} in the workspace", "no_such_notebook")
    # Links that the person made are followed for reading.
    return AskedSide(about=AboutSide(title=title, notebook=notebook), file=os.path.realpath(file))


def is_large(asked: AskedComparison) -> bool:
    """Whether it is to be answered apart: so is every page, for what is in notebooks is rendered there only."""
    return asked.format == "html" or sum(_size(side) for side in (asked.left, asked.right)) > LARGEST_AT_HAND


def answer(_: Context, asked: AskedComparison) -> bytes:
    """Of a small one, at hand."""
    return b"".join(answered(asked, *(_content(side) for side in (asked.left, asked.right))))


def _content(side: AskedSide) -> bytes:
    with opened(Path(side.file), side.about.title) as file:
        return file.read()


def _size(side: AskedSide) -> int:
    try:
        return os.stat(side.file).st_size
    except OSError:
        return 0


def _last_success(context: Context, run: RunDetail) -> RunDetail:
    """Of the same job; of the same notebook where the run has none."""
    notebook = run.notebook if run.job_id is None else None
    wanted = RunFilter(states=("succeeded",), job=run.job_id, notebook=notebook)
    with context.store.read() as db:
        newest = finding_runs.page(db, wanted, 2, None)
    for found in newest:
        if found.id != run.id:
            return runs.get(context, found.id)
    raise Conflict("there is no other run that succeeded to compare with (any more)", "no_success")


def _source_now(context: Context, run: RunDetail) -> AskedSide:
    """What the run's job uses now, else the notebook as it is now; the run's own version where both are gone."""
    job = None
    if run.job_id is not None:
        with context.store.read() as db:
            job = jobs.get(db, run.job_id)
    if isinstance(job, Job) and job.source == "pinned":
        return side_of_version(context, job.source_version, "The version that the job uses now")
    try:
        return side_of_notebook(context, job.notebook if isinstance(job, Job) else run.notebook)
    except (NotFound, Invalid):
        return side_of_version(context, run.source_version, "The version that it ran")


def _named(context: Context, run_id: str) -> RunDetail:
    try:
        return runs.get(context, run_id)
    except NotFound:
        raise _names_nothing("against", f"there is no run {run_id!r}") from None


def _names_nothing(field: str, message: str) -> Invalid:
    return Invalid.fields([FieldError(field, message)], "nothing_to_compare")
