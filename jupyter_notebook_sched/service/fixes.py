"""A fix that somebody made in a debug copy: what it is, and where it is to go."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from ..domain.job import Job
from ..domain.run import Run
from ..errors import Conflict, FieldError, Invalid, NotFound, Together
from ..notebook import document, fixing
from ..scheduler.versions import Snapshot, snapshot_of
from ..store import jobs, runs, versions
from .context import Context
from .forms import PublishFix
from .notebooks import kept_snapshot
from .recipients import chosen, pinned_on, refuse_new_kernel
from .seen_notebooks import Seen, seen
from .versions import named_as

LIVE = "live_job"


@dataclass(frozen=True)
class Fix:
    """``job``: the run's own, where that has versions. ``base``: what the run was made of. ``found``: other jobs on the
    notebook, ``chosen``: those of them that get the fix. ``file``: the notebook, where it is of concern. ``tested``: a
    run of the fix has succeeded."""

    run: Run
    job: Job | None
    base: Snapshot
    snapshot: Snapshot
    found: list[Job]
    chosen: list[Job]
    file: Seen | None
    tested: bool

    @property
    def given_to(self) -> list[Job]:
        return self.chosen if self.job is None else [self.job, *self.chosen]

    @property
    def all_on_notebook(self) -> list[Job]:
        """That it could be given to."""
        return self.found if self.job is None else [self.job, *self.found]

    @property
    def replaced(self) -> set[str]:
        return {self.base.version} if self.job is None else {self.base.version, self.job.source_version}

    @property
    def is_conflicting(self) -> bool:
        """Whether somebody else's change would be lost."""
        return self.file is not None and self.file.version not in (self.base.version, self.snapshot.version)


def fix_asked_for(context: Context, run_id: str, form: PublishFix) -> Fix:
    """Invalid names everything that does not fit."""
    refused = Together()
    with context.store.read() as db:
        run = run_of(db, run_id)
        job = jobs.get(db, run.job_id) if run.job_id is not None else None
        own = job if isinstance(job, Job) else None
        path = run.notebook if own is None else own.notebook
        pinned = own if own is not None and own.source == "pinned" else None
        found = pinned_on(db, path, pinned)
        with refused.hear("jobs"):
            wanted = chosen(db, found, form.jobs, pinned)
    base = kept_snapshot(context, path, run.source_version)
    with refused.hear("notebook"):
        fix = _fix(context, form, run, base)
    with refused.hear("write_notebook"):
        file = _file(context, path, form)
    refused.tell()
    if not form.write_notebook:
        _refuse_without_version(own)
    refuse_new_kernel(context, fix, [*wanted, *([pinned] if pinned is not None else [])])
    with context.store.read() as db:
        tested = versions.has_succeeded(db, fix.version, run.job_id, run.id)
    return Fix(run, pinned, base, fix, found, wanted, file, tested)


def run_of(db: Database, run_id: str) -> Run:
    run = runs.get(db, run_id)
    if run is None:
        raise NotFound(f"there is no run {run_id!r}")
    return run


def _refuse_without_version(job: Job | None) -> None:
    if job is None:
        raise Conflict("this run has no job; send write_notebook to put the fix into its notebook", "no_job")
    if job.source == "live":
        message = "the job of this run always runs the current file; send write_notebook to put the fix into it"
        raise Conflict(message, LIVE)


def _fix(context: Context, form: PublishFix, run: Run, base: Snapshot) -> Snapshot:
    if form.source_version is not None:
        return _tried_out(context, form.source_version, run, base.notebook)
    if form.notebook is None:
        raise Invalid.fields([FieldError("notebook", "is required, unless source_version says what to publish")])
    with named_as("notebook"):
        copy = seen(context, form.notebook).document
    fix = fixing.fix_of(copy, document.read_notebook(base.canonical), run.kernel)
    return snapshot_of(base.notebook, fix)


def _tried_out(context: Context, version: str, run: Run, path: str) -> Snapshot:
    with context.store.read() as db:
        known = version == run.source_version or versions.was_run(db, version, run.job_id, run.id)
    if not known:
        message = f"{version[:12]!r} is no version that a run of this job, or one that repeats this run, has used"
        raise Invalid.fields([FieldError("source_version", message)], "no_such_version")
    return kept_snapshot(context, path, version)


def _file(context: Context, path: str, form: PublishFix) -> Seen | None:
    """The workspace's notebook; None where it is of no concern, or is to be made again, for it was removed. Invalid
    where it is to be written and cannot be."""
    if not (form.write_notebook or form.dry_run):
        return None
    try:
        with named_as("write_notebook"):
            context.workspace.unlinked(context.workspace.file(path))
            return seen(context, path)
    except Invalid as error:
        can_be_made = error.reason == "no_such_notebook" and context.workspace.folder(path).is_dir()
        if form.write_notebook and not can_be_made:
            raise
        return None
