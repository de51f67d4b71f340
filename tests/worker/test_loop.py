"""The worker's loop keeps going, and keeps what runs going, when something is wrong around it."""

from __future__ import annotations

import os
import signal
import sqlite3

import pytest

from jupyter_notebook_sched.domain import zones
from jupyter_notebook_sched.domain.states import ENDED
from jupyter_notebook_sched.executor import local
from jupyter_notebook_sched.service import runs, status
from jupyter_notebook_sched.store import connection, facts, leases

from ..house import House
from ..living import descendants_named
from .at_work import at_work, eventually

SLEEPS = "import time\nprint('kept', flush=True)\ntime.sleep(1000)"


def ended(house: House, run_id: str) -> bool:
    return house.get(run_id).state in ENDED


async def test_it_lets_a_run_go_on_while_the_store_cannot_be_written(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.1)
    house.notebook("a.ipynb", *["import time; time.sleep(0.6)"] * 4)
    run = house.run("a.ipynb")
    async with at_work(house):
        await eventually(lambda: house.get(run.id).progress.current == 0)
        other = sqlite3.connect(house.context.store.path, isolation_level=None)
        other.execute("begin immediate")
        descriptor = descendants_named(os.getpid(), f"nbsched-{run.id[-6:]}")
        await eventually(lambda: not descendants_named(os.getpid(), f"nbsched-{run.id[-6:]}"))
        assert len(descriptor) == 1
        assert house.get(run.id).state == "running", "its end could not be written yet"
        other.execute("rollback")
        other.close()
        await eventually(lambda: ended(house, run.id))
    found = house.get(run.id)
    assert (found.state, found.reason, len(found.cells)) == ("succeeded", None, 4)


async def test_it_calls_a_run_cancelled_even_where_its_process_had_to_be_killed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A runner that does not answer any more is killed after a grace period; that is still the person's cancel."""
    monkeypatch.setattr(local, "CANCEL_GRACE", 0.5)
    house.notebook("a.ipynb", SLEEPS)
    run = house.run("a.ipynb", retry={"max_attempts": 3, "delay_seconds": 0})
    async with at_work(house) as (_, wake):
        await eventually(lambda: house.get(run.id).progress.current == 0)
        (runner,) = descendants_named(os.getpid(), f"nbsched-{run.id[-6:]}")
        os.kill(runner, signal.SIGSTOP)
        runs.cancel(house.context, run.id)
        wake.set()
        await eventually(lambda: ended(house, run.id), 10)
    found = house.get(run.id)
    assert (found.state, found.reason, found.message) == ("cancelled", "user", "cancelled on request")


async def test_it_calls_a_run_lost_that_it_had_to_let_go(house: House) -> None:
    """Nobody cancelled what a worker stops because it may not be its owner any more."""
    house.notebook("a.ipynb", SLEEPS)
    run = house.run("a.ipynb")
    async with at_work(house) as (worker, _):
        await eventually(lambda: house.get(run.id).progress.current == 0)
        worker.claims.abandon()
        await eventually(lambda: ended(house, run.id), 10)
    found = house.get(run.id)
    assert (found.state, found.reason, found.message) == ("failed", "lost", "its worker had to stop it")


async def test_it_keeps_what_runs_running_through_a_fault_of_its_own(house: House) -> None:
    house.notebook("a.ipynb", "import time; time.sleep(1.5)")
    run = house.run("a.ipynb")
    async with at_work(house) as (_, wake):
        await eventually(lambda: house.get(run.id).progress.current == 0)
        with house.context.store.write() as db:
            db.execute("alter table workers rename to elsewhere")
            db.execute("alter table leases rename to gone")
        wake.set()
        await eventually(lambda: ended(house, run.id), 15)
        with house.context.store.write() as db:
            db.execute("alter table elsewhere rename to workers")
            db.execute("alter table gone rename to leases")
        again = house.run("a.ipynb")
        await eventually(lambda: ended(house, again.id), 15)
    assert house.get(run.id).state == house.get(again.id).state == "succeeded"


async def test_it_survives_a_due_time_that_is_none(house: House) -> None:
    house.notebook("a.ipynb", "print(1)")
    job = house.job("a.ipynb")
    with house.context.store.write() as db:
        db.execute("update jobs set next_run_at = 'soon' where id = ?", [job.id])
    run = house.run("a.ipynb")
    async with at_work(house):
        await eventually(lambda: ended(house, run.id), 15)
        assert status.status(house.context).jobs.next_run_at is None


async def test_it_fires_a_job_on_the_minute(house: House) -> None:
    """The only test that waits for the real clock: at most a minute, usually less."""
    house.notebook("a.ipynb", "print(1)")
    job = house.job("a.ipynb", "* * * * *")
    due = job.next_run_at
    assert due is not None
    with house.context.store.write() as db:
        db.execute("update jobs set next_run_at = strftime('%Y-%m-%dT%H:%M:00.000Z', 'now')")
        facts.put(db, "tzdata", zones.tzdata_version())  # else it is computed anew, as after an update of the zones
    async with at_work(house):
        await eventually(lambda: runs.find(house.context, runs.RunsQuery(job=job.id), {}).runs, 5)
    (run,) = runs.find(house.context, runs.RunsQuery(job=job.id), {}).runs[:1]
    assert run.scheduled_for is not None
    assert run.scheduled_for.second == 0
    assert run.cause in ("schedule", "catch_up")


async def test_it_claims_nothing_once_it_was_given_up(house: House) -> None:
    """It stood still between its beat and its claim for longer than its lease."""
    house.notebook("a.ipynb", "print(1)")
    first = house.run("a.ipynb")
    async with at_work(house) as (worker, wake):
        await eventually(lambda: ended(house, first.id))
        owner = worker.heart.owner
        assert owner is not None
        with house.context.store.write() as db:
            leases.unregister(db, owner)
        run = house.run("a.ipynb")
        worker.claims.claim(owner, wake.set)
        assert house.get(run.id).state == "queued"
