"""What the templates in a run's values are rendered from: kept with the run, so that a later attempt, or a rerun, says
the same."""

from __future__ import annotations

from typing import Any

import msgspec

from .trigger import Moment

UTC_ZONE = "UTC"


class Rendering(msgspec.Struct, frozen=True, omit_defaults=True):
    """``moment``: the run's due time; where it has none, when it (or the run that it repeats) was made. ``timezone``:
    the job's. ``late``: the parameters that are rendered at each attempt's start, ``secrets``: the names that they
    ask for. ``fault``: why the run can never start, where rendering them failed."""

    moment: Moment
    job_name: str
    timezone: str = UTC_ZONE
    late: list[str] = []
    secrets: list[str] = []
    fault: str | None = None

    def to_json(self) -> dict[str, Any]:
        found: dict[str, Any] = msgspec.to_builtins(self)
        return found

    @classmethod
    def from_json(cls, stored: dict[str, Any] | None) -> Rendering | None:
        """None where nothing is stored, or it cannot be read (edited by hand)."""
        if stored is None:
            return None
        try:
            return msgspec.convert(stored, cls)
        except msgspec.ValidationError:
            return None
