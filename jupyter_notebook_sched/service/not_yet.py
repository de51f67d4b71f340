"""What the contract knows and this version does not do yet: refused unless it is the default, never ignored."""

from __future__ import annotations

import msgspec

from ..domain.fields import fields_of
from ..domain.job import Policies
from ..errors import FieldError, NotAvailableYet
from .forms import CreateRun, PreviewParameters, Rerun

JOB_FIELDS = ("keep_kernel_seconds", "notify")
MESSAGE = "is not available in this version yet; leave it out"


def refuse_in_job(job: Policies) -> None:
    """NotAvailableYet naming every field of a job that this version would have to ignore."""
    fields = [name for name in JOB_FIELDS if getattr(job, name) != _default(Policies, name)]
    fields += _templates(job.parameters) if job.templates else []
    _refuse(fields)


def refuse_in_run(run: CreateRun) -> None:
    fields = [name for name in ("keep_kernel_seconds", "sweep") if getattr(run, name) != _default(CreateRun, name)]
    fields += _templates(run.parameters) if run.templates else []
    _refuse(fields)


def refuse_in_job_run(job: Policies, parameters: dict[str, object]) -> None:
    _refuse(_templates(parameters) if job.templates else [])


def refuse_in_rerun(rerun: Rerun) -> None:
    _refuse(["from_failed_cell"] if rerun.from_failed_cell else [])


def refuse_in_parameters_preview(preview: PreviewParameters) -> None:
    _refuse([] if preview.scheduled_for is None else ["scheduled_for"])


def _templates(parameters: dict[str, object]) -> list[str]:
    """Text with ``{{`` where templates are on; with ``"templates": false`` it is taken as it stands."""
    return [f"parameters.{name}" for name, value in parameters.items() if _is_template(value)]


def _is_template(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_is_template, value.values()))
    return any(map(_is_template, value)) if isinstance(value, list) else isinstance(value, str) and "{{" in value


def _default(kind: type[msgspec.Struct], name: str) -> object:
    field = next(field for field in fields_of(kind) if field.name == name)
    return field.default if field.default is not msgspec.NODEFAULT else field.default_factory()


def _refuse(fields: list[str]) -> None:
    if fields:
        errors = [FieldError(name, MESSAGE) for name in fields]
        raise NotAvailableYet(f"{', '.join(fields)}: {MESSAGE}", errors=errors)
