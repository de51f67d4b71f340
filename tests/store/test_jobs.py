from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from jupyter_notebook_sched.domain.job import Job
from jupyter_notebook_sched.domain.retry import Retry
from jupyter_notebook_sched.domain.trigger import Cron
from jupyter_notebook_sched.store import jobs
from jupyter_notebook_sched.store.connection import Store
from jupyter_notebook_sched.store.jobs import Broken

from ..made import NOON, SECOND, new_job, queued


def kept(store: Store, **fields: Any) -> Job:
    job = new_job(**fields)
    with store.write() as db:
        jobs.insert(db, job)
    return job


def found(store: Store, job_id: str) -> Job | Broken | None:
    with store.read() as db:
        return jobs.get(db, job_id)


def poison(store: Store, job_id: str, column: str, value: str | None) -> None:
    with store.write() as db:
        db.execute(f"update jobs set {column} = ? where id = ?", [value, job_id])


def test_it_reads_back_the_job_that_it_stored(store: Store) -> None:
    job = kept(
        store,
        parameters={"x": [1, None, "ü"]},
        retry=Retry(max_attempts=3, on=["lost"]),
        trigger=Cron("*/5 * * * *", "Europe/Berlin"),
        next_run_at=NOON + SECOND,
        tags=["etl"],
        paused=True,
        timeout_seconds=60.0,
    )
    assert found(store, job.id) == job
    assert found(store, "none") is None


def test_it_changes_a_job_only_as_the_sender_saw_it(store: Store) -> None:
    job = kept(store)
    renamed = msgspec.structs.replace(job, name="Renamed")
    with store.write() as db:
        assert jobs.update(db, renamed, "updated", NOON + SECOND)
        assert not jobs.update(db, msgspec.structs.replace(job, name="Too late"), "updated", NOON)
    now = found(store, job.id)
    assert isinstance(now, Job)
    assert (now.name, now.revision, now.updated_at, now.created_at) == ("Renamed", 2, NOON + SECOND, NOON)


def test_it_leaves_to_the_scheduler_how_far_it_has_come(store: Store) -> None:
    """An edit that was read before a tick and is written after it must not bring the recorded due time back."""
    seven = NOON - timedelta(hours=5)
    job = kept(store, next_run_at=seven)
    edited = msgspec.structs.replace(job, name="Renamed")
    with store.write() as db:
        jobs.record_slots(db, job, job.source_version, seven, seven + timedelta(days=1), 1)
    with store.write() as db:
        assert jobs.update(db, edited, "updated", NOON)
    now = found(store, job.id)
    assert isinstance(now, Job)
    assert (now.name, now.last_slot, now.next_run_at) == ("Renamed", seven, seven + timedelta(days=1))
    assert now.slots_run == 1


def test_it_starts_a_job_again_where_an_edit_asks_for_it(store: Store) -> None:
    job = kept(store, next_run_at=NOON)
    later = NOON + timedelta(days=3)
    with store.write() as db:
        assert jobs.update(db, msgspec.structs.replace(job, next_run_at=later), "updated", NOON, reschedules=True)
    now = found(store, job.id)
    assert isinstance(now, Job)
    assert now.next_run_at == later


def test_it_gives_due_jobs_the_longest_due_first(store: Store) -> None:
    late = kept(store, next_run_at=NOON - SECOND)
    later = kept(store, next_run_at=NOON - 9 * SECOND)
    now = kept(store, next_run_at=NOON)
    kept(store, next_run_at=NOON + SECOND)
    kept(store)
    with store.read() as db:
        assert [job.id for job in jobs.due(db, NOON, 10)] == [later.id, late.id, now.id]
        assert [job.id for job in jobs.due(db, NOON, 1)] == [later.id]
        assert jobs.next_due(db) == "2026-05-01T11:59:51.000Z"


