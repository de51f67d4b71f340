"""Everything that can go wrong in a way a person can act on.

    SchedError                    500
    ├── NotAnObject               400  the body is not JSON, or not an object
    ├── NotFound                  404  the URL names nothing that exists
    ├── Conflict                  409  changed meanwhile, or in the wrong state
    ├── TooLarge                  413
    ├── Invalid                   422  understood, but it cannot be done as asked
    │   └── NotAvailableYet       422  the contract knows it, this version does not
    └── Unavailable               503  the store cannot be used now

Each carries its HTTP status and a stable ``reason`` code, so that handlers and the command line need no
translation table of their own. The message is one sentence that says what to do.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class FieldError:
    """One invalid field of a request. ``field`` is a dotted path such as ``trigger.cron`` or ``parameters.region``."""

    field: str
    message: str


@dataclass
class SchedError(Exception):
    """The root of the tree; raised itself only for faults of our own."""

    message: str
    reason: str = "internal"
    errors: list[FieldError] = field(default_factory=list)

    status = 500

    def __str__(self) -> str:
        details = "".join(f"\n  {error.field}: {error.message}" for error in self.errors)
        return self.message + details


@dataclass
class NotAnObject(SchedError):
    reason: str = "not_json"
    status = 400


@dataclass
class NotFound(SchedError):
    reason: str = "not_found"
    status = 404


@dataclass
class Conflict(SchedError):
    reason: str = "conflict"
    status = 409


@dataclass
class TooLarge(SchedError):
    reason: str = "too_large"
    status = 413


@dataclass
class Invalid(SchedError):
    reason: str = "invalid"
    status = 422

    @classmethod
    def fields(cls, errors: list[FieldError], reason: str = "invalid") -> Invalid:
        """Every invalid field at once; the sentence names the first, so that it can stand alone in a notification."""
        first = errors[0]
        rest = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        return cls(f"{first.field}: {first.message}{rest}", reason, list(errors))

    def about(self, field: str) -> Invalid:
        """The same, where a request calls the ``parameters`` by another name."""
        named = [
            replace(error, field=field + error.field.removeprefix("parameters"))
            if error.field.startswith("parameters.")
            else error
            for error in self.errors
        ]
        return Invalid.fields(named, self.reason) if named else self


@dataclass
class NotAvailableYet(Invalid):
    reason: str = "not_available_yet"


class Together:
    """Hears what several checks refuse, to tell it all at once.

    The reason is that of the first one; ``NotAvailableYet`` counts last, for it is no fault of the request.
    """

    def __init__(self) -> None:
        self._heard: list[Invalid] = []

    @contextmanager
    def hear(self, field: str) -> Iterator[None]:
        """``field``: what a refusal is about that names none."""
        try:
            yield
        except Invalid as error:
            if not error.errors:
                error = replace(error, errors=[FieldError(field, error.message)])
            self._heard.append(error)

    def tell(self) -> None:
        """Raises what was refused, if anything was."""
        heard = sorted(self._heard, key=lambda error: isinstance(error, NotAvailableYet))
        if len(heard) == 1:
            raise heard[0]
        if heard:
            raise Invalid.fields([error for refused in heard for error in refused.errors], heard[0].reason)


@dataclass
class Unavailable(SchedError):
    reason: str = "unavailable"
    status = 503

    @classmethod
    def of_disk(cls, error: OSError) -> Unavailable | None:
        """What a person can mend about the disk; None where the error is a fault of our own."""
        where = error.filename or "the state directory"
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return cls(f"the disk that holds {where} is full; free some space and try again", "disk_full")
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            return cls(f"{where} cannot be written: {error.strerror}", "not_writable")
        if error.errno in (errno.EIO, errno.ESTALE):
            return cls(f"{where} cannot be used: {error.strerror}")
        return None
