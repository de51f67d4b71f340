"""Kept kernels and what is on record of them are held against each other, and those beyond the budget end."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from jupyter_notebook_sched.domain.run import RunDetail
from jupyter_notebook_sched.host import usage
from jupyter_notebook_sched.service import kept_kernels
from jupyter_notebook_sched.store import connection, kept, rows, runs
from jupyter_notebook_sched.worker import keeping as looking_after
from jupyter_notebook_sched.worker.keeping import UNKNOWN_SECONDS

from ..living import lives, wait_until
from .keeping import KeepingHouse, answer
from .kinds import name_of


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeepingHouse]:
    house = KeepingHouse(tmp_path_factory.mktemp("budget"), "forked")
    yield house
    house.leave()


@pytest.fixture
def house(shared: KeepingHouse) -> Iterator[KeepingHouse]:
    yield shared
    shared.end_kernels()


def three(house: KeepingHouse) -> list[RunDetail]:
    """Failed runs of three notebooks, the oldest first, each with its kernel."""
    return [house.failed(f"x = {n}", "1 / 0") for n in range(3)]


def alive(house: KeepingHouse) -> list[str]:
    return [kernel.run_id for kernel in house.kernels.all()]


def recorded(house: KeepingHouse) -> list[str]:
    with house.context.store.read() as db:
        return sorted(kept.on_record(db, house.context.host))


def test_of_a_job_only_the_newest_failed_run_keeps_its_kernel(house: KeepingHouse) -> None:
    notebook = house.notebook("daily/report.ipynb", "1 / 0")
    older, newer = (house.ended(house.run(notebook).id) for _ in range(2))
    other = house.failed("1 / 0")
    wait_until(lambda: alive(house) == [newer.id, other.id], 30, "the older one's end, of the worker's own accord")
    wait_until(lambda: house.get(older.id).kernel_alive_until is None, 30, "its record")
    assert house.get(newer.id).kernel_alive_until is not None


def test_beyond_the_number_the_oldest_end_and_one_in_use_stays(house: KeepingHouse) -> None:
    first, second, third = three(house)
    with closing(house.kept(first).connect()) as process:
        process.hold()
        house.keeping(kept_kernels=2).look(0)
        assert alive(house) == [first.id, third.id]
        assert house.get(second.id).kernel_alive_until is None
        house.keeping(kept_kernels=0).look(0)
        assert alive(house) == [first.id]
        assert answer(house.kept(first), "print(x)") == "0\n"
    assert recorded(house) == [first.id]


def test_they_use_no_more_than_their_share_of_memory(house: KeepingHouse) -> None:
    three(house)
    used = usage.usage_below(house.kernels.all()[0].supervisor).bytes
    assert 5_000_000 < used < 200_000_000
    house.keeping(kept_memory_percent=100).look(0)
    assert len(alive(house)) == 3
    house.keeping(kept_memory_percent=0).look(0)
    assert alive(house) == []


def test_the_oldest_makes_room_before_a_run_waits_for_memory(house: KeepingHouse) -> None:
    first, second, third = three(house)
    keeping = house.keeping()
    keeping.make_room(1000.0)
    wait_until(lambda: alive(house) == [second.id, third.id], 30, "the oldest's end")
    wait_until(lambda: house.get(first.id).kernel_alive_until is None, 30, "its record")
    keeping.make_room(1000.5)
    keeping.make_room(1001.0)
    assert alive(house) == [second.id, third.id], "the memory of the first may not be seen to be free yet"


def test_one_that_is_gone_loses_its_record_and_tells_so(house: KeepingHouse) -> None:
    run = house.failed("1 / 0")
    kernel = house.kept(run)
    os.kill(kernel.supervisor, signal.SIGKILL)
    wait_until(lambda: not lives(kernel.pid), 10, "the kernel's end, with its supervisor")
    house.keeping().look(0)
    assert house.get(run.id).kernel_alive_until is None
    assert not kernel.folder.exists()


def test_one_that_is_there_gets_its_record_back(house: KeepingHouse) -> None:
    """It may have been too busy to answer when somebody looked."""
    run = house.failed("1 / 0")
    with house.context.store.write() as db:
        runs.set_kept_until(db, run.id, None, house.clock())
    house.keeping().look(0)
    until = house.get(run.id).kernel_alive_until
    assert until is not None
    assert until - house.clock() > timedelta(seconds=500)


def test_the_time_of_one_in_use_is_never_told_to_be_over(house: KeepingHouse) -> None:
    """It stands still, so its record is ahead of the next look, whatever is left of it."""
    run = house.failed("1 / 0")
    next_look = timedelta(seconds=looking_after.EVERY_SECONDS)

    def ahead() -> timedelta:
        told = house.get(run.id).kernel_alive_until
        assert told is not None
        return told - house.clock()

    with closing(house.kept(run).connect()) as process:
        process.hold()
        kept_kernels.keep(house.context, run.id, 1)
        assert ahead() > 2 * next_look
        with house.context.store.write() as db:
            runs.set_kept_until(db, run.id, house.clock() + next_look, house.clock())
        house.keeping().look(0)
        assert ahead() > 2 * next_look
        told = house.get(run.id).kernel_alive_until
        house.keeping().look(0)
        assert house.get(run.id).kernel_alive_until == told, "and it is not told each time"
    wait_until(lambda: alive(house) == [], 30, "its end, once nobody is connected any more")
    house.keeping().look(0)
    assert house.get(run.id).kernel_alive_until is None


def test_one_is_kept_longer_though_that_cannot_be_recorded(
    house: KeepingHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = house.failed("1 / 0")
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.1)
    house.context.store.close()
    other = sqlite3.connect(house.context.store.path, isolation_level=None)
    other.execute("begin immediate")
    told = kept_kernels.keep(house.context, run.id, 5000).kernel_alive_until
    other.execute("rollback")
    other.close()
    assert told is not None
    assert told - house.clock() > timedelta(seconds=4000)
    assert house.kept(run).seconds_left > 4000
    house.keeping().look(0)
    recorded = house.get(run.id).kernel_alive_until
    assert recorded is not None
    assert abs(recorded - told) < timedelta(seconds=60), "the worker records it later"


def test_one_that_no_record_knows_of_ends_after_a_while(house: KeepingHouse) -> None:
    run = house.ended(house.run(house.notebook("gone.ipynb", "1 / 0")).id)
    with house.context.store.write() as db:  # deleting it would end its kernel, too
        rows.change(db, "delete from runs where id = ?", [run.id])
    keeping = house.keeping()
    keeping.look(0.0)
    keeping.look(UNKNOWN_SECONDS - 1)
    assert alive(house) == [run.id], "the record may be on its way"
    with closing(house.kept(run).connect()) as process:
        process.hold()
        keeping.look(UNKNOWN_SECONDS + 1)
        assert alive(house) == [run.id], "somebody is connected"
    wait_until(lambda: not house.kept(run).held, 30, "the supervisor to see that nobody is connected any more")
    keeping.look(UNKNOWN_SECONDS + 2)
    assert alive(house) == []


def test_one_whose_run_goes_on_is_left_alone(house: KeepingHouse) -> None:
    """A run that goes on with the kernel of another one, or whose end is not on record yet."""
    run = house.failed("1 / 0")
    begun = house.begin("import time; time.sleep(1000)")
    house.running(begun.id, current=1)
    with closing(house.kept(run).connect()) as process:
        process.pass_to(begun.id, house.kernels.place(begun.id).name)
    keeping = house.keeping()
    keeping.look(0.0)
    keeping.look(UNKNOWN_SECONDS * 2)
    assert alive(house) == [begun.id]
    assert house.get(run.id).kernel_alive_until is None, "it is the kernel of the other run"
    house.stop_all()


def test_one_whose_folder_was_removed_ends(house: KeepingHouse) -> None:
    """Somebody cleaned the runtime directory: nobody can reach it any more."""
    kernel = house.kept(house.failed("1 / 0"))
    away = kernel.folder.parent.parent / "away"
    kernel.folder.rename(away)
    os.kill(kernel.supervisor, signal.SIGCHLD)  # it would look by itself within a minute
    wait_until(lambda: not lives(kernel.supervisor), 30, "its end")
    assert not lives(kernel.pid)
    assert away.exists(), "it only removes what stands in its own place"


def test_a_process_that_goes_by_a_supervisors_name_ends_all_the_same(house: KeepingHouse) -> None:
    """What a notebook starts under that name is passed over where its runner was killed."""
    kept_one = house.kept(house.failed("1 / 0"))
    name = f"import ctypes, time; ctypes.CDLL(None).prctl(15, b'{looking_after.SUPERVISOR}', 0, 0, 0); time.sleep(1000)"
    child = subprocess.Popen(["python3", "-I", "-S", "-c", name])
    wait_until(lambda: name_of(child.pid) == looking_after.SUPERVISOR, 30, "its name")
    keeping = house.keeping()
    keeping.look(0.0)
    keeping.look(UNKNOWN_SECONDS - 1)
    assert child.poll() is None, "one that has just become a supervisor is not known yet"
    keeping.look(UNKNOWN_SECONDS + 1)
    wait_until(lambda: not lives(child.pid), 30, "its end")
    child.returncode = 0
    assert lives(kept_one.pid)


def test_supervisors_that_came_to_the_worker_are_collected() -> None:
    """They are children of the worker, a subreaper, where the processes that started them are gone."""
    name = f"import ctypes; ctypes.CDLL(None).prctl(15, b'{looking_after.SUPERVISOR}', 0, 0, 0)"
    child = subprocess.Popen(["python3", "-I", "-S", "-c", name])
    stat = Path(f"/proc/{child.pid}/stat")
    wait_until(lambda: stat.read_text().rpartition(")")[2].split()[0] == "Z", 30, "its end")
    looking_after._collect()
    assert not stat.exists()
    child.returncode = 0
