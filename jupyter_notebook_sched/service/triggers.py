"""A schedule in words and as its next dates, before anything is scheduled."""

from __future__ import annotations

import itertools
from datetime import datetime

import msgspec

from ..domain import trigger, zones
from ..domain.trigger import Cron
from ..errors import FieldError, Invalid
from . import not_yet
from .context import Context
from .forms import PreviewTrigger


class PreviewedFire(msgspec.Struct, frozen=True):
    """``at`` in UTC, ``local`` in the trigger's own zone."""

    at: datetime
    local: str
    note: str | None


class TriggerPreview(msgspec.Struct, frozen=True):
    description: str
    fires: list[PreviewedFire]


def preview(context: Context, form: PreviewTrigger) -> TriggerPreview:
    """The next ``count`` fires strictly after ``after`` (now, if not given)."""
    not_yet.refuse_in_preview(form)
    cron = form.trigger
    assert isinstance(cron, Cron)
    after = form.after or context.clock()
    problems = trigger.problems(cron, after)
    if problems:
        raise Invalid.fields([FieldError(f"trigger.{name}", text) for name, text in problems.items()])
    zone = zones.zone(cron.timezone)
    fires = [
        PreviewedFire(fire.at, fire.at.astimezone(zone).isoformat(), fire.note)
        for fire in itertools.islice(cron.fires(after), form.count)
    ]
    return TriggerPreview(trigger.describe(cron), fires)
