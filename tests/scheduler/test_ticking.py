"""Due times become runs: on time, late, missed, in order, once."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest

from jupyter_notebook_sched.errors import Unavailable
from jupyter_notebook_sched.scheduler.ticking import JOBS_A_TICK
from jupyter_notebook_sched.service import jobs, pausing, runs
from jupyter_notebook_sched.service.forms import Pause
from jupyter_notebook_sched.store import attempts, connection
from jupyter_notebook_sched.store.attempts import Ending

from ..house import House
from ..made import claim
from .ledgers import DAY, FRIDAY, MINUTE, SEVEN, ledger, scheduler, told


@pytest.fixture
def at_half_past_six(house: House) -> House:
    house.now = FRIDAY
    house.notebook("report.ipynb", "print(x)", parameters="x = 1")
    return house


def test_it_enqueues_nothing_before_a_job_is_due(at_half_past_six: House) -> None:
    house = at_half_past_six
    job = house.job("report.ipynb")
    assert job.next_run_at == SEVEN
    assert not scheduler(house).tick(SEVEN - timedelta(milliseconds=1))
    assert ledger(house, job) == []


def test_it_enqueues_one_run_when_the_time_has_come(at_half_past_six: House) -> None:
    house = at_half_past_six
    job = house.job("report.ipynb", parameters={"x": 5}, tags=["etl"], retry={"max_attempts": 3})
    assert not scheduler(house).tick(SEVEN)
    (run,) = ledger(house, job)
    assert told(run) == ("queued", None, "schedule", "01 07:00")
    assert (run.parameters, run.tags, run.max_attempts, run.name) == ({"x": 5}, ["etl"], 3, "Daily")
    assert (run.source_version, run.available_at) == (job.source_version, SEVEN)
    after = jobs.get(house.context, job.id)
    assert (after.next_run_at, after.last_slot) == (SEVEN + DAY, SEVEN)
    assert after.last_run is not None
    assert after.last_run.id == run.id
    assert after.revision == job.revision, "the scheduler's own steps are no edits"


def test_it_enqueues_one_run_when_two_schedulers_tick(at_half_past_six: House) -> None:
    house = at_half_past_six
    job = house.job("report.ipynb")
    first, second = scheduler(house), scheduler(house)
    for _ in range(3):
        first.tick(SEVEN)
        second.tick(SEVEN + MINUTE)
    assert len(ledger(house, job)) == 1


def test_it_calls_a_run_caught_up_when_it_is_more_than_a_minute_late(at_half_past_six: House) -> None:
    house = at_half_past_six
    on_time, late = house.job("report.ipynb"), house.job("report.ipynb")
    scheduler(house).tick(SEVEN + MINUTE)
    assert [run.cause for run in ledger(house, on_time) + ledger(house, late)] == ["schedule", "schedule"]
    third = house.job("report.ipynb", "0 8 * * *")
    scheduler(house).tick(SEVEN + 62 * MINUTE)
    assert told(ledger(house, third)[0]) == ("queued", None, "catch_up", "01 08:00")


def test_it_runs_the_latest_after_an_outage_and_records_the_others_as_one(at_half_past_six: House) -> None:
    house = at_half_past_six
    job = house.job("report.ipynb", "*/10 * * * *")
    scheduler(house).tick(FRIDAY + timedelta(hours=2))
    missed, caught_up = ledger(house, job)
    assert told(missed) == ("skipped", "missed", "schedule", "01 08:20")
    assert missed.covers is not None
    assert (missed.covers.count, missed.covers.start, missed.covers.end) == (
        11,
        FRIDAY + 10 * MINUTE,
        FRIDAY + 110 * MINUTE,
    )
    assert missed.message is not None
    assert "11 due times missed" in missed.message
    assert told(caught_up) == ("queued", None, "schedule", "01 08:30")
    after = jobs.get(house.context, job.id)
    assert after.next_run_at == FRIDAY + timedelta(hours=2, minutes=10)


def test_it_only_records_what_is_older_than_the_limit(at_half_past_six: House) -> None:
    house = at_half_past_six
    job = house.job("report.ipynb", "0 7 1 * *")
    scheduler(house).tick(SEVEN + DAY + MINUTE)
    (missed,) = ledger(house, job)
    assert told(missed) == ("skipped", "missed", "schedule", "01 07:00")
    assert missed.covers is None
    assert jobs.get(house.context, job.id).last_slot == SEVEN


def test_it_records_every_due_time_exactly_once_however_irregularly_it_ticks(at_half_past_six: House) -> None:
    house = at_half_past_six
    job = house.job("report.ipynb", "*/7 * * * *")
    now, tick = FRIDAY, scheduler(house).tick
    for minutes in (1, 3, 9, 30, 2, 2, 2, 61, 5, 0, 7, 14, 120):
        now += minutes * MINUTE
        tick(now)
    covered = 0
    for run in ledger(house, job):
        covered += run.covers.count if run.covers else 1
    expected = sum((FRIDAY + minute * MINUTE).minute % 7 == 0 for minute in range(1, 257))
    assert covered == expected
    assert not any(run.state == "queued" for run in ledger(house, job)[:-1]), "the newest due time takes the place"


def test_it_lets_the_newest_due_time_take_the_place_of_one_that_still_waits(at_half_past_six: House) -> None:
    house = at_half_past_six
    job = house.job("report.ipynb")
    tick = scheduler(house).tick
    tick(SEVEN)
    tick(SEVEN + DAY)
    waited, waits = ledger(house, job)
    assert told(waited) == ("skipped", "superseded", "schedule", "01 07:00")
    assert waited.message == "a newer due time, 2026-05-02T07:00:00.000Z, took its place"
    assert told(waits) == ("queued", None, "schedule", "02 07:00")


def test_it_leaves_a_running_run_and_what_a_person_started_alone(at_half_past_six: House) -> None:
    house = at_half_past_six
    job = house.job("report.ipynb")
    tick = scheduler(house).tick
    tick(SEVEN)
    claimed = claim(house.context.store, now=SEVEN)
    assert claimed is not None
    tick(SEVEN + DAY)
    active, waits = ledger(house, job)
    assert (active.state, waits.state) == ("running", "queued")
    with house.context.store.write() as db:
        failed = Ending(active.state.FAILED, "lost")
        attempts.give_back(db, claimed, failed, SEVEN + 3 * DAY, SEVEN + DAY)
    tick(SEVEN + 2 * DAY)
    assert [told(run)[:2] for run in ledger(house, job)] == [
        ("queued", "retry_wait"),
        ("skipped", "superseded"),
        ("queued", None),
    ]


def test_it_passes_over_paused_jobs_and_counts_anew_when_they_are_resumed(at_half_past_six: House) -> None:
    house = at_half_past_six
    job = house.job("report.ipynb")
    tick = scheduler(house).tick
    assert pausing.pause(house.context, job.id, Pause()).next_run_at is None
    tick(SEVEN + MINUTE)
    assert ledger(house, job) == []
    house.now = SEVEN + 2 * MINUTE
    assert pausing.resume(house.context, job.id).next_run_at == SEVEN + DAY
    tick(SEVEN + 2 * MINUTE)
    assert ledger(house, job) == []
    tick(SEVEN + DAY)
    assert [told(run)[3] for run in ledger(house, job)] == ["02 07:00"]


def test_it_counts_anew_when_the_trigger_is_changed(at_half_past_six: House) -> None:
    house = at_half_past_six
    job = house.job("report.ipynb")
    house.now = SEVEN + 5 * MINUTE
    daily_at_eight = {"type": "cron", "cron": "0 8 * * *", "timezone": "UTC"}
    changed = jobs.patch(house.context, job.id, {"trigger": daily_at_eight})
    assert changed.next_run_at == SEVEN + 60 * MINUTE
    scheduler(house).tick(house.now)
    assert [told(run)[2:] for run in ledger(house, job)] == [("catch_up", "01 07:00")], "what came before the change"
    house.now += MINUTE
    assert jobs.patch(house.context, job.id, {"name": "Renamed"}).next_run_at == changed.next_run_at


def test_it_never_fires_a_due_time_again_when_the_clock_goes_back(at_half_past_six: House) -> None:
    house = at_half_past_six
    job = house.job("report.ipynb")
    tick = scheduler(house).tick
    tick(SEVEN)
    tick(FRIDAY)
    house.now = FRIDAY
    every_ten = {"type": "cron", "cron": "*/10 * * * *", "timezone": "UTC"}
    assert jobs.patch(house.context, job.id, {"trigger": every_ten}).next_run_at == SEVEN + 10 * MINUTE
    pausing.pause(house.context, job.id, Pause())
    assert pausing.resume(house.context, job.id).next_run_at == SEVEN + 10 * MINUTE
    tick(SEVEN + 5 * MINUTE)
    assert len(ledger(house, job)) == 1


def test_it_never_fires_again_for_a_record_that_was_deleted(at_half_past_six: House) -> None:
    house = at_half_past_six
    job = house.job("report.ipynb")
    tick = scheduler(house).tick
    tick(SEVEN)
    (run,) = ledger(house, job)
    house.now = SEVEN
    runs.cancel(house.context, run.id)
    runs.delete(house.context, run.id)
    tick(SEVEN + MINUTE)
    assert ledger(house, job) == []


def test_it_fires_no_time_that_the_rules_of_a_zone_have_lost(at_half_past_six: House) -> None:
    """As after an update of the tz database: the stored moment is none of the trigger's own any more."""
    house = at_half_past_six
    job = house.job("report.ipynb")
    with house.context.store.write() as db:
        db.execute("update jobs set next_run_at = '2026-05-01T06:45:00.000Z'")
    scheduler(house).tick(FRIDAY + 20 * MINUTE)
    assert ledger(house, job) == []
    assert jobs.get(house.context, job.id).next_run_at == SEVEN


def test_it_takes_many_due_jobs_in_portions(at_half_past_six: House) -> None:
    house = at_half_past_six
    made = [house.job("report.ipynb") for _ in range(JOBS_A_TICK[False] + 5)]
    tick = scheduler(house).tick
    assert tick(SEVEN) is True
    assert tick(SEVEN) is False
    assert all(len(ledger(house, job)) == 1 for job in made)


def test_it_records_nothing_while_the_store_cannot_be_written_and_everything_after(
    at_half_past_six: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = at_half_past_six
    job = house.job("report.ipynb")
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.2)
    house.context.store.close()
    other = sqlite3.connect(house.context.store.path, isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(Unavailable):
        scheduler(house).tick(SEVEN)
    other.execute("rollback")
    other.close()
    assert jobs.get(house.context, job.id).problem is None
    scheduler(house).tick(SEVEN + MINUTE)
    assert [told(run)[0] for run in ledger(house, job)] == ["queued"]
