"""A cron expression in words: by cron-descriptor, wherever its words are true and plain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from cron_descriptor import ExpressionDescriptor, Options
from croniter import croniter

from .grammar import five_fields
from .walls import Walls, walls_of

_FEW = 8
_ORDINALS = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth", "l": "last"}
_WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


def in_words(expression: str) -> str:
    """``At 07:00, Monday to Friday``; ValueError where the expression is refused."""
    times = walls_of(expression)
    fields = re.sub(r"\b0+(?=\d)", "", five_fields(expression).replace("?", "*")).split(" ")
    values, nth = croniter.expand(" ".join(fields))
    months = _month_field(fields[3], values[3])
    days, last = _day_field(fields[2], values[2])
    weekdays, several = _weekday_field(values[4], nth)
    if weekdays == "*" != fields[4]:  # All seven: every day is due, whatever the other field names.
        days = "*"
    text = _describe(f"0 0 {days} {months} {weekdays}").removeprefix("At 00:00")
    if last:
        text = text.replace(" of the month", " and the last day of the month", 1)
    if several:
        text = text.replace(several[0], _and(several), 1)
    return _times(fields[0], fields[1], times) + (text or _every_day(times))


def _times(minute: str, hour: str, times: Walls) -> str:
    if times.fixed and len(times.hours) * len(times.minutes) <= _FEW:
        return f"At {_and([f'{hour:02}:{minute:02}' for hour in times.hours for minute in times.minutes])}"
    text = _describe(f"{_steady(minute, times.minutes, 60)} {_steady(hour, times.hours, 24)} * * *")
    return re.sub("^At 0 minutes past the hour(?=,)", "Every hour", text)


def _every_day(times: Walls) -> str:
    return ", every day" if times.fixed else ""


def _steady(field: str, values: Sequence[int], size: int) -> str:
    """The field, or its values one by one where a step in it is not the same all through the hour or the day."""
    step = re.fullmatch(r"[*0]/(\d+)", field)
    return field if "/" not in field or (step and size % int(step[1]) == 0) else _listed(values)


def _month_field(field: str, values: Sequence[Any]) -> str:
    return _listed(values) if "/" in field or values == ["*"] else field


def _day_field(field: str, values: Sequence[Any]) -> tuple[str, bool]:
    """The field as cron-descriptor tells it rightly, and whether ``L`` was taken out of a list in it."""
    if "," not in field and ("/" not in field or len(values) > 1):
        return re.sub(r"^(\*|\d+)/", lambda found: f"{found[1].replace('*', '1')}-31/", field), False
    numbers = [value for value in values if value != "l"]
    return (_listed(numbers) if "/" in field or "l" in field else field), "l" in values


def _weekday_field(values: Sequence[Any], nth: dict[int, set[Any]]) -> tuple[str, list[str]]:
    """The field as cron-descriptor tells it rightly, and its parts in words where it names several like ``mon#2``."""
    if nth:
        named = sorted((str(place), weekday) for weekday, places in nth.items() for place in places)
        words = [f"the {_ORDINALS[place]} {_WEEKDAYS[weekday]}" for place, weekday in named]
        place, weekday = named[0]
        return (f"{weekday}L" if place == "l" else f"{weekday}#{place}"), words
    if values == ["*"] or len(values) == 7:
        return "*", []
    from_sunday, from_monday = sorted(values), sorted(value or 7 for value in values)
    for days in (from_monday, from_sunday):
        if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
            return f"{days[0]}-{days[-1]}", []
    return _listed(from_monday), []


def _describe(expression: str) -> str:
    options = Options()
    options.use_24hour_time_format = True
    options.locale_code = "en_US"
    text = str(ExpressionDescriptor(expression.upper(), options).get_description())
    return text.replace(" through ", " to ").replace(", and ", " and ")


def _listed(values: Sequence[Any]) -> str:
    return ",".join(map(str, values))


def _and(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
