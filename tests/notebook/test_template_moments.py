"""Moments in templates: the calendar of a zone, its months and its clock changes, against another implementation."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from dateutil import tz
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from jupyter_notebook_sched.domain.rendering import Rendering
from jupyter_notebook_sched.notebook.parameters.model import Parameter
from jupyter_notebook_sched.notebook.templates import rendering
from jupyter_notebook_sched.notebook.templates.filters import date as date_filter
from jupyter_notebook_sched.notebook.templates.filters import shift
from jupyter_notebook_sched.notebook.templates.moments import Day, Moment

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "UTC")


def at(local: str, zone: str, filters: str) -> Any:
    """What the filters make of the moment at which the clocks of that zone show that time."""
    moment = datetime.fromisoformat(local)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=tz.gettz(zone))
    facts = Rendering(moment.astimezone(timezone.utc), "j", zone)
    made = rendering.when_made([Parameter("p", "any")], {"p": f"{{{{ scheduled_for{filters} }}}}"}, facts, "r")
    assert made.errors == []
    return made.values["p"]


@pytest.mark.parametrize(
    ("local", "zone", "filters", "gives"),
    [
        ("2026-03-31T07:00", "Europe/Berlin", "| date(months=-1)", "2026-02-28"),
        ("2024-03-31T07:00", "Europe/Berlin", "| date(months=-1)", "2024-02-29"),
        ("2024-02-29T07:00", "Europe/Berlin", "| date(years=1)", "2025-02-28"),
        ("2026-01-31T07:00", "Europe/Berlin", "| date(months=1, weeks=1)", "2026-03-07"),
        ("2026-01-01T00:30", "Europe/Berlin", "| date", "2026-01-01"),
        ("2026-01-01T00:30", "America/New_York", "| date(-1)", "2025-12-31"),
        ("2026-03-29T07:00", "Europe/Berlin", "| shift(days=-1)", "2026-03-28T07:00:00+01:00"),
        ("2026-03-29T07:00", "Europe/Berlin", "| shift(hours=-24)", "2026-03-28T06:00:00+01:00"),
        ("2026-03-28T02:30", "Europe/Berlin", "| shift(days=1)", "2026-03-29T03:30:00+02:00"),
        ("2026-10-24T02:30", "Europe/Berlin", "| shift(1)", "2026-10-25T02:30:00+02:00"),
        ("2026-10-25T02:30:00+01:00", "Europe/Berlin", "", "2026-10-25T02:30:00+01:00"),
        ("2026-10-25T02:30:00+01:00", "Europe/Berlin", "| shift(hours=-1)", "2026-10-25T02:30:00+02:00"),
        ("2026-10-25T02:30:00+01:00", "Europe/Berlin", "| shift(hours=0)", "2026-10-25T02:30:00+01:00"),
        ("2026-03-29T07:00", "Europe/Berlin", "| day_start", "2026-03-29T00:00:00+01:00"),
        ("2026-03-29T07:00", "Europe/Berlin", "| day_start | shift(hours=7)", "2026-03-29T08:00:00+02:00"),
        ("2026-04-10T07:00", "America/Havana", "| month_start", "2026-04-01T00:00:00-04:00"),
        ("2026-03-08T07:00", "America/Havana", "| day_start", "2026-03-08T01:00:00-04:00"),
        ("2026-05-14T07:00", "UTC", "| week_start | date", "2026-05-11"),
        ("2026-05-14T07:00", "UTC", "| quarter_start | date", "2026-04-01"),
        ("2026-05-14T07:00", "UTC", "| year_start | date", "2026-01-01"),
        ("2026-02-14T07:00", "UTC", "| month_end | date", "2026-02-28"),
        ("2026-05-14T07:00", "UTC", "| month_start | date(-1) | format('%Y/%m')", "2026/04"),
        ("2026-05-14T07:00", "UTC", "| date | month_start", "2026-05-01"),
        ("2026-05-14T07:08:09.123", "UTC", "", "2026-05-14T07:08:09.123+00:00"),
        (
            "2026-05-14T07:08",
            "Asia/Kathmandu",
            "| format('%A %d %B %Y %H:%M %z %%')",
            "Thursday 14 May 2026 07:08 +0545 %",
        ),
        ("2021-01-03T07:00", "UTC", ".week", 53),
        ("2021-01-03T07:00", "UTC", ".weekday", 7),
        ("2026-05-14T07:00", "UTC", ".quarter", 2),
    ],
)
def test_it_counts_on_the_calendar_of_the_zone(local: str, zone: str, filters: str, gives: object) -> None:
    assert at(local, zone, filters) == gives


@given(
    day=st.dates(date(1975, 1, 1), date(2035, 12, 31)),
    years=st.integers(-20, 20),
    months=st.integers(-40, 40),
    weeks=st.integers(-60, 60),
    days=st.integers(-400, 400),
)
def test_days_move_as_dateutil_moves_them(day: date, years: int, months: int, weeks: int, days: int) -> None:
    expected = day + relativedelta(years=years, months=months) + timedelta(weeks=weeks, days=days)
    assert date_filter(Day(day), days, weeks=weeks, months=months, years=years) == Day(expected)


@given(
    instant=st.datetimes(datetime(1990, 1, 1), datetime(2035, 1, 1), timezones=st.just(timezone.utc)),
    zone=st.sampled_from(ZONES),
    days=st.integers(-400, 400).filter(bool),
    months=st.integers(-14, 14),
    hours=st.integers(-50, 50),
)
def test_moments_move_on_the_wall_and_then_in_real_time(
    instant: datetime, zone: str, days: int, months: int, hours: int
) -> None:
    moment = Moment.of(instant, zone)
    expected = moment.at.replace(tzinfo=None) + relativedelta(months=months) + timedelta(days=days)
    wall = expected.replace(tzinfo=tz.gettz(zone), fold=0)
    meant = tz.resolve_imaginary(wall).astimezone(timezone.utc) + timedelta(hours=hours)
    moved = shift(moment, days, months=months, hours=hours)
    assert isinstance(moved, Moment)
    assert moved.at.astimezone(timezone.utc) == meant
    assert datetime.fromisoformat(str(moved)) == meant.replace(microsecond=meant.microsecond // 1000 * 1000)


@pytest.mark.parametrize(
    "written",
    [
        "scheduled_for | date == '2026-03-29'",
        "'2026-03-29' == scheduled_for | date",
        "not scheduled_for | date != '2026-03-29'",
        "scheduled_for | date in ['2026-03-28', '2026-03-29']",
        "'2026-03-28' < scheduled_for | date < '2026-03-30'",
        "scheduled_for | date <= '2026-03-29'",
        "scheduled_for | date(-1) < scheduled_for | date",
        "scheduled_for == '2026-03-29T07:00:00+02:00'",
        "scheduled_for == '2026-03-29 05:00Z'",
        "scheduled_for == '2026-03-29T07:00'",
        "scheduled_for == scheduled_for | zone('Asia/Kathmandu')",
        "scheduled_for >= scheduled_for | day_start",
        "scheduled_for < '2026-03-29T05:00:00.001Z'",
        "scheduled_for | shift(hours=1) > scheduled_for",
        "(scheduled_for | month_start).day == 1",
        "{'2026-03-29': true}[scheduled_for | date]",
    ],
)
def test_days_and_moments_compare_with_each_other_and_with_texts(written: str) -> None:
    assert at("2026-03-29T07:00", "Europe/Berlin", f" and ({written})") is True


@given(moment=st.datetimes(datetime(2026, 10, 24, 22), datetime(2026, 10, 25, 3)), minutes=st.integers(-90, 90))
def test_moments_are_ordered_as_they_come_though_clocks_are_set_back(moment: datetime, minutes: int) -> None:
    one = Moment.of(moment.replace(tzinfo=timezone.utc), "Europe/Berlin")
    other = shift(one, minutes=minutes)
    assert ((one < other), (one == other), (one > other)) == (minutes > 0, minutes == 0, minutes < 0)
    assert one == str(one) or moment.microsecond % 1000


@pytest.mark.parametrize(
    ("written", "because"),
    [
        ("scheduled_for | date == 'tomorrow'", "'tomorrow' is no day; write one as '2026-05-31'"),
        ("scheduled_for | date < '2027'", "'2027' is no day"),
        ("scheduled_for | date == '2026-02-31'", "no day of the calendar"),
        ("scheduled_for | date == scheduled_for", "a moment and a day cannot be compared"),
        ("scheduled_for == '2026-03-29'", "a moment and a day cannot be compared"),
        ("scheduled_for > 3", "a moment is compared with a moment or a text"),
        ("scheduled_for | date == none", "not with nothing"),
        ("scheduled_for == '2026-03-29T25:00'", "no time of day"),
        ("scheduled_for == '2026-03-29T05:00+99:00'", "no offset"),
        ("1 < 'a'", "a number and a text have no order, so < says nothing of them"),
        ("[1] >= [none]", "a number and nothing have no order"),
    ],
)
def test_a_comparison_that_makes_no_sense_is_an_error_that_says_so(written: str, because: str) -> None:
    facts = Rendering(datetime(2026, 3, 29, 5, tzinfo=timezone.utc), "j", "Europe/Berlin")
    made = rendering.when_made([Parameter("p", "any")], {"p": f"{{{{ {written} }}}}"}, facts, "r")
    assert because in made.errors[0].message
    assert "instances" not in made.errors[0].message
