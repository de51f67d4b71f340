"""A schedule in words and as its next dates, before anything is scheduled."""

from __future__ import annotations

import itertools
from datetime import datetime, timezone

import msgspec

from ..domain import trigger, zones
from ..domain.trigger import Cron
from ..errors import FieldError, Invalid
from .context import Context
from .forms import PreviewTrigger


class PreviewedFire(msgspec.Struct, frozen=True):
    """``at`` in UTC, ``local`` in the trigger's own zone (UTC where it has none)."""

    at: datetime
    local: str
    note: str | None


class TriggerPreview(msgspec.Struct, frozen=True):
    description: str
    fires: list[PreviewedFire]


def preview(context: Context, form: PreviewTrigger) -> TriggerPreview:
    """The next ``count`` fires strictly after ``after`` (now, if not given), from which an interval is counted too."""
    asked = form.trigger
    after = form.after or context.clock()
    problems = trigger.problems(asked, after)
    if problems:
        raise Invalid.fields([FieldError(f"trigger.{name}", text) for name, text in problems.items()])
    zone = zones.zone(asked.timezone) if isinstance(asked, Cron) else timezone.utc
    fires = [
        PreviewedFire(fire.at, fire.at.astimezone(zone).isoformat(), fire.note)
        for fire in itertools.islice(asked.fires(after, after), form.count)
    ]
    return TriggerPreview(trigger.describe(asked), fires)
