"""Templates in the values of a request: which secrets they may ask for, what they are rendered from."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from ..domain.job import Job
from ..domain.rendering import Rendering
from ..domain.run import Run
from ..errors import Invalid
from ..host import keyrings, own_secrets
from ..notebook.parameters import injecting
from ..notebook.parameters.model import ReadParameters
from ..notebook.templates import checking, rendering
from ..scheduler.making_runs import rendering_of_job
from ..store import jobs, leases, runs
from .context import Context
from .notebooks import KnowsSecret, checked_in


def known_secrets(context: Context) -> KnowsSecret:
    """Whether somebody here knows a secret of that name: this server's own environment, this host's worker, the
    keyring. A worker on another host keeps its names to itself, so that with one every name may be known."""
    return functools.cache(lambda name: name in own_secrets.known() or _known_to_others(context, name))


def where_on(context: Context, templates: bool) -> KnowsSecret | None:
    """For ``checked_values``."""
    return known_secrets(context) if templates else None


def _known_to_others(context: Context, name: str) -> bool:
    if name in (context.meeting.published() or {}).get("secrets", ()):
        return True
    with context.store.read() as db:
        elsewhere = _works_elsewhere(context, db)
    return elsewhere or keyrings.of_keyring(name) is not None


def _works_elsewhere(context: Context, db: Database) -> bool:
    working = leases.working_now(db, context.clock(), context.settings.lease_seconds)
    return any(row.facts.host != context.host for row in working)


def missing_secret(context: Context, db: Database, job: Job) -> str | None:
    """The name of one that the job's values ask for and its runs will not find. Told only where that is sure without
    asking anybody: no keyring here, no worker on another host."""
    asked = checking.secrets_asked(job.parameters) if job.templates else []
    if not asked or keyrings.is_installed() or (published := context.meeting.published()) is None:
        return None
    known = own_secrets.known().keys() | set(published.get("secrets", ()))
    missing = next((name for name in asked if name not in known), None)
    return None if missing is None or _works_elsewhere(context, db) else missing


def rendering_of_rerun(db: Database, parent: Run) -> Rendering:
    """What the templates of a run like that one are rendered from: the same as before; where it had none, what it would
    have had then."""
    if (stored := Rendering.from_json(runs.rendering(db, parent.id))) is not None:
        return Rendering(stored.moment, stored.job_name, stored.timezone)
    moment = parent.scheduled_for or parent.created_at
    job = jobs.get(db, parent.job_id) if parent.job_id is not None else None
    known = rendering_of_job(job, moment) if isinstance(job, Job) else None
    return Rendering(moment, parent.name, known.timezone if known is not None else Rendering.timezone)


def preview(
    context: Context,
    read: ReadParameters,
    language: str,
    sent: Mapping[str, Any],
    about: Rendering | None,
    field: str = "values",
) -> tuple[str, dict[str, Any]]:
    """The injected cell that a run with these values would have, and the values in it. ``about``: templates are on, and
    rendered from that; secrets, and what only a run can know, show as they were written. Invalid names every value
    that cannot be."""
    knows = known_secrets(context) if about is not None else None
    values = checked_in(read, sent, knows, field)
    shown = read.parameters
    if about is not None:
        made = rendering.preview(read.parameters, values, about, field)
        if made.errors:
            raise Invalid.fields(made.errors, "invalid_parameters")
        values, shown = made.values, rendering.as_shown(read.parameters, made.values)
    try:
        return injecting.injected_source(language, shown, values) if values else "", values
    except Invalid as error:
        raise error.about(field) from None