def test_it_never_gives_a_paused_job_whatever_its_row_says(store: Store) -> None:
    job = kept(store, next_run_at=NOON)
    poison(store, job.id, "paused", "1")
    with store.read() as db:
        assert jobs.due(db, NOON, 10) == []
        assert jobs.next_due(db) is None


def test_it_records_a_problem_and_takes_the_job_out_of_the_queue(store: Store) -> None:
    job = kept(store, next_run_at=NOON)
    with store.write() as db:
        jobs.record_problem(db, job, "no such zone", NOON)
        assert jobs.due(db, NOON, 10) == []
        now = jobs.get(db, job.id)
        assert isinstance(now, Job)
        assert now.problem == "no such zone"
        jobs.record_slots(db, job, job.source_version, NOON, NOON + SECOND, 1)
        mended = jobs.get(db, job.id)
    assert isinstance(mended, Job)
    assert (mended.problem, mended.next_run_at) == (None, NOON + SECOND)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("spec", "{"),
        ("spec", "[]"),
        ("spec", "null"),
        ("spec", json.dumps({"name": "x", "notebook": "n.ipynb", "trigger": {"type": "moon"}})),
        ("spec", json.dumps({"name": "x", "notebook": "n.ipynb", "retry": {"max_attempts": "many"}})),
        ("created_at", "yesterday"),
        ("next_run_at", "soon"),
    ],
)
def test_it_shows_a_row_that_cannot_be_read_beside_the_healthy_ones(store: Store, column: str, value: str) -> None:
    healthy, sick = kept(store, name="healthy"), kept(store, name="sick")
    poison(store, sick.id, column, value)
    broken = found(store, sick.id)
    assert isinstance(broken, Broken)
    assert (broken.id, broken.name) == (sick.id, "sick")
    assert broken.message
    with store.read() as db:
        assert jobs.page(db, None, None, (), 10, None) == [broken, healthy]
        assert jobs.totals(db) == (2, 0)


@pytest.mark.parametrize("moment", ["soon", "", "2026", "9999-99-99T99:99:99.999Z", "zzz"])
def test_it_is_not_led_astray_by_a_moment_that_is_none(store: Store, moment: str) -> None:
    kept(store, next_run_at=NOON)
    poison(store, kept(store).id, "next_run_at", moment)
    with store.read() as db:
        assert jobs.next_due(db) == "2026-05-01T12:00:00.000Z"


def test_it_lists_pages_with_filters(store: Store) -> None:
    for number in range(5):
        kept(store, name=f"Daily {number}", notebook=f"etl/{number % 2}.ipynb", paused=number == 0)
    with store.read() as db:

        def names(*filters: Any, limit: int = 10, after: str | None = None) -> list[str]:
            return [job.name for job in jobs.page(db, *filters, limit, after)]

        assert names(None, None, ()) == [f"Daily {number}" for number in (4, 3, 2, 1, 0)]
        first = jobs.page(db, None, None, (), 2, None)
        assert names(None, None, (), after=first[-1].id) == ["Daily 2", "Daily 1", "Daily 0"]
        assert names("etl/1.ipynb", None, ()) == ["Daily 3", "Daily 1"]
        assert names(None, True, ()) == ["Daily 0"]
        assert names(None, False, ("daily", "4")) == ["Daily 4"]
        assert names(None, None, ("etl",)) == [f"Daily {number}" for number in (4, 3, 2, 1, 0)]
        assert names(None, None, ("aily",)) == []
        assert names(None, None, ("%",)) == names(None, None, ()), "nothing to look for, as in the list of runs"


def test_it_deletes_the_job_and_keeps_its_history(store: Store) -> None:
    job = kept(store)
    run = queued(store, job_id=job.id)
    with store.write() as db:
        assert jobs.delete(db, job.id, NOON)
        assert not jobs.delete(db, job.id, NOON)
        assert db.execute("select id from runs where job_id = ?", [job.id]).fetchall() == [(run.id,)]
