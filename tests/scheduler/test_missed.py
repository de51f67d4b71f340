"""What becomes of due times that nobody was there for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from jupyter_notebook_sched.domain.schedule import spread_of
from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.scheduler import slots
from jupyter_notebook_sched.service import due_times
from jupyter_notebook_sched.service.forms import SkipSlot
from jupyter_notebook_sched.store import attempts

from ..house import House
from ..made import claim
from .ledgers import DAY, FRIDAY, HOUR, MINUTE, SEVEN, brief, job_of, ledger, now_of, stored_reason, tick, told

SECOND = timedelta(seconds=1)


def late(*times: str) -> list[str]:
    return [f"{time} queued late" for time in times]


OUTAGE = [
    # policies, minutes past 8:30 at which the scheduler is back, the ledger
    ({"on_missed": "run_latest"}, 4, ["06:40-08:20 missed*11", *late("08:30")]),
    ({"on_missed": "skip"}, 4, ["06:40-08:30 missed*12"]),
    ({"on_missed": "run_all"}, 4, ["06:40-06:50 missed*2", *late("07:00", "07:10", "07:20", "07:30", "07:40", "07:50"),
                                   *late("08:00", "08:10", "08:20", "08:30")]),
    ({"on_missed": "run_all", "max_catch_up": 3}, 4, ["06:40-08:00 missed*9", *late("08:10", "08:20", "08:30")]),
    ({"on_missed": "run_all", "max_catch_up": 1}, 4, ["06:40-08:20 missed*11", *late("08:30")]),
    ({"on_missed": "run_latest", "late_limit_seconds": 240}, 4, ["06:40-08:20 missed*11", *late("08:30")]),
    ({"on_missed": "run_latest", "late_limit_seconds": 239}, 4, ["06:40-08:30 missed*12"]),
    ({"on_missed": "run_latest", "late_limit_seconds": 0}, 4, ["06:40-08:30 missed*12"]),
    ({"on_missed": "run_all", "late_limit_seconds": 1440}, 4, ["06:40-08:00 missed*9", *late("08:10", "08:20"),
                                                              *late("08:30")]),
    ({"on_missed": "run_all", "late_limit_seconds": 1439}, 4, ["06:40-08:10 missed*10", *late("08:20", "08:30")]),
    ({"on_missed": "run_latest"}, 1, ["06:40-08:20 missed*11", "08:30 queued"]),
    ({"on_missed": "skip"}, 1, ["06:40-08:20 missed*11", "08:30 queued"]),
    ({"on_missed": "run_latest", "late_limit_seconds": 0}, 0, ["06:40-08:20 missed*11", "08:30 queued"]),
    ({"on_missed": "run_all", "max_catch_up": 2}, 1, ["06:40-08:00 missed*9", *late("08:10", "08:20"), "08:30 queued"]),
    ({"on_missed": "run_all", "late_limit_seconds": 0}, 0, ["06:40-08:20 missed*11", "08:30 queued"]),
]  # fmt: skip


@pytest.mark.parametrize(("policies", "minutes", "found"), OUTAGE, ids=[f"{row[0]}+{row[1]}" for row in OUTAGE])
def test_it_runs_or_records_each_due_time_of_an_outage(
    house: House, policies: dict[str, Any], minutes: int, found: list[str]
) -> None:
    job = job_of(house, **policies)
    tick(house, SEVEN + HOUR + 30 * MINUTE + minutes * MINUTE)
    assert brief(house, job) == found
    assert covered(house, job) == 12
    now = now_of(house, job)
    assert (now.next_run_at, now.last_slot) == (SEVEN + 100 * MINUTE, SEVEN + 90 * MINUTE)
    assert now.slots_run == sum("queued" in line for line in found)


def covered(house: House, job: Any) -> int:
    return sum(run.covers.count if run.covers else 1 for run in ledger(house, job))


@pytest.mark.parametrize(("late_by", "cause"), [(60, "schedule"), (61, "catch_up")])
def test_it_takes_a_minute_of_delay_for_on_time(house: House, late_by: int, cause: str) -> None:
    job = job_of(house, "0 7 * * *")
    tick(house, SEVEN + late_by * SECOND)
    assert told(ledger(house, job)[0])[2:] == (cause, "01 07:00")


def test_it_runs_all_that_it_catches_up_one_after_another(house: House) -> None:
    """None of them takes the place of another, and today's do not wait behind them."""
    job = job_of(house, on_missed="run_all", max_catch_up=3)
    tick(house, SEVEN + 34 * MINUTE)
    tick(house, SEVEN + 40 * MINUTE)
    assert brief(house, job)[1:] == [*late("07:10", "07:20", "07:30"), "07:40 queued"]
    store, order = house.context.store, []
    while (claimed := claim(store, now=SEVEN + 41 * MINUTE)) is not None:
        order.append(f"{claimed.run.scheduled_for:%H:%M}")
        with store.write() as db:
            attempts.finish(db, claimed, attempts.Ending(RunState.SUCCEEDED), SEVEN + 41 * MINUTE)
    assert order == ["07:40", "07:10", "07:20", "07:30"]


