"""What a list of runs may be asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class RunFilter:
    """Which runs; every part narrows. ``since`` is inclusive, ``until`` exclusive, both on the ``by`` time.
    ``parameters``: name → value as text (``store.terms.text_of``); ``words``: prefixes of words."""

    states: tuple[str, ...] = ()
    job: str | None = None
    notebook: str | None = None
    batch: str | None = None
    cause: str | None = None
    tag: str | None = None
    parameters: dict[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    by: Literal["created_at", "scheduled_for"] = "created_at"

    @property
    def order(self) -> str:
        """The column that newest first is about: the order of making, unless a time is asked about."""
        return self.by if self.by == "scheduled_for" or self.since or self.until else "seq"
