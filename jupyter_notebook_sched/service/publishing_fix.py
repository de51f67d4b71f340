"""What a person mended in a debug copy becomes the version of its job, or the notebook itself, or both."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from ..domain.job import JobAnswer
from ..domain.version import Signature
from ..errors import Conflict
from ..notebook import document, fixing
from ..notebook.comparing.telling import ToldCells
from ..scheduler import versions
from ..store import moving, outbox
from .changing import on_the_newest
from .context import Context
from .fixes import Fix, fix_asked_for, run_of
from .forms import PublishFix
from .jobs import get
from .notebook_files import is_as_seen
from .notebooks import kept_snapshot
from .publishing import checked_form, give
from .recipients import Misfit, Other, misfits, others_of, without
from .replacing import making, replacing
from .versions import differences, named_as

CHANGED = "the notebook was changed since this run; see what changed, then send its last_modified to write over it"


class Conflicting(msgspec.Struct, frozen=True):
    """The workspace's notebook has changed since the run; ``diff``: how."""

    last_modified: datetime
    diff: ToldCells


class PublishedFix(msgspec.Struct, frozen=True):
    """As ``Published``. ``wrote``: the notebook holds the fix now. ``tested``: a run of it has succeeded."""

    source_version: str
    diff: ToldCells
    misfits: list[Misfit]
    others: list[Other]
    wrote: bool
    conflict: Conflicting | None
    tested: bool
    job: JobAnswer | None


def publish_fix(context: Context, run_id: str, sent: dict[str, Any], by: str | None = None) -> PublishedFix:
    """Conflict where there is no job whose version it could be and the notebook is not to be written, or where that
    was changed meanwhile."""
    with context.store.read() as db:
        run_of(db, run_id)
    form = checked_form(PublishFix, sent, lambda form: fix_asked_for(context, run_id, form))
    return on_the_newest(lambda: _publish(context, run_id, form, by))


def _publish(context: Context, run_id: str, form: PublishFix, by: str | None) -> PublishedFix:
    fix = fix_asked_for(context, run_id, form)
    before = fix.base if fix.job is None else kept_snapshot(context, fix.job.notebook, fix.job.source_version)
    told = PublishedFix(
        source_version=fix.snapshot.version,
        diff=differences(before, fix.snapshot),
        misfits=misfits(context, fix.snapshot, fix.all_on_notebook if form.dry_run else fix.given_to),
        others=others_of(
            fix.found if form.dry_run else without(fix.found, fix.chosen), fix.snapshot.version, fix.replaced
        ),
        wrote=False,
        conflict=_conflict(context, fix) if form.dry_run else None,
        tested=fix.tested,
        job=None,
    )
    if form.dry_run:
        return told
    versions.keep(context.archive, fix.snapshot)
    signed = Signature(by, form.message.strip())
    if form.write_notebook:
        _write_both(context, fix, form.last_modified, signed)
    else:
        with context.store.write() as db:
            give(context, db, fix.snapshot, fix.given_to, context.clock(), signed)
    context.committed()
    job = None if fix.job is None else get(context, fix.job.id)
    return msgspec.structs.replace(told, wrote=form.write_notebook, job=job)


def _write_both(context: Context, fix: Fix, last_modified: datetime | None, signed: Signature) -> None:
    now = context.clock()
    if fix.file is not None and fix.file.version == fix.snapshot.version:
        with context.store.write() as db:
            give(context, db, fix.snapshot, fix.given_to, now, signed)
        return
    if (
        fix.file is not None
        and fix.is_conflicting
        and (last_modified is None or not is_as_seen(fix.file.last_modified, last_modified))
    ):
        raise Conflict(CHANGED, "notebook_changed")
    base, mended = (document.read_notebook(each.canonical) for each in (fix.base, fix.snapshot))
    content = fixing.written(base if fix.file is None else fix.file.document, base, mended)
    path = fix.snapshot.notebook
    written = making(context, path, content) if fix.file is None else replacing(context, fix.file, content)
    with named_as("write_notebook"), written as replacement, context.store.write() as db:
        give(context, db, fix.snapshot, fix.given_to, now, signed)
        for job_id in moving.jobs_of(db, path):  # how the file stands to their versions has changed
            outbox.tell_job(db, job_id, "updated", now)
        replacement.put()


def _conflict(context: Context, fix: Fix) -> Conflicting | None:
    if fix.file is None or not fix.is_conflicting:
        return None
    return Conflicting(fix.file.last_modified, differences(fix.base, fix.file.snapshot))
