"""Why a job cannot run as it should, told when it is looked at and not when it is due: what its row says, or what has
become of its schedule, its notebook, its folder, its kernel and its secrets since."""

from __future__ import annotations

import functools
from pathlib import Path

from sqlite_utils import Database

from ..archive import sources
from ..archive.layout import Archive
from ..domain import secrets, trigger
from ..domain.job import Job
from ..errors import Invalid
from ..notebook import document
from ..notebook.parameters import reading
from ..notebook.parameters.model import ReadParameters
from ..scheduler import versions
from .context import Context
from .notebooks import checked_in
from .resolving import missing_secret


def problem_of(context: Context, db: Database, job: Job, notebook_missing: bool) -> str | None:
    """None where nothing is wrong."""
    if job.problem is not None:
        return job.problem
    if job.trigger is not None and (wrong := trigger.faults(job.trigger)):  # a row edited by hand
        return f"this schedule cannot be followed: {next(iter(wrong.values()))}"
    if notebook_missing:
        return _without_notebook(context, job)
    return _without_kernel(context, db, job) or _without_fit(context, job) or _without_secret(context, db, job)


def _without_notebook(context: Context, job: Job) -> str:
    try:
        folder = context.workspace.folder(job.notebook)
    except Invalid as error:  # a row edited by hand
        return str(error)
    if not folder.is_dir():
        name = job.notebook.rpartition("/")[0]
        return f"the folder {name!r} that its runs start in is missing; put it back, or choose another notebook"
    what = f"the notebook {job.notebook!r} is missing"
    if job.source == "live":
        return f"{what}, so its next run will fail; put it back, or choose another notebook"
    return f"{what}; its runs use the version that was kept. Put it back, or choose another notebook"


def _without_kernel(context: Context, db: Database, job: Job) -> str | None:
    kernel = versions.kernel_of_job(context.archive, job, context.settings.default_kernel)
    if kernel in context.kernels.languages() or kernel in context.kernels_of_workers(db):
        return None
    return f"the kernel {kernel!r} is installed on no host of this workspace; install it, or choose another kernel"


def _without_fit(context: Context, job: Job) -> str | None:
    """Versions are published although a job's values do not fit them. What a live job reads may change until then."""
    if job.source == "live" or not job.parameters:
        return None
    kernel = versions.kernel_of_job(context.archive, job, context.settings.default_kernel)
    try:
        read = _read(context.archive.root, job.source_version, kernel, context.language_of(kernel))
        checked_in(read, job.parameters, _takes_any if job.templates else None)
    except Invalid as error:
        what = error.errors[0] if error.errors else None
        if what is None or not what.field.startswith("parameters."):
            return None
        name = what.field.split(".")[1]
        return f"its value of {name!r} does not fit its version of the notebook ({what.message}); change it in the job"
    except (OSError, ValueError):  # the source is gone, which its next run tells
        return None
    return None


@functools.lru_cache(maxsize=1024)
def _read(root: Path, version: str, kernel: str, language: str | None) -> ReadParameters:
    notebook = document.read_notebook(sources.load(Archive(root), version))
    return reading.read_parameters(notebook["cells"], document.language(notebook, language))


def _takes_any(name: str) -> bool:
    return True


def _without_secret(context: Context, db: Database, job: Job) -> str | None:
    name = missing_secret(context, db, job)
    return None if name is None else f"its next run will fail. {secrets.missing_secret(name)}"
