"""Triggers of every kind, and what bounds them: starts_at, ends_at, max_runs."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from jupyter_notebook_sched.domain.times import to_text
from jupyter_notebook_sched.errors import Invalid
from jupyter_notebook_sched.service import due_times, jobs, pausing
from jupyter_notebook_sched.service.forms import Pause, SkipSlot

from ..house import House
from ..made import claim
from .ledgers import DAY, FRIDAY, HOUR, MINUTE, SEVEN, brief, job_of, ledger, now_of, tick, told


def interval(seconds: int, start: datetime | None = None) -> dict[str, object]:
    return {"type": "interval", "every_seconds": seconds, "start_at": None if start is None else to_text(start)}


def once(at: datetime) -> dict[str, object]:
    return {"type": "once", "at": to_text(at)}


def run_through(house: House, since: datetime, until: datetime, step: timedelta) -> None:
    """Ticks all the time, and whatever may start starts and never ends (as parallel runs)."""
    now = since
    while now <= until:
        tick(house, now)
        while claim(house.context.store, now=now) is not None:
            pass
        now += step


def due(house: House, job: jobs.JobAnswer) -> list[str]:
    return [f"{run.scheduled_for:%H:%M}" for run in ledger(house, job)]


PARALLEL = {"on_overlap": "parallel", "max_parallel": 1000}


def test_it_counts_an_interval_from_the_making_of_the_job(house: House) -> None:
    job = job_of(house, trigger=interval(25 * 60), **PARALLEL)
    assert job.next_run_at == FRIDAY + 25 * MINUTE
    run_through(house, FRIDAY, FRIDAY + 80 * MINUTE, MINUTE)
    assert due(house, job) == ["06:55", "07:20", "07:45"]


def test_it_counts_an_interval_from_its_own_start(house: House) -> None:
    job = job_of(house, trigger=interval(1800, SEVEN + 5 * MINUTE), **PARALLEL)
    run_through(house, FRIDAY, SEVEN + 70 * MINUTE, MINUTE)
    assert due(house, job) == ["07:05", "07:35", "08:05"]


def test_it_counts_an_interval_anew_from_an_edit_of_the_trigger_only(house: House) -> None:
    job = job_of(house, trigger=interval(3600))
    house.now = FRIDAY + 10 * MINUTE
    assert jobs.patch(house.context, job.id, {"name": "Renamed"}).next_run_at == FRIDAY + HOUR
    assert jobs.patch(house.context, job.id, {"trigger": interval(3600)}).next_run_at == FRIDAY + HOUR
    assert jobs.patch(house.context, job.id, {"trigger": interval(1800)}).next_run_at == FRIDAY + 40 * MINUTE
    pausing.pause(house.context, job.id, Pause())
    house.now = FRIDAY + 45 * MINUTE
    assert pausing.resume(house.context, job.id).next_run_at == FRIDAY + 70 * MINUTE, "still every half hour from 6:40"


def test_it_runs_once_what_is_to_run_once(house: House) -> None:
    job = job_of(house, trigger=once(SEVEN))
    assert job.next_run_at == SEVEN
    run_through(house, FRIDAY, SEVEN + 2 * DAY, 30 * MINUTE)
    assert [told(run)[2:] for run in ledger(house, job)] == [("schedule", "01 07:00")]
    assert now_of(house, job).next_run_at is None
    assert jobs.patch(house.context, job.id, {"name": "Renamed"}).name == "Renamed", "that is no fault of its trigger"


def test_it_starts_and_ends_when_it_is_told_to(house: House) -> None:
    """The start is inclusive, the end exclusive."""
    bounds = {"starts_at": to_text(SEVEN), "ends_at": to_text(SEVEN + 30 * MINUTE)}
    job = job_of(house, **bounds, **PARALLEL)
    assert job.next_run_at == SEVEN
    run_through(house, FRIDAY, SEVEN + HOUR, MINUTE)
    assert due(house, job) == ["07:00", "07:10", "07:20"]
    assert now_of(house, job).next_run_at is None


def test_it_records_what_was_missed_only_between_its_bounds(house: House) -> None:
    bounds = {"starts_at": to_text(SEVEN), "ends_at": to_text(SEVEN + 30 * MINUTE)}
    job = job_of(house, on_missed="skip", **bounds)
    tick(house, SEVEN + 3 * HOUR)
    assert brief(house, job) == ["07:00-07:20 missed*3"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"starts_at": to_text(SEVEN), "ends_at": to_text(SEVEN)}, "ends_at"),
        ({"ends_at": to_text(FRIDAY)}, "ends_at"),
        ({"trigger": once(FRIDAY)}, "trigger.at"),
        ({"trigger": once(FRIDAY - DAY)}, "trigger.at"),
        ({"trigger": interval(0)}, "trigger.every_seconds"),
        ({"trigger": interval(10**9)}, "trigger.every_seconds"),
        ({"max_runs": 0}, "max_runs"),
        ({"max_catch_up": 10_000}, "max_catch_up"),
        ({"spread_seconds": 10**9}, "spread_seconds"),
        ({"late_limit_seconds": 10**9}, "late_limit_seconds"),
    ],
)
def test_it_refuses_what_would_never_run_or_has_no_bounds(house: House, fields: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        job_of(house, **fields)
    assert field in [error.field for error in refused.value.errors]


def test_it_makes_as_many_runs_as_it_may(house: House) -> None:
    job = job_of(house, max_runs=3, **PARALLEL)
    run_through(house, FRIDAY, SEVEN + 2 * HOUR, MINUTE)
    assert due(house, job) == ["06:40", "06:50", "07:00"]
    now = now_of(house, job)
    assert (now.slots_run, now.next_run_at, now.problem) == (3, None, None)


def test_it_begins_again_where_it_may_make_more(house: House) -> None:
    job = job_of(house, max_runs=1, **PARALLEL)
    run_through(house, FRIDAY, SEVEN, MINUTE)
    house.now = SEVEN + MINUTE
    assert jobs.patch(house.context, job.id, {"max_runs": 2}).next_run_at == SEVEN + 10 * MINUTE
    run_through(house, SEVEN + MINUTE, SEVEN + HOUR, MINUTE)
    assert due(house, job) == ["06:40", "07:10"]
    assert jobs.patch(house.context, job.id, {"max_runs": 1}).next_run_at is None


def test_it_counts_no_due_time_that_did_not_run(house: House) -> None:
    """Missed and skipped ones, and those whose place a newer one took."""
    job = job_of(house, max_runs=2, on_missed="skip")
    due_times.skip(house.context, job.id, SkipSlot(scheduled_for=FRIDAY + 10 * MINUTE))
    tick(house, FRIDAY + 24 * MINUTE)
    tick(house, FRIDAY + 30 * MINUTE)
    assert now_of(house, job).slots_run == 1
    tick(house, FRIDAY + 40 * MINUTE)
    assert brief(house, job) == ["06:40 user", "06:50 missed", "07:00 superseded", "07:10 queued"]
    assert now_of(house, job).slots_run == 1
    claim(house.context.store, now=FRIDAY + 40 * MINUTE)
    tick(house, FRIDAY + 50 * MINUTE)
    assert now_of(house, job).slots_run == 2
    assert now_of(house, job).next_run_at is None


def test_it_gives_a_due_time_back_that_is_skipped_after_it_was_the_last(house: House) -> None:
    job = job_of(house, max_runs=1)
    tick(house, FRIDAY + 10 * MINUTE)
    assert now_of(house, job).next_run_at is None
    due_times.skip(house.context, job.id, SkipSlot(scheduled_for=FRIDAY + 10 * MINUTE))
    now = now_of(house, job)
    assert (now.slots_run, now.next_run_at) == (0, FRIDAY + 20 * MINUTE)


def test_it_catches_up_no_more_than_it_may_run(house: House) -> None:
    job = job_of(house, max_runs=2, on_missed="run_all", max_catch_up=5)
    tick(house, SEVEN + 34 * MINUTE)
    now = now_of(house, job)
    assert (now.slots_run, now.next_run_at) == (2, None)
    assert sum(run.state == "queued" for run in ledger(house, job)) == 2


def test_it_counts_one_run_where_many_due_times_took_each_others_place_at_once(house: House) -> None:
    job = job_of(house, trigger=interval(1), max_runs=3)
    tick(house, FRIDAY + timedelta(seconds=20))
    assert [line.split()[1] for line in brief(house, job)] == ["superseded"] * 19 + ["queued"]
    assert now_of(house, job).slots_run == 1
    claim(house.context.store, now=FRIDAY + timedelta(seconds=20))
    tick(house, FRIDAY + timedelta(seconds=30))
    assert now_of(house, job).slots_run == 2
    covered = sum(run.covers.count if run.covers else 1 for run in ledger(house, job))
    assert covered == 30, "each due time has its record, whatever it was counted as"


def test_it_counts_no_due_time_that_an_earlier_run_kept_from_running(house: House) -> None:
    job = job_of(house, max_runs=2, on_overlap="skip")
    for number in range(1, 4):
        tick(house, FRIDAY + 10 * number * MINUTE)
    assert brief(house, job) == ["06:40 queued", "06:50 overlap", "07:00 overlap"]
    now = now_of(house, job)
    assert (now.slots_run, now.next_run_at) == (1, FRIDAY + 40 * MINUTE)


def test_it_promises_no_more_than_it_may_run_where_an_edit_finds_the_last_one_due(house: House) -> None:
    job = job_of(house, max_runs=1)
    house.now = FRIDAY + 10 * MINUTE
    edited = jobs.patch(house.context, job.id, {"trigger": interval(60)})
    assert (edited.slots_run, edited.next_run_at) == (1, None)
    tick(house, SEVEN)
    assert brief(house, job) == ["06:40 queued"]


def test_it_takes_other_edits_after_the_last_due_time_before_its_end(house: House) -> None:
    """An end that was accepted stays: it is no fault of a later edit."""
    job = job_of(house, ends_at=to_text(FRIDAY + 15 * MINUTE))
    tick(house, FRIDAY + 12 * MINUTE)
    for now in (FRIDAY + 12 * MINUTE, FRIDAY + HOUR):
        house.now = now
        assert jobs.patch(house.context, job.id, {"name": "Renamed", "max_catch_up": 3}).next_run_at is None
