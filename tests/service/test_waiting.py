"""Every reason for which a queued run waits, told when it is read, in words that name what it waits for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from jupyter_notebook_sched.domain.run import Cause, Run
from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.host.identity import own_identity
from jupyter_notebook_sched.service import batches, due_times, jobs, runs, sweeps
from jupyter_notebook_sched.service.forms import Backfill, CreateRun, RunJob, RunsQuery
from jupyter_notebook_sched.service.sweeps import StartedSweep
from jupyter_notebook_sched.service.validating import form_of
from jupyter_notebook_sched.store import attempts, leases
from jupyter_notebook_sched.store.attempts import Claimed, Ending
from jupyter_notebook_sched.store.claims import Place
from jupyter_notebook_sched.store.leases import WorkerFacts

from ..house import House
from ..made import ME, NOON, SECOND, claim

HERE = own_identity().host
FAR = "far"
FAILED = Ending(RunState.FAILED, "cell_error", "it broke")

FREE = re.compile(r"\d+(?= MB are (?:free|left))")


@pytest.fixture
def waiting(house: House) -> House:
    house.now = NOON
    house.notebook("report.ipynb", "print(1)")
    return house


def works(house: House, host: str = HERE, state: str = "running", capacity: int = 2, kernel: str = "python3") -> None:
    """A worker that was heard of just now."""
    house.context.store.make()
    with house.context.store.write() as db:
        facts = WorkerFacts(host, state, capacity, (kernel,))
        leases.register(db, f"{host}/boot/1/10/{capacity}{state}", facts, house.clock())


def begun(house: House, host: str = HERE, capacity: int = 9) -> Claimed:
    """The next run starts there."""
    claimed = claim(house.context.store, ME, house.clock(), Place(host, capacity, frozenset({"python3"})))
    assert claimed is not None
    return claimed


def why(house: House, run: Run) -> tuple[str | None, str | None]:
    """As its page and the list tell it; between the two, what is free on this machine may change."""
    found = runs.get(house.context, run.id)
    listed = {each.id: each for each in runs.find(house.context, RunsQuery(), {}).runs}[run.id]
    assert listed.reason == found.reason
    assert FREE.sub("n", listed.message or "") == FREE.sub("n", found.message or "")
    return found.reason, found.message


def test_it_waits_for_the_scheduler(waiting: House) -> None:
    run = waiting.run("report.ipynb")
    expected = ("scheduler_stopped", "waits for the scheduler, which does not run now")
    assert (run.reason, run.message) == why(waiting, run) == expected
    works(waiting, state="draining")
    assert why(waiting, run) == expected, "one that drains takes nothing new"
    works(waiting)
    assert why(waiting, run) == (None, None)
    waiting.now = NOON + 31 * SECOND
    assert why(waiting, run) == expected, "it was not heard of for a lease time"


@pytest.fixture
def published(house: House) -> Iterator[None]:
    lock = house.context.meeting.lock()
    assert lock is not None
    house.context.meeting.publish({"state": "running"})
    yield
    os.close(lock)


def test_it_says_nothing_of_a_worker_that_has_just_come_up(waiting: House, published: None) -> None:
    assert why(waiting, waiting.run("report.ipynb")) == (None, None)


def test_it_waits_for_a_kernel(waiting: House) -> None:
    run = waiting.run("report.ipynb")
    works(waiting, FAR, kernel="ir")
    works(waiting, HERE, kernel="julia")
    told = f"waits for a host with the kernel 'python3', which is not installed on {', '.join(sorted([FAR, HERE]))}"
    assert why(waiting, run) == ("needs_kernel", told)
    works(waiting, "third")
    assert why(waiting, run) == (None, None)


def test_it_waits_for_a_place(waiting: House) -> None:
    works(waiting, capacity=1)
    waiting.run("report.ipynb")
    begun(waiting)
    run = waiting.run("report.ipynb")
    assert why(waiting, run) == ("capacity", "waits for a free place (1 of 1 in use)")
    works(waiting, FAR, capacity=1)
    assert why(waiting, run) == (None, None), "another host has one"


def test_it_says_of_the_rest_of_a_sweep_what_goes_first(waiting: House) -> None:
    works(waiting, capacity=1)
    waiting.notebook("report.ipynb", "x", parameters="x = 1")
    sent = {"notebook": "report.ipynb", "sweep": {"mode": "grid", "values": {"x": [1, 2, 3]}}}
    started = sweeps.start(waiting.context, form_of(CreateRun, sent)).started
    assert isinstance(started, StartedSweep)
    begun(waiting)
    told = "waits for a free place (1 of 1 in use); what is started by itself goes first"
    for run in started.runs[1:]:
        assert why(waiting, run) == ("capacity", told)
    batch = batches.get(waiting.context, started.batch_id)
    assert [(run.reason, run.message) for run in batch.runs] == [(None, None), ("capacity", told), ("capacity", told)]


def test_it_waits_for_the_run_of_its_job_before_it(waiting: House) -> None:
    works(waiting)
    job = waiting.job("report.ipynb", "* * * * *")
    by_hand = jobs.run(waiting.context, job.id, RunJob())
    begun(waiting)
    waiting.now = NOON + 20 * SECOND
    done = due_times.backfill(waiting.context, job.id, Backfill(start=NOON - timedelta(minutes=1), end=NOON))
    assert isinstance(done, due_times.Filled)
    (run,) = done.runs
    assert why(waiting, run) == ("overlap", f"waits for the run of this job before it ({by_hand.id})")


def causes(house: House, cause: Cause, *names: str) -> list[Run]:
    """Runs as a schedule makes them, each of another kind."""
    made = [house.run("report.ipynb", name=name) for name in names]
    with house.context.store.write() as db:
        db.execute(f"update runs set cause = '{cause}'")
    return made


def test_it_waits_for_its_turn_while_something_else_is_caught_up(waiting: House) -> None:
    works(waiting, capacity=3)
    first, second = causes(waiting, "catch_up", "first", "second")
    assert begun(waiting, capacity=3).run.id == first.id
    assert why(waiting, second) == ("capacity", "waits for its turn: what is caught up starts one at a time")


def learned(house: House, name: str, column: str, value: float) -> None:
    with house.context.store.write() as db:
        db.execute(f"update titles set {column} = ? where name = ?", [value, name])


def test_it_waits_where_the_last_place_is_kept_for_short_runs(waiting: House) -> None:
    works(waiting)
    runs_of = {name: waiting.run("report.ipynb", name=name) for name in ("long", "another", "short")}
    learned(waiting, "long", "expected_seconds", 3600)
    learned(waiting, "another", "expected_seconds", 3600)
    assert begun(waiting, capacity=2).run.id == runs_of["long"].id
    told = "waits for a place: the last one is kept for runs shorter than 10 minutes"
    assert why(waiting, runs_of["another"]) == ("capacity", told)
    assert why(waiting, runs_of["short"]) == (None, None)


def test_it_waits_for_memory_on_its_own_host_only(waiting: House) -> None:
    works(waiting)
    waiting.run("report.ipynb")
    begun(waiting)
    run = waiting.run("report.ipynb", name="large")
    learned(waiting, "large", "memory_bytes", 2**60)
    reason, message = why(waiting, run)
    assert reason == "low_memory"
    assert message is not None
    assert message.startswith(f"waits for {2**40} MB of free memory, as its last run used; ")
    assert message.endswith(" MB are free")
    works(waiting, FAR)
    waiting.now = NOON + 6 * SECOND  # until then it is this host's alone
    assert why(waiting, run) == (None, None), "what is free elsewhere is not known here"


def test_it_waits_for_free_disk(waiting: House) -> None:
    works(waiting)
    run = waiting.run("report.ipynb")
    waiting.context.settings = replace(waiting.settings, disk_reserve_megabytes=2**40)
    reason, message = why(waiting, run)
    assert reason == "capacity"
    assert message is not None
    assert message.startswith("waits for free disk space; only ")


def test_it_waits_for_its_next_attempt_and_then_for_what_everybody_waits(waiting: House) -> None:
    works(waiting, capacity=1)
    run = waiting.run("report.ipynb", retry={"max_attempts": 3})
    claimed = begun(waiting)
    with waiting.context.store.write() as db:
        assert attempts.give_back(db, claimed, FAILED, NOON + 40 * SECOND, NOON)
    told = "attempt 1 of 3 failed (cell_error), tried again soon: it broke"
    assert why(waiting, run) == ("retry_wait", told)
    waiting.now = NOON + 40 * SECOND
    assert why(waiting, run)[0] == "scheduler_stopped"
    works(waiting, capacity=1)
    assert why(waiting, run) == (None, None)


def test_it_says_nothing_of_one_whose_time_has_not_come_or_that_runs(waiting: House) -> None:
    run = waiting.run("report.ipynb")
    later: datetime = NOON - SECOND
    waiting.now = later
    assert why(waiting, run) == (None, None)
    waiting.now = NOON
    begun(waiting)
    assert why(waiting, run) == (None, None)
