"""The days that the day, month and weekday fields of a cron expression name.

Days are counted as ``date.toordinal`` counts them. Which days of a month match depends on its length and on the
weekday of its first only: croniter is asked once for each of these 28 shapes, and never for a year or a clock.
"""

from __future__ import annotations

import functools
from bisect import bisect_left
from collections.abc import Iterator
from datetime import MAXYEAR, date, datetime, timedelta

from croniter import croniter

_ANY = ("*", "?")
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Days:
    """The days of one triple of fields, which must have passed ``grammar``."""

    def __init__(self, day: str, month: str, weekday: str) -> None:
        self._fields = (day, weekday)
        self.months = _months(month)
        self.every = day in _ANY and weekday in _ANY and len(self.months) == 12

    def first(self, start: int, end: int) -> int | None:
        """The first matching day d with start <= d < end."""
        if self.every:
            return start if start < end else None
        for first_of_month, days in self._months_from(start):
            if first_of_month >= end:
                return None
            place = bisect_left(days, start - first_of_month + 1)
            if place < len(days):
                found = first_of_month + days[place] - 1
                return found if found < end else None
        return None

    def count(self, start: int, end: int) -> int:
        """How many days d with start <= d < end match."""
        if self.every:
            return max(end - start, 0)
        total = 0
        for first_of_month, days in self._months_from(start):
            if first_of_month >= end:
                break
            total += bisect_left(days, end - first_of_month + 1) - bisect_left(days, start - first_of_month + 1)
        return total

    def never(self) -> bool:
        """Whether no month ever has such a day (31 February)."""
        if len(self.months) == 12:  # Whatever is accepted falls into some month of 31 days.
            return False
        lengths = {_LENGTHS[month - 1] for month in self.months} | ({29} if 2 in self.months else set())
        return not any(_of_shape(*self._fields, length, weekday) for length in lengths for weekday in range(7))

    def _months_from(self, start: int) -> Iterator[tuple[int, tuple[int, ...]]]:
        """The day that each month begins and its matching days (1 to 31), from the month of ``start`` on."""
        begin = date.fromordinal(start)
        year, month = begin.year, begin.month
        while year <= MAXYEAR:
            if month in self.months:
                first_of_month, length = _month(year, month)
                yield first_of_month, _of_shape(*self._fields, length, (first_of_month - 1) % 7)
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)


@functools.lru_cache(maxsize=4096)
def days_of(day: str, month: str, weekday: str) -> Days:
    return Days(day, month, weekday)


def _months(field: str) -> frozenset[int]:
    (months,) = croniter.expand(f"0 0 * {field} *")[0][3:4]
    return frozenset(range(1, 13) if months == ["*"] else months)


@functools.lru_cache(maxsize=4096)
def _month(year: int, month: int) -> tuple[int, int]:
    """Its first day, and how many it has."""
    leap_day = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return date(year, month, 1).toordinal(), _LENGTHS[month - 1] + leap_day


@functools.lru_cache(maxsize=16384)
def _of_shape(day: str, weekday: str, length: int, first_weekday: int) -> tuple[int, ...]:
    if day in _ANY and weekday in _ANY:
        return tuple(range(1, length + 1))
    begin = _month_of_shape(length, first_weekday)
    found = croniter(f"0 0 {day} * {weekday}", begin - timedelta(minutes=1), ret_type=datetime)
    days: list[int] = []
    while (moment := found.get_next(datetime)) < begin + timedelta(days=length):
        days.append(moment.day)
    return tuple(days)


@functools.cache
def _month_of_shape(length: int, first_weekday: int) -> datetime:
    """The first day of a month so long that begins with that weekday (0 is Monday)."""
    months = (datetime(year, month, 1) for year in range(2000, 2028) for month in (1, 2, 4))
    return next(
        begin
        for begin in months
        if begin.weekday() == first_weekday and (begin.replace(day=28) + timedelta(days=4)).day == 32 - length
    )
