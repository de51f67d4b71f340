"""What the contract knows and this version does not do yet: refused unless it is the default, never ignored."""

from __future__ import annotations

import msgspec

from ..domain.fields import fields_of
from ..domain.job import Policies
from ..errors import FieldError, NotAvailableYet
from .forms import Rerun

JOB_FIELDS = ("notify",)
MESSAGE = "is not available in this version yet; leave it out"


def refuse_in_job(job: Policies) -> None:
    """NotAvailableYet naming every field of a job that this version would have to ignore."""
    fields = [name for name in JOB_FIELDS if getattr(job, name) != _default(Policies, name)]
    _refuse(fields)


def refuse_in_rerun(rerun: Rerun) -> None:
    _refuse(["from_failed_cell"] if rerun.from_failed_cell else [])


def _default(kind: type[msgspec.Struct], name: str) -> object:
    field = next(field for field in fields_of(kind) if field.name == name)
    return field.default if field.default is not msgspec.NODEFAULT else field.default_factory()


def _refuse(fields: list[str]) -> None:
    if fields:
        errors = [FieldError(name, MESSAGE) for name in fields]
        raise NotAvailableYet(f"{', '.join(fields)}: {MESSAGE}", errors=errors)
