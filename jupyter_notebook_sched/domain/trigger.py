"""What starts runs of a job, when it is due next, and how that reads in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Union

import msgspec
from msgspec import Meta

from . import clock_changes, cron, zones
from .clock_changes import Fire

Moment = Annotated[datetime, Meta(tz=True)]


class Cron(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="cron"):
    """Wall-clock times in a time zone: five crontab(5) fields, or an alias such as ``@daily``."""

    cron: str
    timezone: str

    def fires(self, after: datetime) -> Iterator[Fire]:
        return clock_changes.fires(self.cron, zones.zone(self.timezone), after)


class Interval(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="interval"):
    """Every so many real seconds."""

    every_seconds: Annotated[int, Meta(ge=1, le=31_536_000)]
    start_at: Moment | None = None


class Once(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="once"):
    """One moment."""

    at: Moment


Trigger = Union[Cron, Interval, Once]  # noqa: UP007 (Python 3.10 evaluates it at run time inside Annotated fields)


def problems(trigger: Cron, now: datetime) -> dict[str, str]:
    """Field → what is wrong with it; empty where the trigger is valid and fires at least once after ``now``."""
    found = {}
    try:
        zones.zone(trigger.timezone)
    except ValueError as error:
        found["timezone"] = str(error)
    try:
        next(cron.wall_times(trigger.cron, now.replace(tzinfo=None)))
    except ValueError as error:
        found["cron"] = str(error)
    return found


def next_fire(trigger: Cron, after: datetime) -> Fire:
    """The first fire strictly after ``after``; ValueError where the trigger is not valid (a hand-edited row)."""
    return next(trigger.fires(after))


def describe(trigger: Cron) -> str:
    """The schedule in words: ``At 07:00, Monday to Friday``."""
    # Imported here: only people ask for words, the scheduler never does.
    from cron_descriptor import ExpressionDescriptor, Options

    options = Options()
    options.use_24hour_time_format = True
    options.locale_code = "en_US"
    text = cron.five_fields(trigger.cron).replace("?", "*").upper()
    return str(ExpressionDescriptor(text, options).get_description()).replace(" through ", " to ")