def test_it_lets_the_newest_take_the_place_of_one_that_was_caught_up_alone(house: House) -> None:
    job = job_of(house)
    tick(house, SEVEN + 34 * MINUTE)
    tick(house, SEVEN + 40 * MINUTE)
    assert [stored_reason(house, run) for run in ledger(house, job)] == ["missed", "superseded", None]


def test_it_records_a_year_of_missed_minutes_as_one(house: House) -> None:
    job = job_of(house, "* * * * *", on_missed="skip")
    tick(house, FRIDAY + 365 * DAY + 30 * SECOND)
    span, current = ledger(house, job)
    assert span.covers is not None
    assert span.covers.count == 365 * 24 * 60 - 1
    assert (span.covers.start, span.covers.end) == (FRIDAY + MINUTE, FRIDAY + 365 * DAY - MINUTE)
    assert (span.state, current.scheduled_for) == ("skipped", FRIDAY + 365 * DAY)


def test_it_splits_a_span_where_a_due_time_in_it_was_skipped_before(house: House) -> None:
    job = job_of(house, on_missed="skip")
    for due in (SEVEN, SEVEN + 30 * MINUTE):
        due_times.skip(house.context, job.id, SkipSlot(scheduled_for=due))
    tick(house, SEVEN + 94 * MINUTE)
    assert brief(house, job) == [
        "06:40-06:50 missed*2",
        "07:00 user",
        "07:10-07:20 missed*2",
        "07:30 user",
        "07:40-08:30 missed*6",
    ]
    assert covered(house, job) == 12


def test_it_catches_up_around_what_was_skipped_before(house: House) -> None:
    job = job_of(house, on_missed="run_all", max_catch_up=4)
    due_times.skip(house.context, job.id, SkipSlot(scheduled_for=SEVEN + 20 * MINUTE))
    tick(house, SEVEN + 34 * MINUTE)
    found = brief(house, job)
    assert "07:20 user" in found
    assert covered(house, job) == 6
    assert found[-1] == "07:30 queued late"


def test_it_records_a_lone_missed_due_time_without_a_span(house: House) -> None:
    job = job_of(house, "0 7 * * *", on_missed="skip")
    tick(house, SEVEN + HOUR)
    (missed,) = ledger(house, job)
    assert (missed.covers, missed.message) == (None, "missed: the scheduler was not running at that time")


def test_it_measures_lateness_from_the_moment_at_which_a_due_time_may_start(house: House) -> None:
    job = job_of(house, "0 7 * * *", spread_seconds=3600)
    spread = spread_of(job.id, 3600)
    assert timedelta() <= spread < HOUR
    tick(house, SEVEN + spread + MINUTE)
    (run,) = ledger(house, job)
    assert (run.cause, run.scheduled_for) == ("schedule", SEVEN)
    other = job_of(house, "0 7 * * *", spread_seconds=3600, late_limit_seconds=3600, name="late")
    tick(house, SEVEN + spread_of(other.id, 3600) + 61 * SECOND)
    assert ledger(house, other)[0].cause == "catch_up"


def test_it_spreads_jobs_and_never_starts_one_early(house: House) -> None:
    made = [job_of(house, "0 7 * * *", spread_seconds=600) for _ in range(20)]
    tick(house, SEVEN)
    starts = set()
    for job in made:
        (run,) = ledger(house, job)
        assert run.scheduled_for == SEVEN
        assert run.available_at == SEVEN + spread_of(job.id, 600)
        starts.add(run.available_at)
    assert len(starts) > 15
    assert claim(house.context.store, now=min(starts) - timedelta(milliseconds=1)) is None
    assert claim(house.context.store, now=min(starts)) is not None
    assert {spread_of(job.id, 600) for job in made} == {spread_of(job.id, 600) for job in made}, "always the same"


def test_it_bounds_what_is_on_time_together(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A spread of a day makes a day of minutes on time at once: those beyond the bound count as late."""
    monkeypatch.setattr(slots, "MOST_AT_ONCE", 50)
    job = job_of(house, "* * * * *", spread_seconds=86_400, on_missed="skip")
    tick(house, FRIDAY + spread_of(job.id, 86_400) + 3 * HOUR)
    total = covered(house, job)
    assert total == (spread_of(job.id, 86_400) + 3 * HOUR) // MINUTE
