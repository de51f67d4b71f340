"""Who gets another version: the jobs on a notebook, and which of their stored values it no longer takes."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence

import msgspec
from sqlite_utils import Database

from ..domain.job import Job
from ..errors import FieldError, Invalid
from ..scheduler.versions import Snapshot
from ..store import jobs
from .context import Context
from .notebooks import Opened, checked_values, opened

LISTED = 1000


class Misfit(msgspec.Struct, frozen=True):
    """A stored value of a job that the version does not take; it is to be changed in the job."""

    job_id: str
    job_name: str
    parameter: str
    message: str


class Other(msgspec.Struct, frozen=True):
    """Another job on the notebook. ``preselected``: it has the very version that is to be replaced."""

    id: str
    name: str
    source_version: str
    preselected: bool


def pinned_on(db: Database, notebook: str, but: Job | None) -> list[Job]:
    """The jobs on the notebook that have a version of it, newest first."""
    own = None if but is None else but.id
    return [job for job in jobs.on_notebook(db, notebook, LISTED) if job.source == "pinned" and job.id != own]


def others_of(found: Sequence[Job], version: str, replaced: Collection[str]) -> list[Other]:
    """Those that do not have ``version`` yet; ``replaced``: the versions that it replaces."""
    return [
        Other(job.id, job.name, job.source_version, job.source_version in replaced)
        for job in found
        if job.source_version != version
    ]


def without(found: Sequence[Job], given: Sequence[Job]) -> list[Job]:
    """Those that did not get it."""
    ids = {job.id for job in given}
    return [job for job in found if job.id not in ids]


def chosen(db: Database, found: Sequence[Job], asked: Sequence[str], own: Job | None) -> list[Job]:
    """The jobs that a request names beside its own. Invalid names each that cannot have the version."""
    known = {job.id: job for job in found}
    wanted = [job_id for job_id in dict.fromkeys(asked) if own is None or job_id != own.id]
    errors = [
        FieldError(f"jobs.{place}", _why_not(db, job_id))
        for place, job_id in enumerate(asked)
        if job_id in wanted and job_id not in known
    ]
    if errors:
        raise Invalid.fields(errors)
    return [known[job_id] for job_id in wanted]


def _why_not(db: Database, job_id: str) -> str:
    job = jobs.get(db, job_id)
    if job is None:
        return f"there is no job {job_id!r}"
    if not isinstance(job, Job):
        return job.message
    if job.source == "live":
        return f"{job.name!r} always runs the current file; it has no version of its own"
    return f"{job.name!r} runs another notebook"


def misfits(context: Context, snapshot: Snapshot, asked: Sequence[Job]) -> list[Misfit]:
    """Which stored values the version does not take; what a secret is, only a run finds out."""

    @functools.cache
    def with_kernel(kernel: str) -> Opened:
        return opened(context, snapshot, kernel)

    found = []
    for job in asked:
        kernel = job.kernel or snapshot.kernel or context.settings.default_kernel
        try:
            checked_values(with_kernel(kernel), job.parameters, _takes_any if job.templates else None)
        except Invalid as error:
            errors = error.errors or [FieldError("parameters", error.message)]
            found += [Misfit(job.id, job.name, _parameter(each), each.message) for each in errors]
    return found


def refuse_new_kernel(context: Context, snapshot: Snapshot, asked: Sequence[Job]) -> None:
    """Invalid where the version names another kernel than before, and no host has it."""
    if any(job.kernel is None and job.source_kernel != snapshot.kernel for job in asked):
        try:
            context.known_kernel(None, snapshot.kernel)
        except Invalid as error:
            message = error.errors[0].message if error.errors else error.message
            raise Invalid(message, error.reason, [FieldError("source_version", message)]) from None


def _parameter(error: FieldError) -> str:
    return error.field.removeprefix("parameters").removeprefix(".")


def _takes_any(name: str) -> bool:
    return True
