"""What is accepted and refused. croniter 7 takes many more; each table says what it would make of them."""

from __future__ import annotations

import re
import threading
from datetime import datetime
from itertools import islice

import pytest

from jupyter_notebook_sched.domain import cron

NEW_YEAR = datetime(2026, 1, 1)

NO_CRON_AT_ALL = {
    "": "five fields",
    "* * * *": "five fields",
    "@every 5m": "use an interval",
    "@reboot": "the aliases are",
    "@ daily": "the aliases are",
    "@daily @daily": "the aliases are",
    "60 * * * *": "takes 0 to 59",
    "* 24 * * *": "takes 0 to 23",
    "* * 0 * *": "takes 1 to 31",
    "* * 32 * *": "takes 1 to 31",
    "* * * 0 *": "takes 1 to 12 or jan to dec",
    "* * * 13 *": "takes 1 to 12 or jan to dec",
    "* * * * 8": "takes 0 to 7 or sun to sat",
    "0 0 0-5 * *": "'0-5' is out of range",
    "99999999999999999999999999 * * * *": "out of range",
    "-1 * * * *": "no negative numbers",
    "*/0 * * * *": "at least 1",
    "1-5/0 * * * *": "at least 1",
    "*/-5 * * * *": "takes 0 to 59",
    "*/+5 * * * *": "takes 0 to 59",
    "x * * * *": "takes 0 to 59",
    "1.5 * * * *": "takes 0 to 59",
    "1_0 * * * *": "takes 0 to 59",
    "1-5-7 * * * *": "takes 0 to 59",
    "1/2/3 * * * *": "takes 0 to 59",
    "5-* * * * *": "takes 0 to 59",
    "** * * * *": "takes 0 to 59",
    "jan * * * *": "takes 0 to 59",
    "0 0 jan * *": "takes 1 to 31",
    "0 0 * mon *": "takes 1 to 12",
    "0 0 * foo *": "takes 1 to 12",
    "0 0 * january *": "write 'jan'",
    "0 0 * * sunday": "write 'sun'",
    "0 0 * * sunday-tuesday": "write 'sun-tue'",
    ", * * * *": "empty place",
    "1,,2 * * * *": "empty place",
    "0 0 * * 1,": "empty place",
    "? 0 * * *": "takes 0 to 59",
    "0 0 * ? *": "takes 1 to 12",
    "0 0 1,? * *": "stands alone",
    "0 0 L-3 * *": "write L for the last day",
    "0 0 L/2 * *": "write L for the last day",
    "0 0 LW * *": "write L for the last day",
    "0 0 L5 * *": "write L for the last day",
    "0 0 15W,20 * *": "stands alone",
    "0 0 * * L": "write L5",
    "0 0 * * 5L": "write L5",
    "0 0 * * friL": "write L5",
    "0 0 * * mon#0": "#1 to #5",
    "0 0 * * mon#6": "#1 to #5",
    "0 0 * * *#1": "mon#2",
    "0 0 * * wed#": "mon#2",
    "0 0 * * jan#1": "takes 0 to 7",
    "0 0 * * 8#1": "takes 0 to 7",
    "٣ * * * *": "ASCII",
    "0 7 * * mön": "ASCII",
    "0\u00a07 * * *": "ASCII",
    "0 7 *\n* *": "one line",
    "0 7 * * *\x00": "one line",
    "1," * 200 + "1 * * * *": "at most 256",
}

