"""A version of a job: what its runs use, since when, and who wanted it so."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Signature(msgspec.Struct, frozen=True):
    """Who makes another version a job's own, and why. ``by``: the person, as the server knows them; None: nobody is
    known."""

    by: str | None = None
    message: str = ""


NOBODY = Signature()


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """``n``: its place among the job's versions, in the order in which they became its own. ``current``: what runs of
    the job use (of a live one: what its newest run used that repeats no other; none where there is no such run).
    ``runs``: how many runs of the job used it, as far as they are kept."""

    source_version: str
    created_at: datetime
    by: str | None
    message: str
    n: int
    current: bool = False
    runs: int = 0
