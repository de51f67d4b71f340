"""The versions of a job: which there were, and what differs between two of them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from sqlite_utils import Database

from ..domain.job import Job
from ..domain.version import Version
from ..errors import FieldError, Invalid, NotFound, Together
from ..notebook import document
from ..notebook.comparing.asking import LARGEST_AT_HAND, AboutSide, AskedComparison, AskedSide
from ..notebook.comparing.comparison import compare
from ..notebook.comparing.sides import Side, side_of
from ..notebook.comparing.telling import ToldCells, told
from ..scheduler.versions import Snapshot
from ..store import jobs, versions
from ..store.jobs import Broken
from .changing import sound
from .comparing import side_of_notebook, side_of_version
from .context import Context
from .done_apart import done_apart
from .forms import VersionsDiffQuery
from .notebooks import kept_snapshot
from .seen_notebooks import seen

WORKSPACE = "notebook"
"""In place of a version: the file as it is now."""


def of_job(context: Context, job_id: str) -> list[Version]:
    """Newest first; of a live job those that a run used."""
    with context.store.read() as db:
        job = jobs.get(db, job_id)
        if job is None:
            raise NotFound(f"there is no job {job_id!r}")
        return versions.of_job(db, job_id, _in_use(db, job))


def _in_use(db: Database, job: Job | Broken) -> str | None:
    """A live job has no version of its own: the file may be another one by now than its newest run read."""
    if not isinstance(job, Job):
        return None
    return job.source_version if job.source == "pinned" else versions.newest_used(db, job.id)


def comparison_of(context: Context, job_id: str, query: VersionsDiffQuery) -> AskedComparison:
    """Two versions, or one and the notebook as it is now. Invalid names both that cannot be had."""
    job = sound(context, job_id)
    found = Together()
    with found.hear("left"):
        left = _side(context, job, query.left, "left")
    with found.hear("right"):
        right = _side(context, job, query.right, "right")
    found.tell()
    return AskedComparison(
        title=f"{job.name}: versions compared",
        left=left,
        right=right,
        sources_only=True,
        format=query.format,
        theme=query.theme,
    )


def _side(context: Context, job: Job, name: str, field: str) -> AskedSide:
    with named_as(field):
        if name == WORKSPACE:
            return side_of_notebook(context, job.notebook)
    _refuse_foreign(context, job, name, field)
    with context.store.read() as db:
        found = versions.newest_of_source(db, job.id, name)
    side = side_of_version(context, name, None if found is None else f"Version {found.n}", field)
    return msgspec.structs.replace(
        side, about=msgspec.structs.replace(side.about, at=None if found is None else found.created_at)
    )


def differences(left: Snapshot, right: Snapshot) -> ToldCells:
    """Of their sources; apart where they are large."""
    if len(left.canonical) + len(right.canonical) > LARGEST_AT_HAND:
        return _told_apart(left, right)
    return told(compare(_source_of(left), _source_of(right), outputs=False))


def _source_of(snapshot: Snapshot) -> Side:
    return side_of(document.read_notebook(snapshot.canonical))


def _told_apart(left: Snapshot, right: Snapshot) -> ToldCells:
    with tempfile.TemporaryDirectory() as folder:
        sides = []
        for name, snapshot in (("left", left), ("right", right)):
            file = Path(folder, name)
            file.write_bytes(snapshot.canonical)
            sides.append(AskedSide(about=AboutSide(title=snapshot.version[:12]), file=str(file)))
        asked = AskedComparison(title="", left=sides[0], right=sides[1], sources_only=True)
        with done_apart("diff", msgspec.to_builtins(asked)) as answer:
            return msgspec.json.decode(answer.read(), type=ToldCells)


def snapshot_of(context: Context, job: Job, version: str, field: str = "source_version") -> Snapshot:
    """A version that the job has or had, or that a run of it used. Invalid where it is none of these, or gone."""
    _refuse_foreign(context, job, version, field)
    with named_as(field):
        return kept_snapshot(context, job.notebook, version)


def _refuse_foreign(context: Context, job: Job, version: str, field: str) -> None:
    with context.store.read() as db:
        known = version == job.source_version or versions.is_of_job(db, job.id, version)
        known = known or versions.was_run(db, version, job.id)
    if not known:
        raise Invalid.fields([FieldError(field, f"{version[:12]!r} is no version of this job")], "no_such_version")


def now_in_workspace(context: Context, notebook: str, field: str) -> Snapshot:
    """The notebook as it is now. Invalid where it cannot be read, whatever the cause."""
    with named_as(field):
        return seen(context, notebook).snapshot


@contextmanager
def named_as(field: str) -> Iterator[None]:
    """What is wrong with a notebook is the fault of that field of the request: 422, also where there is none."""
    try:
        yield
    except (NotFound, Invalid) as error:
        raise Invalid(error.message, error.reason, error.errors or [FieldError(field, error.message)]) from None
