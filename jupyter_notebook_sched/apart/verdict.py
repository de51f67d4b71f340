"""How a piece of work ended, as its process tells it: one line of JSON, the last of its standard error. An exit status
would not do: in a worker somebody else may collect it (prctl(2), PR_SET_CHILD_SUBREAPER)."""

from __future__ import annotations

import msgspec

from .. import errors
from ..errors import FieldError, Invalid, SchedError

KINDS: dict[str, type[SchedError]] = {
    kind.__name__: kind
    for kind in (
        *(errors.NotAnObject, errors.NotFound, errors.Conflict, errors.TooLarge),
        *(errors.Invalid, errors.NotAvailableYet, errors.Unavailable, errors.SchedError),
    )
}
TOO_LARGE = "notebook_too_large"


class Verdict(msgspec.Struct, tag_field="apart", tag="verdict", frozen=True):
    """``kind``: the class of the error; None: it is done."""

    kind: str | None = None
    message: str = ""
    reason: str = ""
    errors: list[tuple[str, str]] = []

    @classmethod
    def of(cls, error: SchedError) -> Verdict:
        told = [(each.field, each.message) for each in error.errors]
        return cls(type(error).__name__, error.message, error.reason, told)

    def error(self) -> SchedError | None:
        if self.kind is None:
            return None
        told = [FieldError(field, message) for field, message in self.errors]
        return KINDS.get(self.kind, SchedError)(self.message, self.reason, told)


def too_large() -> Invalid:
    return Invalid(
        "this notebook takes more memory than there is for it here; clear its largest outputs, or download the file",
        TOO_LARGE,
    )


def verdict_in(complaints: bytes) -> Verdict | None:
    """None where the process ended without one."""
    last = complaints.rstrip(b"\n").rpartition(b"\n")[2]
    try:
        return msgspec.json.decode(last, type=Verdict)
    except msgspec.MsgspecError:
        return None
