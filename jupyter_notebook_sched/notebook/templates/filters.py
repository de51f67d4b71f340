"""The filters of templates: few, and none whose cost or result is not bounded by what it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from .moments import Day, Moment

MOST_CHARACTERS = 256 * 1024
MOST_AMOUNT = 10**9
MOST_DIGITS = 15


def date(value: Any, days: int = 0, *, weeks: int = 0, months: int = 0, years: int = 0) -> Day:
    """``YYYY-MM-DD`` in the moment's zone, that many days (weeks, months, years) later."""
    day = _calendar(value).on if isinstance(value, Moment) else _calendar(value)
    assert isinstance(day, Day)
    _whole(days=days, weeks=weeks, months=months, years=years)
    return day.moved(years, months, days + 7 * weeks)


def shift(
    value: Any,
    days: int = 0,
    *,
    years: int = 0,
    months: int = 0,
    weeks: int = 0,
    hours: int = 0,
    minutes: int = 0,
    seconds: int = 0,
) -> Moment | Day:
    """The moment (or day) that much later."""
    _whole(years=years, months=months, weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    when, real = _calendar(value), timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if isinstance(when, Moment):
        return when.moved(years, months, days + 7 * weeks, real)
    if real:
        raise TypeError("a day has no time of day to shift; shift the moment itself")
    return when.moved(years, months, days + 7 * weeks)


def formatted(value: Any, form: str) -> str:
    """By strftime's directives."""
    return _calendar(value).formatted(_text(form))


def zone(value: Any, name: str) -> Moment:
    """The same moment by the clocks of another time zone."""
    if not isinstance(value, Moment):
        raise TypeError("zone takes a moment such as scheduled_for")
    return Moment.of(value.at, _text(name))


def _start(day_of: Callable[[Day], Day]) -> Callable[[Any], Moment | Day]:
    def start(value: Any) -> Moment | Day:
        when = _calendar(value)
        return when.midnight_of(day_of(when.on)) if isinstance(when, Moment) else day_of(when)

    return start


def _first_of_month(day: Day) -> Day:
    return day.moved(0, 0, 1 - day.day)


def replace(value: Any, old: str, new: str) -> str:
    text, old, new = _text(value), _text(old), _text(new)
    _bounded(len(text) + text.count(old) * max(len(new) - len(old), 0))
    return text.replace(old, new)


def join(value: Any, separator: str = "") -> str:
    items = [str(item) for item in _list(value)]
    _bounded(sum(map(len, items)) + len(items) * len(_text(separator)))
    return separator.join(items)


def length(value: Any) -> int:
    return len(value)


def first(value: Any) -> Any:
    return value[0]


def last(value: Any) -> Any:
    return value[-1]


def default(value: Any, other: Any) -> Any:
    """``other`` in the place of nothing (none, or an empty text)."""
    return other if value is None or (isinstance(value, str) and not value) else value


def to_int(value: Any) -> int:
    return int(value)


def to_float(value: Any) -> float:
    return float(value)


def rounded(value: Any, digits: int = 0) -> Any:
    _whole(digits=digits)
    if abs(digits) > MOST_DIGITS:
        raise ValueError(f"round takes at most {MOST_DIGITS} digits")
    return round(value, digits) if digits else round(value)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "date": date,
    "shift": shift,
    "format": formatted,
    "zone": zone,
    "day_start": _start(lambda day: day),
    "week_start": _start(lambda day: day.moved(0, 0, 1 - day.weekday)),
    "month_start": _start(_first_of_month),
    "month_end": _start(lambda day: _first_of_month(day).moved(0, 1, -1)),
    "quarter_start": _start(lambda day: _first_of_month(day).moved(0, -((day.month - 1) % 3), 0)),
    "year_start": _start(lambda day: _first_of_month(day).moved(0, 1 - day.month, 0)),
    "upper": lambda value: _text(value).upper(),
    "lower": lambda value: _text(value).lower(),
    "title": lambda value: _text(value).title(),
    "capitalize": lambda value: _text(value).capitalize(),
    "trim": lambda value: _text(value).strip(),
    "replace": replace,
    "join": join,
    "length": length,
    "first": first,
    "last": last,
    "default": default,
    "int": to_int,
    "float": to_float,
    "round": rounded,
    "abs": lambda value: abs(value),
    "string": lambda value: str(value),
}


def _calendar(value: Any) -> Moment | Day:
    if not isinstance(value, Moment | Day):
        raise TypeError("it takes a moment such as scheduled_for, or a day")
    return value


def _whole(**amounts: Any) -> None:
    for name, amount in amounts.items():
        if not isinstance(amount, int) or isinstance(amount, bool):
            raise TypeError(f"{name} takes a whole number")
        if abs(amount) > MOST_AMOUNT:
            raise ValueError("that is outside of the calendar")


def _text(value: Any) -> str:
    if isinstance(value, Moment | Day):
        return str(value)
    if not isinstance(value, str):
        raise TypeError(f"it takes a text, not {type(value).__name__}")
    return value


def _list(value: Any) -> list[Any] | tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError("it takes a list")
    return value


def _bounded(characters: int) -> None:
    if characters > MOST_CHARACTERS:
        raise ValueError(f"that would be larger than {MOST_CHARACTERS // 1024} KiB")
