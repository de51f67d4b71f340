"""A job with some of its fields changed, as a request sends them."""

from __future__ import annotations

from typing import Any

import msgspec

from ..domain.job import Job, JobSpec
from ..errors import Invalid
from .forms import CreateJob, PatchJob
from .validating import errors_in, form_of

MERGED = ("retry", "resources")


def patched(job: Job, sent: dict[str, Any]) -> tuple[JobSpec, int | None]:
    """The job's new spec, and the revision that the sender has seen. Invalid with every field that is not right."""
    errors = errors_in(PatchJob, sent)
    if errors:
        raise Invalid.fields(errors)
    spec: dict[str, Any] = {name: msgspec.to_builtins(getattr(job, name)) for name in JobSpec.__struct_fields__}
    for name, value in sent.items():
        if name != "revision":
            spec[name] = spec[name] | value if name in MERGED else value
    return form_of(CreateJob, spec), sent.get("revision")
