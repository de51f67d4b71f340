"""What the contract knows and this version does not do yet: refused unless it is the default, never ignored."""

from __future__ import annotations

from ..domain.job import Policies
from ..errors import FieldError, NotAvailableYet

MESSAGE = "is not available in this version yet; leave it out"


def refuse_in_job(job: Policies) -> None:
    """NotAvailableYet naming every field of a job that this version would have to ignore."""
    if job.notify:
        raise NotAvailableYet(f"notify: {MESSAGE}", errors=[FieldError("notify", MESSAGE)])
