from __future__ import annotations

import re
from datetime import datetime
from itertools import islice

import pytest

from jupyter_notebook_sched.domain import cron

NEW_YEAR = datetime(2026, 1, 1)

REFUSED = {
    "": "five fields",
    "* * * *": "five fields",
    "* * * * * *": "five fields",
    "* * * * * * *": "five fields",
    "@every": "the aliases are",
    "@reboot": "the aliases are",
    "99 * * * *": "out of range",
    "60 * * * *": "out of range",
    "* 24 * * *": "out of range",
    "* * 0 * *": "out of range",
    "* * 32 * *": "out of range",
    "* * * 0 *": "out of range",
    "* * * 13 *": "out of range",
    "* * * * 8": "out of range",
    "-1 * * * *": "negative",
    "*/0 * * * *": "step '0'",
    "x * * * *": "not acceptable",
    "1.5 * * * *": "not acceptable",
    "* * * * *,": "not acceptable",
    "0 0 * foo *": "not acceptable",
    "9-9 * * * *": "must run upwards",
    "0 22-6 * * *": "must run upwards",
    "0 0 * nov-feb *": "must run upwards",
    "0 0 * * fri-mon": "must run upwards",
    "R * * * *": "random or hashed",
    "H * * * *": "random or hashed",
    "r(0-10) * * * *": "random or hashed",
    "H/15 * * * *": "random or hashed",
    "0 0 13 * 5#2": "two jobs",
    "0 0 15W * 1": "two jobs",
    "0 0 1 * L5": "two jobs",
    "0 0 */2 * 1": "two jobs",
    "0 0 1 * */2": "two jobs",
    "0 0 *,1 * 1": "two jobs",
    "0 0 31 2 *": "never fire",
    "0 0 30 2 *": "never fire",
    "0 0 31 4,6,9,11 *": "never fire",
    "٣ * * * *": "ASCII",
    "0 7 * * mön": "ASCII",
    "0\u00a07 * * *": "ASCII",
    "1," * 200 + "1 * * * *": "at most",
}

ACCEPTED = {
    "0 7 * * 1-5": ["01-01 07:00", "01-02 07:00", "01-05 07:00"],
    "  0   7 * *\t1-5 ": ["01-01 07:00", "01-02 07:00", "01-05 07:00"],
    "0 7 * * MON-FRI": ["01-01 07:00", "01-02 07:00", "01-05 07:00"],
    "0 7 * JAN,Mar 1": ["01-05 07:00", "01-12 07:00", "01-19 07:00"],
    "0 0 * * 7": ["01-04 00:00", "01-11 00:00", "01-18 00:00"],
    "0 0 * * 5-7": ["01-02 00:00", "01-03 00:00", "01-04 00:00"],
    "15-45/15 8 * * *": ["01-01 08:15", "01-01 08:30", "01-01 08:45"],
    "0 0 1 * 1": ["01-05 00:00", "01-12 00:00", "01-19 00:00"],
    "0 0 ? * 1": ["01-05 00:00", "01-12 00:00", "01-19 00:00"],
    "0 0 L * *": ["01-31 00:00", "02-28 00:00", "03-31 00:00"],
    "0 0 * * mon#2": ["01-12 00:00", "02-09 00:00", "03-09 00:00"],
    "@daily": ["01-02 00:00", "01-03 00:00", "01-04 00:00"],
    "@Hourly": ["01-01 01:00", "01-01 02:00", "01-01 03:00"],
    "0 0 29 2 *": ["02-29 00:00", "02-29 00:00", "02-29 00:00"],
}


@pytest.mark.parametrize(("expression", "why"), REFUSED.items())
def test_it_refuses_what_no_crontab_means_and_says_why(expression: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)) as refused:
        next(cron.wall_times(expression, NEW_YEAR))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("expression", "times"), ACCEPTED.items())
def test_it_names_the_wall_times_that_crontab_means(expression: str, times: list[str]) -> None:
    found = [f"{wall:%m-%d %H:%M}" for wall in islice(cron.wall_times(expression, NEW_YEAR), 3)]
    assert found == times


def test_it_starts_strictly_after_the_moment_given() -> None:
    seven = datetime(2026, 1, 1, 7)
    assert next(cron.wall_times("0 7 * * *", seven)) == datetime(2026, 1, 2, 7)
    assert next(cron.wall_times("0 7 * * *", datetime(2026, 1, 1, 6, 59, 59, 999_000))) == seven


def test_it_finds_leap_days_across_a_century_without_one() -> None:
    assert next(cron.wall_times("0 0 29 2 *", datetime(2096, 3, 1))) == datetime(2104, 2, 29)


@pytest.mark.parametrize(
    ("expression", "fixed"),
    [
        ("30 2 * * *", True),
        ("0,30 2-4 * * *", True),
        ("@daily", True),
        ("* 2 * * *", False),
        ("*/30 2 * * *", False),
        ("0 * * * *", False),
        ("0 */2 * * *", False),
        ("@hourly", False),
    ],
)
def test_it_takes_named_times_of_day_as_fixed_and_all_else_as_real_time(expression: str, fixed: bool) -> None:
    assert cron.is_fixed(expression) is fixed
