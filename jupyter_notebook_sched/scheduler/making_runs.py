"""A run of a job: a copy of all that it needs, so that later edits of the job never touch it. Templates in its values
are rendered here, once, when it is made."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlite_utils import Database

from ..archive import sources
from ..archive.layout import Archive
from ..domain import ids
from ..domain.job import Job
from ..domain.rendering import UTC_ZONE, Rendering
from ..domain.run import Cause, RunPolicies
from ..domain.states import RunState
from ..domain.trigger import Cron
from ..errors import Invalid
from ..host import kernels
from ..notebook import document
from ..notebook.parameters import reading
from ..notebook.parameters.model import Parameter
from ..notebook.templates import checking
from ..notebook.templates import rendering as templates
from ..notebook.templates.blocks import holds_template
from ..store import claims, runs, versions
from ..store.runs import NewRun


def run_of_job(
    job: Job,
    cause: Cause,
    version: str,
    kernel: str,
    now: datetime,
    parameters: dict[str, Any] | None = None,
) -> NewRun:
    """A queued run with the job's policies; ``parameters`` instead of the job's own where given. Its templates are not
    rendered yet."""
    values = job.parameters if parameters is None else parameters
    return NewRun(
        id=ids.new_id(now),
        job_id=job.id,
        name=job.name,
        notebook=job.notebook,
        source_version=version,
        kernel=kernel,
        cause=cause,
        created_at=now,
        parameters=values,
        parameters_template=values,
        policies=RunPolicies.of(job),
        tags=job.tags,
    )


def rendering_of_job(job: Job, moment: datetime) -> Rendering:
    """What a run of the job that is due at ``moment`` (or is made then, without a due time) is rendered from."""
    zone = job.trigger.timezone if isinstance(job.trigger, Cron) else UTC_ZONE
    return Rendering(moment, job.name, zone)


def holds_templates(values: dict[str, Any]) -> bool:
    return any(map(holds_template, values.values()))


def parameters_of(archive: Archive, version: str, kernel: str) -> tuple[Parameter, ...]:
    """Those of a version that was kept, read in the language of that kernel where it names none. OSError, ValueError or
    SchedError where it cannot be read."""
    return _parameters_of(archive.root, version, kernel)


@functools.lru_cache(maxsize=1024)
def _parameters_of(root: Path, version: str, kernel: str) -> tuple[Parameter, ...]:
    notebook = document.read_notebook(sources.load(Archive(root), version))
    language = document.language(notebook, kernels.language_of(kernel))
    return reading.read_parameters(notebook["cells"], language).parameters


def rendered(new: NewRun, parameters: Iterable[Parameter], rendering: Rendering) -> NewRun:
    """The run with its values rendered, as far as they do not wait for its attempts. To be called only where templates
    are on, with the parameters of its notebook; ``insert`` then ends a run of which one failed."""
    asking = {name: value for name, value in new.parameters.items() if holds_template(value)}
    if not asking:
        return new
    parameters = tuple(parameters)
    checked = checking.check(parameters, asking)  # the notebook may be another than when they were posted
    secrets = sorted({name for names in checked.secrets.values() for name in names})
    kept = msgspec.structs.replace(rendering, late=checked.late, secrets=secrets)
    values, errors = new.parameters, checked.errors
    if not errors:
        made = templates.when_made(parameters, new.parameters, kept, new.id)
        values, errors = made.values, made.errors
    if errors:
        kept = msgspec.structs.replace(kept, fault=Invalid.fields(errors).message)
    return msgspec.structs.replace(new, parameters=values, rendering=kept.to_json())


def insert(db: Database, new: NewRun) -> None:
    """A run in the queue; one whose templates failed ends at once. SlotTaken where its due time has a record."""
    runs.insert(db, new)
    if new.job_id is not None and new.state is RunState.QUEUED:
        versions.note_use(db, new.job_id, new.source_version, new.kernel, new.created_at)
    if (fault := fault_of(new)) is not None:
        claims.fail_unstarted(db, new.id, fault, new.created_at)


def fault_of(new: NewRun) -> str | None:
    """Why the run can never start; None where nothing keeps it from it."""
    fault: str | None = (new.rendering or {}).get("fault")
    return fault
