"""Rows of runs, attempts and workers that a person or a disk has damaged hold up nobody else."""

from __future__ import annotations

import pytest

from jupyter_notebook_sched.executor.attempt import AttemptKeeper
from jupyter_notebook_sched.executor.ordering import output_of
from jupyter_notebook_sched.executor.rescuing import Rescuer
from jupyter_notebook_sched.host.identity import own_identity
from jupyter_notebook_sched.host.watching import Watch
from jupyter_notebook_sched.service import jobs, moving, pausing, status
from jupyter_notebook_sched.service.forms import Pause
from jupyter_notebook_sched.store import claims, leases
from jupyter_notebook_sched.store import jobs as stored_jobs
from jupyter_notebook_sched.store.attempts import Claimed, Owner
from jupyter_notebook_sched.store.claims import Place
from jupyter_notebook_sched.store.leases import WorkerFacts

from ..house import House
from .ledgers import DAY, FRIDAY, HOUR, SEVEN, ledger, scheduler, tick

HERE = own_identity().host


@pytest.fixture
def at_work(house: House) -> House:
    house.now = FRIDAY
    house.notebook("report.ipynb", "print(1)")
    return house


def damage(house: House, statement: str, *values: str) -> None:
    with house.context.store.write() as db:
        assert db.execute(statement, list(values)).rowcount >= 1


def test_it_goes_on_beside_a_due_time_that_is_no_moment(at_work: House) -> None:
    sick, healthy = at_work.job("report.ipynb"), at_work.job("report.ipynb")
    tick(at_work, SEVEN)
    damage(at_work, "update runs set slot_key = 'tomorrow' where job_id = ?", sick.id)
    tick(at_work, SEVEN + DAY)
    assert [run.scheduled_for for run in ledger(at_work, healthy)] == [SEVEN, SEVEN + DAY]
    assert jobs.patch(at_work.context, sick.id, {"paused": True}).paused


@pytest.mark.parametrize("moment", ["", "0", "soon"])
def test_it_finds_the_next_run_beside_one_that_is_available_at_no_moment(at_work: House, moment: str) -> None:
    sick, healthy = at_work.run("report.ipynb"), at_work.run("report.ipynb")
    damage(at_work, "update runs set available_at = ? where id = ?", moment, sick.id)
    with at_work.context.store.read() as db:
        assert claims.next_available(db) is not None
        place = Place(HERE, 2, frozenset({"python3"}))
    with at_work.context.store.write() as db:
        taken = [claims.claim(db, Owner("me", 1), place, FRIDAY, lambda run: run.id) for _ in range(2)]
    assert healthy.id in [claimed.run.id for claimed in taken if claimed is not None]


def test_it_is_silent_about_a_pause_that_ends_at_no_moment(at_work: House) -> None:
    sick, other = at_work.job("report.ipynb"), at_work.job("report.ipynb")
    for job, end in ((sick, HOUR), (other, 2 * HOUR)):
        pausing.pause(at_work.context, job.id, Pause(until=FRIDAY + end))
    damage(at_work, "update jobs set paused_until = 'later' where id = ?", sick.id)
    with at_work.context.store.read() as db:
        assert stored_jobs.next_resumption(db) == "2026-05-01T08:30:00.000Z"


@pytest.mark.parametrize("column", ["heartbeat_at", "kernels"])
def test_it_takes_a_damaged_worker_for_none(at_work: House, column: str) -> None:
    run = at_work.run("report.ipynb")
    with at_work.context.store.write() as db:
        leases.register(db, "far/boot/1/10/100", WorkerFacts("far", "running", 2, ("python3",)), FRIDAY)
    damage(at_work, f"update workers set {column} = '[1]'")
    assert at_work.get(run.id).reason == "scheduler_stopped"
    assert status.status(at_work.context).worker.state == "stopped"


def orphan(house: House, notebook: str = "report.ipynb") -> tuple[Claimed, AttemptKeeper]:
    """A run whose worker, of this host, has died."""
    context = house.context
    house.run(notebook)
    keeper = AttemptKeeper(context.store, context.archive, context.workspace, house.clock, lambda: None)
    dead = house.identity_of_a_dead_process(99999)
    with context.store.write() as db:
        owner = leases.register(db, str(dead), WorkerFacts(dead.host, "running", 9, ("python3",)), FRIDAY)
        place = Place(dead.host, 9, frozenset({"python3"}))
        claimed = claims.claim(db, owner, place, FRIDAY, output_of)
    assert claimed is not None
    return claimed, keeper


def rescued(house: House, keeper: AttemptKeeper) -> int:
    with house.context.store.write() as db:
        me = leases.register(db, str(own_identity()), WorkerFacts(HERE, "running", 9), FRIDAY)
    return Rescuer(Watch(own_identity())).rescue(me, keeper, 100.0)


def test_it_puts_an_orphan_away_whose_cells_cannot_be_read(at_work: House) -> None:
    claimed, keeper = orphan(at_work)
    damage(at_work, "update attempts set cells = '[1]'")
    assert rescued(at_work, keeper) == 1
    found = at_work.get(claimed.run.id)
    assert (found.state, found.reason) == ("failed", "lost")


def test_it_puts_an_orphan_away_whose_attempt_has_lost_its_row(at_work: House) -> None:
    claimed, keeper = orphan(at_work)
    damage(at_work, "delete from attempts")
    assert rescued(at_work, keeper) == 1
    assert at_work.get(claimed.run.id).state == "failed"
    assert rescued(at_work, keeper) == 0


def test_it_finds_the_output_of_an_orphan_whose_notebook_was_renamed_meanwhile(at_work: House) -> None:
    claimed, keeper = orphan(at_work)
    output = at_work.context.archive.root / output_of(claimed.run)
    output.parent.mkdir(parents=True)
    output.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    moving.follow(at_work.context, "report.ipynb", "renamed.ipynb")
    assert rescued(at_work, keeper) == 1
    found = at_work.get(claimed.run.id)
    assert found.notebook == "renamed.ipynb"
    assert found.output is not None
    assert found.output.endswith("/report.ipynb")
    assert found.output_sha256 is not None
    assert output.stat().st_mode & 0o777 == 0o444


def test_it_does_not_take_what_a_worker_holds_that_has_beaten_since(at_work: House) -> None:
    claimed, _ = orphan(at_work)
    with at_work.context.store.write() as db:
        (worker,) = leases.workers(db)
        assert leases.beat(db, worker.owner, worker.facts, FRIDAY)
        assert not leases.unregister(db, worker.owner, worker.beat)
        assert leases.unregister(db, worker.owner, worker.beat + 1)
    assert at_work.get(claimed.run.id).state == "running"


def test_it_leaves_the_mended_schedule_of_somebody_who_was_faster(at_work: House) -> None:
    """The tick has read the broken row; before it writes, a person mends it."""
    job = at_work.job("report.ipynb")
    damage(at_work, "update jobs set spec = replace(spec, '0 7 * * *', '99 7 * * *') where id = ?", job.id)
    at_work.now = SEVEN
    ticking = scheduler(at_work)
    planned = ticking._plan

    def plan_slowly(*arguments: object) -> object:
        found = planned(*arguments)  # type: ignore[arg-type]
        eight = {"type": "cron", "cron": "0 8 * * *", "timezone": "UTC"}
        jobs.patch(at_work.context, job.id, {"trigger": eight})
        return found

    ticking._plan = plan_slowly  # type: ignore[method-assign, assignment]
    ticking.tick(SEVEN)
    mended = jobs.get(at_work.context, job.id)
    assert mended.problem is None
    assert mended.next_run_at == SEVEN + HOUR
