"""Random cron expressions of everything that is accepted, zones and moments near to where their clocks change."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from hypothesis import strategies as st

from .crontab_oracle import NAMES, Matcher

MONTHS = tuple(NAMES)[:12]
WEEKDAYS = tuple(NAMES)[12:]

# A zone, and a moment (UTC) of a change there.
CHANGES = [
    ("Africa/Casablanca", "2024-03-10T02:00"),
    ("Africa/Casablanca", "2024-04-14T02:00"),
    ("Africa/Monrovia", "1972-01-07T00:44"),
    ("America/Havana", "2024-11-03T05:00"),
    ("America/New_York", "2024-03-10T07:00"),
    ("America/New_York", "2024-11-03T06:00"),
    ("America/Nuuk", "2024-03-31T01:00"),
    ("America/Santiago", "2024-09-08T04:00"),
    ("America/Sitka", "1867-10-19T00:31"),
    ("America/St_Johns", "2010-11-07T02:31"),
    ("Antarctica/Troll", "2024-03-31T01:00"),
    ("Antarctica/Troll", "2024-10-27T01:00"),
    ("Asia/Kathmandu", "1919-12-31T18:18"),
    ("Asia/Kathmandu", "1985-12-31T18:30"),
    ("Asia/Manila", "1844-12-31T15:56"),
    ("Asia/Tehran", "2021-09-21T19:30"),
    ("Australia/Lord_Howe", "2024-04-06T15:00"),
    ("Australia/Lord_Howe", "2024-10-05T15:30"),
    ("Etc/GMT+5", "2024-01-01T00:00"),
    ("Europe/Berlin", "2024-03-31T01:00"),
    ("Europe/Berlin", "2024-10-27T01:00"),
    ("Europe/Lisbon", "1912-01-01T00:00"),
    ("Pacific/Apia", "1892-07-04T11:26"),
    ("Pacific/Apia", "2011-12-30T10:00"),
    ("Pacific/Kwajalein", "1969-09-30T13:00"),
    ("UTC", "2024-01-01T00:00"),
]


@st.composite
def moments_near_changes(draw: st.DrawFn) -> tuple[str, datetime]:
    zone, change = draw(st.sampled_from(CHANGES))
    away = timedelta(
        seconds=draw(st.integers(-100_000, 10_000)), microseconds=draw(st.sampled_from([0, 0, 1, 999_999]))
    )
    return zone, datetime.fromisoformat(change).replace(tzinfo=timezone.utc) + away


def fields(low: int, high: int, names: tuple[str, ...] = (), first: int = 0) -> st.SearchStrategy[str]:
    """``*`` or a list of numbers, names, ranges and steps."""
    size = len(names) or high - low + 1
    number = st.integers(low, high).map(str) | st.integers(low, high).map("{:02}".format)
    if names:
        number |= st.sampled_from(names) | st.sampled_from([name.upper() for name in names])
    steps = st.integers(1, size).map("/{}".format)
    span = st.tuples(st.integers(low, high), st.integers(low, high)).filter(lambda pair: pair[0] < pair[1])
    ranges = st.tuples(span.map(lambda pair: f"{pair[0]}-{pair[1]}"), st.just("") | steps).map("".join)
    stars = steps.map("*{}".format)
    open_ranges = st.tuples(number, steps).map("".join) if high != 7 else stars
    return st.just("*") | st.lists(number | ranges | stars | open_ranges, min_size=1, max_size=3).map(",".join)


def days() -> st.SearchStrategy[str]:
    plain = fields(1, 31)
    working = st.integers(1, 28).map("{}W".format)
    with_last = plain.filter(lambda field: field != "*").map("{},L".format)
    return st.one_of(st.just("*"), st.just("?"), st.just("L"), plain, working, with_last)


def weekdays() -> st.SearchStrategy[str]:
    nth = st.tuples(st.integers(0, 7).map(str) | st.sampled_from(WEEKDAYS), st.integers(1, 5)).map(
        lambda pair: f"{pair[0]}#{pair[1]}"
    )
    several = st.lists(nth | st.integers(0, 7).map("L{}".format), min_size=1, max_size=3).map(",".join)
    return st.one_of(st.just("*"), st.just("?"), fields(0, 7, WEEKDAYS), several)


def _can_be_combined(pair: tuple[str, str]) -> bool:
    day, weekday = pair
    either = day in ("*", "?") or weekday in ("*", "?")
    return either or not ("*" in day + weekday or "W" in day or "#" in weekday or "L" in weekday)


@st.composite
def any_expressions(draw: st.DrawFn, often: bool = False) -> str:
    """Five fields; ``often``: most of them due every day, so that something happens in a short time."""
    day, weekday = draw(st.tuples(days(), weekdays()).filter(_can_be_combined))
    month = draw(fields(1, 12, MONTHS, 1))
    if often and draw(st.integers(0, 3)):
        day, month, weekday = "*", "*", "*"
    return f"{draw(fields(0, 59))} {draw(fields(0, 23))} {day} {month} {weekday}"


def expressions(often: bool = False) -> st.SearchStrategy[str]:
    """Those of them that are due on some day."""
    return any_expressions(often).filter(lambda expression: Matcher(expression).is_ever_due())
