"""A run of a job: a copy of all that it needs, so that later edits of the job never touch it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..domain import ids
from ..domain.job import Job
from ..domain.run import Cause, RunPolicies
from ..store.runs import NewRun


def run_of_job(
    job: Job,
    cause: Cause,
    version: str,
    kernel: str,
    now: datetime,
    parameters: dict[str, Any] | None = None,
) -> NewRun:
    """A queued run with the job's policies; ``parameters`` instead of the job's own where given."""
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