# The expression → a part of the sentence that says what to write instead.
WHAT_CRONITER_MEANS_OTHERWISE = {
    "* * * * * *": "leave out seconds",  # seconds, last
    "* * * * * * *": "leave out seconds",  # seconds and years
    "R * * * *": "random or hashed",  # another time at each reading
    "r(0-10) * * * *": "random or hashed",
    "H * * * *": "random or hashed",
    "H/15 * * * *": "random or hashed",
    "0~30 * * * *": "random or hashed",
    "9-9 * * * *": "write '9'",  # every minute
    "0 0 * * 7-7": "write '7'",  # every day
    "0 0 * jan-jan *": "write 'jan'",  # every month
    "1-1/3 * * * *": "write '1'",  # 0, 3, 6 …
    "0 22-6 * * *": "write '22-23,0-6'",  # wraps around, crontab(5) knows no such range
    "0 22-6/3 * * *": "write '1,4,22'",
    "0 0 31-2 * *": "write '31,1-2'",
    "0 0 * nov-feb *": "write 'nov-dec,jan-feb'",
    "0 0 * * fri-mon": "write 'fri-sat,sun-mon'",
    "0 0 * * fri-mon/2": "write '0,5'",
    "0 0 * * sat-sun": "write 'sat,sun'",
    "0 0 * * 7-2": "write '0-2'",
    "0 0 * * 7-0": "write '0'",
    "*/70 * * * *": "use an interval",  # hourly, while it reads as every 70 minutes
    "1-5/99 * * * *": "at most 60",
    "0 */25 * * *": "use an interval",
    "0 0 */32 * *": "at most 31",
    "0 0 1 */13 *": "at most 12",
    "0 0 * * */8": "at most 7",
    "0 0 * * 1/2": "write a range such as 1-6/2",  # up to Saturday, elsewhere up to Sunday
    "0 0 * * 7/2": "write a range such as 0-6/2",  # Sunday, Tuesday …
    "1,* 0 * * *": "stands alone",  # every minute, and is it a fixed time?
    "0 0 *,1 * 1": "stands alone",
    "0 0 */2 * 1": "write '1-31/2'",  # one of both, crontab(5) asks for both
    "0 0 1 * */2": "write '0-6/2'",
    "0 0 1 * */1": "write '0-6/1'",
    "0 0 20,*/28 * 0-6": "write '20,1-31/28'",  # all weekdays, then no weekday counts
    "0 0 13 * 5#2": "make two jobs",  # asks for both, crontab(5) for one of two day fields
    "0 0 15W * 1": "make two jobs",
    "0 0 1 * L5": "make two jobs",
    "0 0 L * L1": "make two jobs",
    "0 0 W15 * *": "15W",
    "0 0 31W * *": "1W to 28W",  # the last working day of shorter months
    "0 0 1-L * *": "write L for the last day",
    "0 0 * * mon-fri#1": "mon#2",  # the first of each of them
    "0 0 * * mon#1,wed": "make two jobs",
    "0 0 * * 0-6,mon#1": "make two jobs",  # every day
    "0 0 31 2 *": "never fire",
    "0 0 30 2 *": "never fire",
    "0 0 31 4,6,9,11 *": "never fire",
}

ACCEPTED = {
    "0 7 * * 1-5": ["01-01 07:00", "01-02 07:00", "01-05 07:00"],
    "  0   7 * *\t1-5 ": ["01-01 07:00", "01-02 07:00", "01-05 07:00"],
    "0 7 * * MON-FRI": ["01-01 07:00", "01-02 07:00", "01-05 07:00"],
    "0 7 * JAN,Mar 1": ["01-05 07:00", "01-12 07:00", "01-19 07:00"],
    "00 07 01 01 *": ["01-01 07:00", "01-01 07:00", "01-01 07:00"],
    "0 0 * * 7": ["01-04 00:00", "01-11 00:00", "01-18 00:00"],
    "0 0 * * 07": ["01-04 00:00", "01-11 00:00", "01-18 00:00"],
    "0 0 * * 0": ["01-04 00:00", "01-11 00:00", "01-18 00:00"],
    "0 0 * * 5-7": ["01-02 00:00", "01-03 00:00", "01-04 00:00"],
    "0 0 * * sun-tue": ["01-04 00:00", "01-05 00:00", "01-06 00:00"],
    "0 0 * * fri-7": ["01-02 00:00", "01-03 00:00", "01-04 00:00"],
    "0 0 * * 0-7": ["01-02 00:00", "01-03 00:00", "01-04 00:00"],
    "0 0 * * 1-7/3": ["01-04 00:00", "01-05 00:00", "01-08 00:00"],
    "15-45/15 8 * * *": ["01-01 08:15", "01-01 08:30", "01-01 08:45"],
    "5/15 8 * * *": ["01-01 08:05", "01-01 08:20", "01-01 08:35"],
    "59/15 8 * * *": ["01-01 08:59", "01-02 08:59", "01-03 08:59"],
    "0 0 1 feb/5 *": ["02-01 00:00", "07-01 00:00", "12-01 00:00"],
    "*/60 */24 * * *": ["01-02 00:00", "01-03 00:00", "01-04 00:00"],
    "7,*/30 9 * * *": ["01-01 09:00", "01-01 09:07", "01-01 09:30"],
    "0 0 1 * 1": ["01-05 00:00", "01-12 00:00", "01-19 00:00"],
    "0 0 ? * 1": ["01-05 00:00", "01-12 00:00", "01-19 00:00"],
    "0 0 ? * ?": ["01-02 00:00", "01-03 00:00", "01-04 00:00"],
    "0 0 L * *": ["01-31 00:00", "02-28 00:00", "03-31 00:00"],
    "0 0 15,L * *": ["01-15 00:00", "01-31 00:00", "02-15 00:00"],
    "0 0 L * mon": ["01-05 00:00", "01-12 00:00", "01-19 00:00"],
    "0 0 3W * *": ["01-02 00:00", "02-03 00:00", "03-03 00:00"],
    "0 0 1W 8 *": ["08-03 00:00", "08-02 00:00", "08-01 00:00"],
    "0 0 * * mon#2": ["01-12 00:00", "02-09 00:00", "03-09 00:00"],
    "0 0 * * 7#1,wed#1": ["01-04 00:00", "01-07 00:00", "02-01 00:00"],
    "0 0 * * L5": ["01-30 00:00", "02-27 00:00", "03-27 00:00"],
    "@daily": ["01-02 00:00", "01-03 00:00", "01-04 00:00"],
    " @Hourly ": ["01-01 01:00", "01-01 02:00", "01-01 03:00"],
    "@weekly": ["01-04 00:00", "01-11 00:00", "01-18 00:00"],
    "@annually": ["01-01 00:00", "01-01 00:00", "01-01 00:00"],
    "0 0 29 2 *": ["02-29 00:00", "02-29 00:00", "02-29 00:00"],
}


