"""What starts runs of a job: when it is due, what is wrong with it, and how it reads in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from typing import Annotated, Union

import msgspec
from msgspec import Meta

from . import clock_changes, cron, zones
from .clock_changes import Fire
from .times import whole_milliseconds

Moment = Annotated[datetime, Meta(tz=True)]
LONGEST_INTERVAL = 31_536_000
DAY = timedelta(days=1)


class Cron(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="cron"):
    """Wall-clock times in a time zone: five crontab(5) fields, or an alias such as ``@daily``."""

    cron: str
    timezone: str

    def fires(self, after: datetime, anchor: datetime) -> Iterator[Fire]:
        return clock_changes.fires(self.cron, zones.zone(self.timezone), after)

    def count(self, after: datetime, until: datetime, anchor: datetime) -> int:
        return clock_changes.count(self.cron, zones.zone(self.timezone), after, until)


class Interval(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="interval"):
    """Every so many real seconds: at ``start_at`` and from there on, or from the anchor on, which is itself not due."""

    every_seconds: Annotated[int, Meta(ge=1, le=LONGEST_INTERVAL)]
    start_at: Moment | None = None

    def __post_init__(self) -> None:
        as_stored(self, "start_at")

    @property
    def every(self) -> timedelta:
        if not 1 <= self.every_seconds <= LONGEST_INTERVAL:
            raise ValueError(f"must be 1 to {LONGEST_INTERVAL} seconds (a year)")
        return timedelta(seconds=self.every_seconds)

    def fires(self, after: datetime, anchor: datetime) -> Iterator[Fire]:
        begin, first = self._from(anchor)
        number = max(first, (after - begin) // self.every + 1)
        with suppress(OverflowError):  # at the end of the calendar
            while True:
                yield Fire(begin + number * self.every)
                number += 1

    def count(self, after: datetime, until: datetime, anchor: datetime) -> int:
        begin, first = self._from(anchor)
        return max(0, (until - begin) // self.every - max(first - 1, (after - begin) // self.every))

    def _from(self, anchor: datetime) -> tuple[datetime, int]:
        """The moment to count from, and the number of the first fire that is due."""
        return (_utc(anchor), 1) if self.start_at is None else (_utc(self.start_at), 0)


class Once(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="once"):
    """One moment."""

    at: Moment

    def __post_init__(self) -> None:
        as_stored(self, "at")

    def fires(self, after: datetime, anchor: datetime) -> Iterator[Fire]:
        at = _utc(self.at)
        if after < at:
            yield Fire(at)

    def count(self, after: datetime, until: datetime, anchor: datetime) -> int:
        return int(after < _utc(self.at) <= until)


Trigger = Union[Cron, Interval, Once]  # noqa: UP007 (Python 3.10 evaluates it at run time inside Annotated fields)


def as_stored(struct: msgspec.Struct, *names: str) -> None:
    """Brings those of its moments to UTC and to the millisecond, as all are compared and answered; one that is outside
    of UTC's years stays, to be refused by whoever checks it."""
    for name in names:
        moment = getattr(struct, name)
        if moment is not None:
            with suppress(ValueError):
                msgspec.structs.force_setattr(struct, name, _utc(moment))


def problems(trigger: Trigger, now: datetime) -> dict[str, str]:
    """Field → what is wrong with it; empty where the trigger is valid and fires at least once after ``now``."""
    found = faults(trigger)
    if not found and next(trigger.fires(now, now), None) is None:
        past = "has passed; write a moment in the future" if isinstance(trigger, Once) else "would never fire again"
        found[next(iter(_checks(trigger)))] = past
    return found


def faults(trigger: Trigger) -> dict[str, str]:
    """Field → why it cannot be understood, whatever the time; empty where the trigger is valid."""
    found = {}
    for field, check in _checks(trigger).items():
        try:
            check()
        except ValueError as error:
            found[field] = str(error)
    return found


def describe(trigger: Trigger) -> str:
    """The schedule in words: ``At 07:00, Monday to Friday``; ValueError where the trigger is not valid."""
    if isinstance(trigger, Cron):
        # Imported here: only people ask for words, the scheduler never does.
        from .cron.words import in_words

        return in_words(trigger.cron)
    if isinstance(trigger, Once):
        return f"Once, on {_date_and_time(trigger.at)}"
    start = f", from {_date_and_time(trigger.start_at)}" if trigger.start_at else ""
    return f"Every {_in_words(trigger.every)}{start}"


def _checks(trigger: Trigger) -> dict[str, Callable[[], object]]:
    """Each field that can be wrong by itself, the one that says when first, and what raises ValueError if it is."""
    if isinstance(trigger, Cron):
        return {
            "cron": lambda: cron.walls_of(trigger.cron),
            "timezone": lambda: zones.zone(trigger.timezone),
        }
    if isinstance(trigger, Once):
        return {"at": lambda: _utc(trigger.at)}
    return {"every_seconds": lambda: trigger.every, "start_at": lambda: trigger.start_at and _utc(trigger.start_at)}


def _utc(moment: datetime) -> datetime:
    """In UTC and to the millisecond, as moments are stored: a finer one would seem due again after it was read."""
    try:
        return whole_milliseconds(moment.astimezone(timezone.utc))
    except OverflowError:
        raise ValueError("lies outside of the years 1 to 9999 of UTC") from None


def _date_and_time(moment: datetime) -> str:
    utc = _utc(moment)
    return f"{utc.date()} at {utc.time().isoformat('seconds' if utc.second else 'minutes')} UTC"


def _in_words(every: timedelta) -> str:
    """``15 minutes``, ``hour``, ``1 hour 30 minutes``; 24 hours are no day: days are not all that long."""
    if every > DAY and every % DAY == timedelta():
        return f"{every.days} days"
    minutes, seconds = divmod(every // timedelta(seconds=1), 60)
    hours, minutes = divmod(minutes, 60)
    amounts = [(number, unit) for number, unit in ((hours, "hour"), (minutes, "minute"), (seconds, "second")) if number]
    words = " ".join(f"{number} {unit}{'s' if number > 1 else ''}" for number, unit in amounts)
    return words.removeprefix("1 ") if len(amounts) == 1 and amounts[0][0] == 1 else words
