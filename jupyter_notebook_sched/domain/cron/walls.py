"""The wall times that a cron expression names, by arithmetic: times of day × days.

A wall time is a whole number of seconds since 1970-01-01 00:00 as clocks on the wall show it, whatever the zone.
"""

from __future__ import annotations

import functools
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from croniter import CroniterBadCronError, croniter

from .days import Days, days_of
from .grammar import five_fields, is_fixed

WALL_ZERO = datetime(1970, 1, 1)
DAY = 86_400
_SECOND = timedelta(seconds=1)
_ZERO_ORDINAL = WALL_ZERO.toordinal()
_END_OF_CALENDAR = (date.max.toordinal() - _ZERO_ORDINAL) * DAY


class Walls:
    """The wall times of one expression. Immutable, so threads may share it."""

    def __init__(self, hours: tuple[int, ...], minutes: tuple[int, ...], days: Days, *, fixed: bool) -> None:
        self.hours = hours
        self.minutes = minutes
        self.days = days
        self.fixed = fixed
        self._a_day = len(hours) * len(minutes)
        self._first_of_day = hours[0] * 3600 + minutes[0] * 60

    def first(self, start: int, end: int) -> int | None:
        """The first wall time w with start <= w < end."""
        day, second = divmod(start, DAY)
        ordinal = day + _ZERO_ORDINAL
        found = self.days.first(ordinal, -(-end // DAY) + _ZERO_ORDINAL)
        if found == ordinal:
            time = self._time_at_or_after(second)
            if time is not None:
                return day * DAY + time if day * DAY + time < end else None
            found = self.days.first(ordinal + 1, -(-end // DAY) + _ZERO_ORDINAL)
        if found is None:
            return None
        wall = (found - _ZERO_ORDINAL) * DAY + self._first_of_day
        return wall if wall < end else None

    def between(self, start: int, end: int) -> Iterator[int]:
        """Every wall time w with start <= w < end, in order."""
        wall = self.first(start, end)
        while wall is not None:
            yield wall
            wall = self.first(wall + 60, end)

    def count(self, start: int, end: int) -> int:
        """How many wall times w there are with start <= w < end, without walking through them."""
        if start >= end:
            return 0
        (first_day, begin), (last_day, rest) = divmod(start, DAY), divmod(end, DAY)
        total = self.days.count(first_day + _ZERO_ORDINAL, last_day + _ZERO_ORDINAL) * self._a_day
        total -= self._times_before(begin) if begin and self._has_day(first_day) else 0
        return total + (self._times_before(rest) if rest and self._has_day(last_day) else 0)

    def _has_day(self, day: int) -> bool:
        ordinal = day + _ZERO_ORDINAL
        return self.days.first(ordinal, ordinal + 1) is not None

    def _time_at_or_after(self, second: int) -> int | None:
        hour, minute = second // 3600, -(-(second % 3600) // 60)
        place = bisect_left(self.hours, hour)
        if place < len(self.hours) and self.hours[place] == hour:
            late = bisect_left(self.minutes, minute)
            if late < len(self.minutes):
                return hour * 3600 + self.minutes[late] * 60
            place += 1
        return self.hours[place] * 3600 + self.minutes[0] * 60 if place < len(self.hours) else None

    def _times_before(self, second: int) -> int:
        hour, minute = second // 3600, -(-(second % 3600) // 60)
        place = bisect_left(self.hours, hour)
        here = place < len(self.hours) and self.hours[place] == hour
        return place * len(self.minutes) + (bisect_left(self.minutes, minute) if here else 0)


@functools.lru_cache(maxsize=16384)
def walls_of(expression: str) -> Walls:
    """The wall times of the expression; ValueError where it is refused, or names no date at all (31 February)."""
    minute, hour, day, month, weekday = five_fields(expression).split(" ")
    try:
        days = days_of(day, month, weekday)
        never = days.never()
        minutes, hours = _values(minute, hour)
    except CroniterBadCronError as error:
        # The grammar is the stricter one: whatever croniter alone refuses is none the less no 500.
        raise ValueError(f"{expression!r} is not a cron expression: {error}") from None
    if never:
        raise ValueError("no date matches this expression: it would never fire")
    return Walls(hours, minutes, days, fixed=is_fixed(expression))


def _values(minute: str, hour: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    minutes, hours = croniter.expand(f"{minute} {hour} * * *")[0][:2]
    return (
        tuple(range(60) if minutes == ["*"] else minutes),
        tuple(range(24) if hours == ["*"] else hours),
    )


def wall_times(expression: str, after: datetime) -> Iterator[datetime]:
    """Naive wall times strictly after the naive ``after``, in order, to the end of the calendar.

    Raises ValueError where the expression is refused, or names no date at all (31 February).
    """
    start = (after - WALL_ZERO) // _SECOND + 1
    for wall in walls_of(expression).between(start, _END_OF_CALENDAR):
        yield WALL_ZERO + timedelta(seconds=wall)