@pytest.mark.parametrize(("expression", "why"), (NO_CRON_AT_ALL | WHAT_CRONITER_MEANS_OTHERWISE).items())
def test_it_refuses_what_no_crontab_means_and_says_what_to_write(expression: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)) as refused:
        cron.walls_of(expression)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize(("expression", "times"), ACCEPTED.items())
def test_it_names_the_wall_times_that_crontab_means(expression: str, times: list[str]) -> None:
    found = [f"{wall:%m-%d %H:%M}" for wall in islice(cron.wall_times(expression, NEW_YEAR), 3)]
    assert found == times


def test_what_it_tells_people_to_write_is_accepted() -> None:
    for expression in WHAT_CRONITER_MEANS_OTHERWISE:
        with pytest.raises(ValueError) as refused:  # noqa: PT011 (each sentence is tested above)
            cron.walls_of(expression)
        advice = re.search(r"write '([^']+)'(?: for '([^']+)')?", str(refused.value))
        if advice:
            wrong = advice[2] or re.search(r"'([^']+)'", str(refused.value))[1]  # type: ignore[index]
            cron.walls_of(expression.replace(wrong, advice[1]))


def test_it_starts_strictly_after_the_moment_given() -> None:
    seven = datetime(2026, 1, 1, 7)
    assert next(cron.wall_times("0 7 * * *", seven)) == datetime(2026, 1, 2, 7)
    assert next(cron.wall_times("0 7 * * *", datetime(2026, 1, 1, 6, 59, 59, 999_000))) == seven


def test_it_finds_leap_days_across_a_century_without_one() -> None:
    assert next(cron.wall_times("0 0 29 2 *", datetime(2096, 3, 1))) == datetime(2104, 2, 29)


def test_it_comes_to_an_end_with_the_calendar() -> None:
    assert list(cron.wall_times("0 0 1 * *", datetime(9999, 11, 1))) == [datetime(9999, 12, 1)]
    assert list(cron.wall_times("0 0 29 2 *", datetime(9999, 1, 1))) == []


def test_threads_share_an_expression_without_harm() -> None:
    expected = list(islice(cron.wall_times("*/7 * 1-20 * mon", NEW_YEAR), 500))
    cron.walls_of.cache_clear()
    found: list[list[datetime]] = []

    def ask() -> None:
        found.append(list(islice(cron.wall_times("*/7 * 1-20 * mon", NEW_YEAR), 500)))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 8


@pytest.mark.parametrize(
    ("expression", "fixed"),
    [
        ("30 2 * * *", True),
        ("0,30 2-4 * * *", True),
        ("7,*/30 2 * * *", True),
        ("@daily", True),
        ("* 2 * * *", False),
        ("*/30 2 * * *", False),
        ("*/30,7 2 * * *", False),
        ("0 * * * *", False),
        ("0 */2 * * *", False),
        ("@hourly", False),
    ],
)
def test_it_takes_named_times_of_day_as_fixed_and_all_else_as_real_time(expression: str, fixed: bool) -> None:
    assert cron.is_fixed(expression) is fixed
