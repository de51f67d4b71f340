"""What a workspace needs now and then: it is done in time, beside everything else, and its troubles stay its own."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from jupyter_notebook_sched.config import Settings
from jupyter_notebook_sched.domain.run import Resumption
from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.domain.times import utc_now
from jupyter_notebook_sched.errors import Unavailable
from jupyter_notebook_sched.retention import pruning
from jupyter_notebook_sched.store import attempts, backups, damage, leases, runs
from jupyter_notebook_sched.store.attempts import Ending
from jupyter_notebook_sched.store.leases import WorkerFacts
from jupyter_notebook_sched.worker.upkeep import (
    EVERY_SECONDS,
    PRUNE_EVERY_SECONDS,
    RECORD_LATE,
    MissingKernels,
    Upkeep,
    fail_in_vain,
)

from ..house import House
from ..living import wait_until
from ..made import NOON, SECOND, queued, running, stored

DAY = timedelta(days=1)
PATIENCE = timedelta(seconds=300)


def upkeep(house: House) -> Upkeep:
    house.context.store.make()
    return Upkeep(house.settings, house.context.store, house.context.archive, house.clock)


def once(keeping: Upkeep, clock: float) -> None:
    """What is due at that moment, to its end."""
    keeping.start_where_due(clock)
    rests()


def rests() -> None:
    wait_until(lambda: not any(thread.name == "notebook-sched-upkeep" for thread in threading.enumerate()), 30)


def works(house: House, host: str, *kernels: str) -> None:
    with house.context.store.write() as db:
        leases.register(db, f"{host}/boot/1/10/100", WorkerFacts(host, "running", 2, kernels), NOON)


def test_it_fails_what_waits_for_a_kernel_that_no_host_has(house: House) -> None:
    store = house.context.store
    gone, here, there = (queued(store, kernel=kernel) for kernel in ("gone", "python3", "ir"))
    later = queued(store, NOON, kernel="gone", available_at=NOON + PATIENCE)
    works(house, "here", "python3")
    works(house, "there", "ir")
    missing = MissingKernels(store, PATIENCE)
    assert missing.fail_hopeless(NOON) == 0
    assert missing.fail_hopeless(NOON + PATIENCE - SECOND) == 0, "it may come back"
    assert missing.fail_hopeless(NOON + PATIENCE) == 1
    failed = stored(store, gone.id)
    assert (failed.state, failed.reason) == ("failed", "invalid")
    assert failed.message == "the kernel 'gone' is installed on no host that runs notebooks of this workspace"
    assert failed.finished_at == NOON + PATIENCE
    assert [stored(store, run.id).state for run in (here, there, later)] == ["queued"] * 3
    assert missing.fail_hopeless(NOON + 2 * PATIENCE - SECOND) == 0, "patience begins when it may start"
    assert missing.fail_hopeless(NOON + 2 * PATIENCE) == 1


def test_it_begins_to_count_when_it_sees_that_a_kernel_is_missing(house: House) -> None:
    """However long the runs wait already: a host that is away for a moment, or comes up last, fails nothing."""
    store = house.context.store
    run = queued(store, NOON - DAY, kernel="ir")
    missing = MissingKernels(store, PATIENCE)
    assert missing.fail_hopeless(NOON) == 0
    works(house, "there", "ir")
    assert missing.fail_hopeless(NOON + PATIENCE) == 0
    with store.write() as db:
        db.execute("delete from workers")
    assert missing.fail_hopeless(NOON + PATIENCE + SECOND) == 0, "it was there meanwhile"
    assert MissingKernels(store, PATIENCE).fail_hopeless(NOON + 9 * PATIENCE) == 0, "one that has just begun to lead"
    assert missing.fail_hopeless(NOON + 2 * PATIENCE + SECOND) == 1
    assert stored(store, run.id).reason == "invalid"


def test_it_does_everything_at_first_and_then_when_it_is_due(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    prune, back_up = pruning.prune_once, backups.back_up

    def pruned(*arguments: Any) -> bool:
        done.append("prune")
        return prune(*arguments)

    def backed_up(*arguments: Any) -> Any:
        done.append("backup")
        return back_up(*arguments)

    monkeypatch.setattr(pruning, "prune_once", pruned)
    monkeypatch.setattr(backups, "back_up", backed_up)
    keeping, house.now = upkeep(house), NOON
    once(keeping, 0.0)
    assert done == ["backup", "prune"]
    house.now = NOON + DAY
    once(keeping, EVERY_SECONDS - 1)
    house.now = NOON
    once(keeping, PRUNE_EVERY_SECONDS - 1)
    assert done == ["backup", "prune"]
    house.now = NOON + DAY
    once(keeping, PRUNE_EVERY_SECONDS + EVERY_SECONDS)
    assert done == ["backup", "prune", "backup", "prune"]
    assert len(damage.backups(house.context.store.path)) == 2


def test_it_prunes_to_the_end_and_backs_up_first(house: House) -> None:
    for _ in range(600):
        queued(house.context.store, NOON - 200 * DAY, state=RunState.SKIPPED, reason="missed")
    house.now = NOON
    once(upkeep(house), 0.0)
    with house.context.store.read() as db:
        assert db.execute("select count(*) from runs").fetchone()[0] == 0
        assert db.execute("select count(*) from run_counts where n = 0").fetchone()[0] == 0
    (backup,) = damage.backups(house.context.store.path)
    assert backup.stat().st_size > house.context.store.path.stat().st_size / 2, "what went is on the backup"


def test_it_goes_by_the_settings_of_the_workspace(house: House) -> None:
    run = queued(house.context.store, NOON, kernel="gone")
    old = queued(house.context.store, NOON - 3 * DAY, state=RunState.SKIPPED, reason="missed")
    house.now = NOON
    settings = replace(house.settings, kernel_patience_seconds=5, keep_days=2)
    keeping = Upkeep(settings, house.context.store, house.context.archive, house.clock)
    once(keeping, 0.0)
    house.now = NOON + 5 * SECOND
    once(keeping, EVERY_SECONDS)
    assert stored(house.context.store, run.id).reason == "invalid"
    with house.context.store.read() as db:
        assert db.execute("select count(*) from runs where id = ?", [old.id]).fetchone()[0] == 0
    assert Settings.kernel_patience_seconds == 300


def test_it_never_runs_twice_at_a_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()

    def slow(*_: Any) -> bool:
        begun.release()
        go_on.wait(30)
        return False

    monkeypatch.setattr(pruning, "prune_once", slow)
    keeping, house.now = upkeep(house), NOON
    keeping.start_where_due(0.0)
    assert begun.acquire(timeout=30)
    keeping.start_where_due(10 * PRUNE_EVERY_SECONDS)
    assert not begun.acquire(timeout=0.2)
    go_on.set()
    rests()
    once(keeping, 20 * PRUNE_EVERY_SECONDS)
    assert begun.acquire(timeout=30)


@pytest.mark.parametrize("trouble", [Unavailable("the store is busy", "busy"), OSError(28, "full"), KeyError("a bug")])
def test_it_survives_every_trouble_and_tries_again(
    house: House, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    def fails(*_: Any) -> None:
        raise trouble

    keeping, house.now = upkeep(house), NOON
    with monkeypatch.context() as broken:
        broken.setattr(backups, "back_up", fails)
        once(keeping, 0.0)
    assert damage.backups(house.context.store.path) == []
    once(keeping, EVERY_SECONDS)
    assert len(damage.backups(house.context.store.path)) == 1


def test_it_backs_up_at_the_wall_clocks_day(house: House) -> None:
    moment: datetime = utc_now()
    house.now = moment
    keeping = upkeep(house)
    once(keeping, 0.0)
    house.now = moment - 5 * DAY
    once(keeping, EVERY_SECONDS)
    assert len(damage.backups(house.context.store.path)) == 1, "a clock that goes back makes none"
    house.now = moment + DAY
    once(keeping, 2 * EVERY_SECONDS)
    assert len(damage.backups(house.context.store.path)) == 2


def test_it_fails_what_waits_for_a_kernel_that_was_kept_for_too_short(house: House) -> None:
    house.context.store.make()
    store = house.context.store
    parent = running(store)
    with store.write() as db:
        attempts.finish(db, parent, Ending(RunState.FAILED, "cell_error"), NOON)
        runs.set_kept_until(db, parent.run.id, NOON + DAY, NOON)
    resumption = Resumption(parent.run.id, "runs/a.ipynb", "c")
    waits = queued(store, cause="resume", only_on="gone", resumption=resumption)
    assert fail_in_vain(store, NOON + DAY + RECORD_LATE - SECOND) == 0, "its record may be late"
    assert fail_in_vain(store, NOON + DAY + RECORD_LATE) == 1
    failed = stored(store, waits.id)
    assert (failed.state, failed.reason) == ("failed", "invalid")
    told = "the kernel on gone that it was to go on with ended; use Retry to run it from the start"
    assert failed.message == told
    assert fail_in_vain(store, NOON + 2 * DAY) == 0
