"""Jobs paused and resumed: one, all, or those with a tag. Pausing stops new due times only; queued runs still run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from ..domain.job import JobAnswer
from ..errors import FieldError, Invalid, SchedError
from ..store import jobs
from . import changing
from .context import Context
from .forms import Pause, PauseMany, ResumeMany
from .jobs import get


class Changed(msgspec.Struct, frozen=True):
    """How many jobs were changed."""

    changed: int


def pause(context: Context, job_id: str, form: Pause) -> JobAnswer:
    """No new due times from now on, or until the moment given."""
    _refuse_past(form.until, context.clock())
    changing.on_the_newest(lambda: _pause(context, job_id, form.until))
    return get(context, job_id)


def resume(context: Context, job_id: str) -> JobAnswer:
    """Due times count from now, without catching up."""
    changing.on_the_newest(lambda: _resume(context, job_id))
    return get(context, job_id)


def pause_many(context: Context, form: PauseMany) -> Changed:
    """All jobs, or those with a tag."""
    _refuse_past(form.until, context.clock())
    return _each(context, form.tag, lambda job_id: _pause(context, job_id, form.until))


def resume_many(context: Context, form: ResumeMany) -> Changed:
    """All jobs, or those with a tag."""
    return _each(context, form.tag, lambda job_id: _resume(context, job_id))


def _pause(context: Context, job_id: str, until: datetime | None) -> bool:
    job, now = changing.sound(context, job_id), context.clock()
    if job.paused and job.paused_until == until:
        return False
    paused = msgspec.structs.replace(job, paused=True, paused_until=until, next_run_at=None)
    changing.save(context, paused, "paused", now, reschedules=True)
    return True


def _resume(context: Context, job_id: str) -> bool:
    job, now = changing.sound(context, job_id), context.clock()
    if not job.paused:
        return False
    changing.save(context, changing.restarted(context, job, now), "resumed", now, reschedules=True)
    return True


def _each(context: Context, tag: str | None, change: Callable[[str], bool]) -> Changed:
    """One that is broken, or deleted meanwhile, does not keep the others from being changed."""
    with context.store.read() as db:
        found = jobs.ids(db, tag)
    changed = 0
    for job_id in found:
        try:
            changed += changing.on_the_newest(lambda job_id=job_id: change(job_id))  # type: ignore[misc]
        except SchedError as error:
            if error.status not in (404, 422):
                raise
    return Changed(changed)


def _refuse_past(until: datetime | None, now: datetime) -> None:
    if until is not None and until <= now:
        raise Invalid.fields([FieldError("until", "lies in the past; give a later time, or none")])
