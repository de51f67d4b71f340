"""Moments and days as templates see them.

Years, months, weeks and days are counted on the calendar of the moment's time zone, at the same wall time; hours,
minutes and seconds are real ones. A day that a month does not have is its last one. A wall time that the clock skips is
read with the offset from before the jump, one that comes twice is the first (RFC 5545, section 3.3.5).
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from ...domain import zones
from .comparing import UNLIKE, Comparable, day_in, moment_in, unlike

ATTRIBUTES = frozenset({"year", "quarter", "month", "week", "weekday", "day", "hour", "minute", "second", "timestamp"})
_DIRECTIVE = re.compile(r"%-?[aAbBdfFGHIjmMpSTuUVwWyYzZ%]|%(.?)", re.DOTALL)
_OF_TIME = re.compile(r"%-?[fHIMpSTzZ]")
LONGEST_FORMAT = 200


@dataclass(frozen=True, slots=True, eq=False)
class Day(Comparable):
    """A day of the calendar; ``str`` gives ``YYYY-MM-DD``. ``weekday``: 1 is Monday; ``week``: as ISO 8601 counts."""

    on: date

    def __str__(self) -> str:
        return self.on.isoformat()

    @property
    def year(self) -> int:
        return self.on.year

    @property
    def quarter(self) -> int:
        return (self.on.month + 2) // 3

    @property
    def month(self) -> int:
        return self.on.month

    @property
    def week(self) -> int:
        return self.on.isocalendar()[1]

    @property
    def weekday(self) -> int:
        return self.on.isoweekday()

    @property
    def day(self) -> int:
        return self.on.day

    def own_and(self, other: Any) -> tuple[date, date]:
        if isinstance(other, Moment):
            raise TypeError(UNLIKE)
        if isinstance(other, str):
            return self.on, day_in(other)
        if not isinstance(other, Day):
            raise unlike("a day", "'2026-05-31'", other)
        return self.on, other.on

    def moved(self, years: int, months: int, days: int) -> Day:
        return Day(_moved(self.on, years, months, days))

    def formatted(self, form: str) -> str:
        if _OF_TIME.search(form.replace("%%", "")):
            raise ValueError("a day has no time of day to write; format the moment itself")
        return self.on.strftime(_sound(form))


@dataclass(frozen=True, slots=True, eq=False)
class Moment(Comparable):
    """An instant in a time zone; ``str`` gives ISO 8601 with its offset."""

    at: datetime

    @classmethod
    def of(cls, instant: datetime, zone: str) -> Moment:
        """ValueError where there is no such zone."""
        return cls(instant.astimezone(zones.zone(zone)))

    def __str__(self) -> str:
        return self.at.isoformat(timespec="milliseconds" if self.at.microsecond else "seconds")

    @property
    def on(self) -> Day:
        return Day(self.at.date())

    @property
    def year(self) -> int:
        return self.at.year

    @property
    def quarter(self) -> int:
        return self.on.quarter

    @property
    def month(self) -> int:
        return self.at.month

    @property
    def week(self) -> int:
        return self.on.week

    @property
    def weekday(self) -> int:
        return self.on.weekday

    @property
    def day(self) -> int:
        return self.at.day

    @property
    def hour(self) -> int:
        return self.at.hour

    @property
    def minute(self) -> int:
        return self.at.minute

    @property
    def second(self) -> int:
        return self.at.second

    @property
    def timestamp(self) -> int:
        """Whole seconds since 1970."""
        return int(self.at.timestamp())

    def own_and(self, other: Any) -> tuple[datetime, datetime]:
        """A text without an offset is by the clocks of this moment's zone."""
        if isinstance(other, Day):
            raise TypeError(UNLIKE)
        if isinstance(other, str):
            wall, offset = moment_in(other)
            there = self._at_wall(wall) if offset is None else wall.replace(tzinfo=timezone(offset))
            return _instant(self.at), _instant(there)
        if not isinstance(other, Moment):
            raise unlike("a moment", "'2026-05-31T07:00:00+02:00'", other)
        return _instant(self.at), _instant(other.at)

    def moved(self, years: int, months: int, days: int, real: timedelta = timedelta()) -> Moment:
        moved = self.at
        if years or months or days:
            moved = self._at_wall(datetime.combine(_moved(self.at.date(), years, months, days), self.at.time()))
        return Moment((moved.astimezone(timezone.utc) + real).astimezone(self.at.tzinfo)) if real else Moment(moved)

    def midnight_of(self, day: Day) -> Moment:
        return Moment(self._at_wall(datetime.combine(day.on, time())))

    def formatted(self, form: str) -> str:
        return self.at.strftime(_sound(form))

    def _at_wall(self, wall: datetime) -> datetime:
        zone = self.at.tzinfo
        there = wall.replace(tzinfo=zone, fold=0)
        # There and back: a wall time that does not exist becomes the one that it means.
        return there.astimezone(timezone.utc).astimezone(zone)


def _instant(at: datetime) -> datetime:
    """Python compares times of one zone by their wall clocks, which stand at one twice a year."""
    return at.astimezone(timezone.utc)


def _moved(day: date, years: int, months: int, days: int) -> date:
    year, month = divmod((day.year + years) * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise ValueError("that is outside of the calendar")
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last)) + timedelta(days=days)


def _sound(form: str) -> str:
    """What C libraries make of anything else differs from one to the next."""
    if len(form) > LONGEST_FORMAT:
        raise ValueError(f"a format has at most {LONGEST_FORMAT} characters")
    for found in _DIRECTIVE.finditer(form):
        if found[1] is not None:
            raise ValueError(f"%{found[1]} is no part of a date that can be formatted; write one such as %Y-%m-%d")
    return form
