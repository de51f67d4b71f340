"""A slow second opinion: a tiny crontab(5) matcher and a walk through real time, of the standard library alone."""

from __future__ import annotations

import functools
import importlib.resources
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

NAMES = {
    name: number
    for names, first in (("jan feb mar apr may jun jul aug sep oct nov dec", 1), ("sun mon tue wed thu fri sat", 0))
    for number, name in enumerate(names.split(), first)
}
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


class Matcher:
    """Whether a naive wall time is due, asked field by field."""

    def __init__(self, expression: str) -> None:
        minute, hour, day, month, weekday = expression.lower().split()
        self.fixed = minute[0] != "*" and hour[0] != "*"
        self.minutes = numbers(minute, 0, 59)
        self.hours = numbers(hour, 0, 23)
        self.months = numbers(month, 1, 12)
        self.day_is_free, self.weekday_is_free = day in "*?", weekday in "*?"
        self.days = day_tests(day)
        self.weekdays = weekday_tests(weekday)
        self.is_due_day = functools.cache(self._is_due_day)

    def __call__(self, wall: datetime) -> bool:
        at_full_minute = wall.second == wall.microsecond == 0
        return (
            at_full_minute
            and wall.minute in self.minutes
            and wall.hour in self.hours
            and self.is_due_day(wall.year, wall.month, wall.day)
        )

    def is_ever_due(self) -> bool:
        """Whether any day of 28 years is due, in which each date comes on each weekday."""
        days = (date(2000, 1, 1) + timedelta(days=number) for number in range(28 * 365 + 7))
        return any(self.is_due_day(day.year, day.month, day.day) for day in days)

    def _is_due_day(self, year: int, month: int, day: int) -> bool:
        if month not in self.months:
            return False
        there = date(year, month, day)
        by_day = not self.day_is_free and any(test(there) for test in self.days)
        by_weekday = not self.weekday_is_free and any(test(there) for test in self.weekdays)
        return by_day or by_weekday or (self.day_is_free and self.weekday_is_free)


def numbers(field: str, low: int, high: int) -> set[int]:
    found: set[int] = set()
    for item in field.split(","):
        span, _, step = item.partition("/")
        first, _, last = span.partition("-")
        if first == "*":
            begin, end = low, high
        else:
            begin = NAMES.get(first) if first in NAMES else int(first)  # type: ignore[assignment]
            end = (NAMES[last] if last in NAMES else int(last)) if last else high if step else begin
        found |= set(range(begin, end + 1, int(step or 1)))
    return found


def day_tests(field: str) -> list[Callable[[date], bool]]:
    def test(item: str) -> Callable[[date], bool]:
        if item == "l":
            return lambda there: (there + timedelta(days=1)).day == 1
        if item.endswith("w"):
            return lambda there: there == working_day_nearest(there.replace(day=int(item[:-1])))
        days = numbers(item, 1, 31)
        return lambda there: there.day in days

    return [test(item) for item in field.split(",") if item != "?"]


def weekday_tests(field: str) -> list[Callable[[date], bool]]:
    def test(item: str) -> Callable[[date], bool]:
        if "#" in item:
            name, _, nth = item.partition("#")
            weekday = {number % 7 for number in numbers(name, 0, 7)}
            return lambda there: there.isoweekday() % 7 in weekday and (there.day + 6) // 7 == int(nth)
        if item[0] == "l":
            last = int(item[1:]) % 7
            return lambda there: there.isoweekday() % 7 == last and (there + timedelta(days=7)).month != there.month
        weekdays = {number % 7 for number in numbers(item, 0, 7)}
        return lambda there: there.isoweekday() % 7 in weekdays

    return [test(item) for item in field.split(",") if item != "?"]


def working_day_nearest(there: date) -> date:
    """Monday to Friday, in the same month."""
    near = sorted((there + timedelta(days=days) for days in range(-2, 3)), key=lambda each: abs(each - there))
    return next(each for each in near if each.isoweekday() < 6 and each.month == there.month)


@functools.cache
def zone_of(name: str) -> ZoneInfo:
    with importlib.resources.files("tzdata.zoneinfo").joinpath(*name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data)


def walk(expression: str, zone_name: str, after: datetime, until: datetime) -> list[datetime]:
    """The fires with after < at < until: every minute of real time asked what the clock on the wall shows.

    Fixed times of day run the first time that the clock shows them or has jumped over them; all else whenever it does.
    """
    due, zone = Matcher(expression), zone_of(zone_name)
    found = []
    furthest = datetime.min
    for moment, wall in clock(zone, after - timedelta(days=2), until):
        if due.fixed:
            skipped = furthest != datetime.min and wall - furthest > MINUTE
            between = minutes_between(furthest, wall) if skipped else iter(())
            if wall > furthest and (due(wall) or any(map(due, between))):
                found.append(moment)
            furthest = max(furthest, wall)
        elif due(wall):
            found.append(moment)
    return [moment for moment in found if moment > after]


def clock(zone: ZoneInfo, start: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Every full minute on the wall and every jump, as (real time, wall time)."""
    moment = start.astimezone(timezone.utc).replace(microsecond=0)
    before = moment.astimezone(zone).utcoffset()
    while moment < until:
        local = moment.astimezone(zone)
        if local.second == 0 or local.utcoffset() != before:
            yield moment, local.replace(tzinfo=None, fold=0)
        before = local.utcoffset()
        steady = (moment + MINUTE).astimezone(zone).utcoffset() == before
        moment += MINUTE - local.second * SECOND if steady else SECOND


def minutes_between(low: datetime, high: datetime) -> Iterator[datetime]:
    wall = low.replace(second=0) + MINUTE
    while wall < high:
        yield wall
        wall += MINUTE
