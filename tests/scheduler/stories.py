"""What may happen to a job: triggers, policies and lengths of time to draw from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from jupyter_notebook_sched.domain.times import to_text

from ..domain.expressions import CHANGES, expressions

SECOND = timedelta(seconds=1)
RECENT = [(zone, change) for zone, change in CHANGES if change >= "2010"]
LATER = ["Europe/Berlin", "Asia/Kathmandu", "America/New_York", "Pacific/Apia", "UTC"]


@st.composite
def _crons(draw: st.DrawFn) -> str:
    minute = draw(st.sampled_from(["0", "30", "*/7", "*/20", "15,45", "5-50/15", "*"]))
    hour = draw(st.sampled_from(["*", "*", "2", "7", "*/2", "0,12", "1-3", "23"]))
    days = ["* * *", "* * *", "* * 1-5", "L * *", "28W * *", "1,15 * *", "* * MON#1", "* * sun#5", "* * L5", "*/3 * *"]
    return f"{minute} {hour} {draw(st.sampled_from(days))}"


def _in_every_month(expression: str) -> str:
    """One that is due only in a far month is dull, and slow to walk to."""
    minute, hour, day, _, weekday = expression.split()
    return f"{minute} {hour} {day} * {weekday}"


def crons() -> st.SearchStrategy[str]:
    return _crons() | _crons() | expressions(often=True).map(_in_every_month)


@st.composite
def beginnings(draw: st.DrawFn) -> tuple[str, datetime]:
    """A zone, and a moment some hours or days before its clocks change."""
    zone, change = draw(st.sampled_from(RECENT))
    before = timedelta(hours=draw(st.integers(0, 60)), milliseconds=draw(st.sampled_from([0, 1, 30_000, 59_999])))
    return zone, datetime.fromisoformat(f"{change}+00:00") - before


@st.composite
def triggers(draw: st.DrawFn, zone: str, now: datetime) -> dict[str, Any]:
    kind = draw(st.sampled_from(["cron", "cron", "cron", "interval", "once"]))
    if kind == "cron":
        return {"type": "cron", "cron": draw(crons()), "timezone": draw(st.sampled_from([zone, zone, zone, *LATER]))}
    if kind == "once":
        return {"type": "once", "at": to_text(now + draw(lengths()))}
    every = draw(st.sampled_from([10, 59, 60, 61, 900, 3600, 5400, 86_400, 604_800]))
    start = draw(st.none() | st.integers(-200_000, 200_000))
    return {
        "type": "interval",
        "every_seconds": every,
        "start_at": None if start is None else to_text(now.replace(microsecond=0) + start * SECOND),
    }


def lengths() -> st.SearchStrategy[timedelta]:
    """From moments to months, most of them short."""
    seconds = st.one_of(
        st.integers(1, 130),
        st.integers(1, 7200),
        st.integers(1, 7200),
        st.integers(3600, 4 * 86_400),
        st.integers(86_400, 35 * 86_400),
    )
    return seconds.map(lambda number: number * SECOND)


@dataclass(frozen=True)
class Passing:
    """Time that passes: ``length`` from now, or from the next due time; and whether the scheduler ticks then, perhaps
    that of another worker."""

    length: timedelta
    to_the_next: bool
    ticks: bool
    another_leads: bool


def passings() -> st.SearchStrategy[Passing]:
    near = st.sampled_from([0, -1, 0, 1, 30_000, 60_000, 60_001, 200_000]).map(lambda ms: timedelta(milliseconds=ms))
    ticks = st.sampled_from([True, True, True, False])
    short = st.integers(0, 1800).map(lambda number: number * SECOND)
    others = st.sampled_from([False, False, False, True])
    to_the_next = st.builds(Passing, near, st.just(True), ticks, others)
    stays = st.builds(Passing, st.just(timedelta()), st.just(False), ticks, others)
    return to_the_next | st.builds(Passing, short, st.just(False), ticks, others) | stays


def longest_for(trigger: dict[str, Any]) -> timedelta:
    """So that an outage holds no more due times than a slow count can bear."""
    every = trigger["every_seconds"] if trigger["type"] == "interval" else 60
    return 1000 * every * SECOND if every < 60 else timedelta(days=35)


POLICIES: dict[str, st.SearchStrategy[Any]] = {
    "on_missed": st.sampled_from(["run_latest", "skip", "run_all"]),
    "on_overlap": st.sampled_from(["queue_one", "skip", "parallel", "replace"]),
    "late_limit_seconds": st.sampled_from([0, 60, 3600, 86_400, 864_000]),
    "max_catch_up": st.sampled_from([1, 3, 10, 40]),
    "max_parallel": st.sampled_from([1, 2, 5]),
    "spread_seconds": st.sampled_from([0, 0, 5, 90, 3600]),
}


def policies() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=POLICIES)
