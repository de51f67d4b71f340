"""Kept kernels beside processes that end, are killed, or come again."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_notebook_sched.host import processes
from jupyter_notebook_sched.host.kept_kernels import SUPERVISOR
from jupyter_notebook_sched.service import status

from ..executor.keeping import KeepingHouse, answer
from ..executor.kinds import KINDS, name_of
from ..faults.breaking import next_worker, start_broken_worker, was_killed
from ..living import descendants_named, lives

BASH = {"name": "bash", "display_name": "Bash", "language": "bash"}


@pytest.fixture(params=KINDS)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[KeepingHouse]:
    house = KeepingHouse(tmp_path, request.param)
    yield house
    house.leave()


def test_it_outlives_everything_that_started_it(house: KeepingHouse) -> None:
    """The worker, its runner server and its fork server, killed -9; the next worker knows it, and drains beside it."""
    run = house.failed("x = 41", "1 / 0")
    kept = house.kept(run)
    for pid in [house.worker, *processes.descendants(house.worker)]:
        if pid not in (kept.supervisor, kept.pid):
            os.kill(pid, signal.SIGKILL)
    house.workers[-1].wait()
    assert answer(kept, "print(x)") == "41\n"
    house.start_worker()
    house.ended(house.run(house.notebook("b.ipynb", "print(1)")).id)
    assert house.get(run.id).kernel_alive_until is not None
    assert status.status(house.context).worker.kept_kernels == 1
    next_worker(house)
    assert answer(kept, "print(x)") == "41\n"
    assert name_of(kept.supervisor) == SUPERVISOR


@pytest.mark.parametrize("house", ["ordinary"], indirect=True)
def test_a_worker_killed_before_the_record_leaves_it_to_the_next_one(house: KeepingHouse) -> None:
    house.workers[-1].terminate()
    house.workers[-1].wait(20)
    worker = start_broken_worker(house, "attempt-ended=kill")
    run = house.run(house.notebook("late.ipynb", "x = 41", "1 / 0"))
    assert was_killed(worker)
    next_worker(house)
    ended = house.ended(run.id, 30)
    assert (ended.state, ended.reason) == ("failed", "cell_error")
    assert ended.kernel_alive_until is not None, "the final file says that it is kept"
    assert answer(house.kept(ended), "print(x)") == "41\n"


def test_a_runner_killed_right_after_the_last_byte_leaves_record_and_kernel_in_line(house: KeepingHouse) -> None:
    house.workers[-1].terminate()
    house.workers[-1].wait(20)
    start_broken_worker(house, "runner-sealed=kill")
    run = house.ended(house.run(house.notebook("late.ipynb", "x = 41", "1 / 0")).id, 30)
    assert (run.state, run.reason) == ("failed", "cell_error")
    house.keeping().look(0)
    found = house.kernels.of_run(run.id)
    assert (house.get(run.id).kernel_alive_until is None) == (found is None)
    assert found is None or answer(found, "print(x)") == "41\n"


@pytest.mark.parametrize("house", ["ordinary"], indirect=True)
def test_a_runner_killed_before_the_final_file_leaves_no_kernel(house: KeepingHouse) -> None:
    house.workers[-1].terminate()
    house.workers[-1].wait(20)
    start_broken_worker(house, "runner-executed=kill")
    run = house.ended(house.run(house.notebook("late.ipynb", "x = 41", "1 / 0")).id, 30)
    assert (run.state, run.reason, run.kernel_alive_until) == ("failed", "lost", None)
    keeping = house.keeping()
    keeping.look(0.0)
    keeping.look(1000.0)
    assert house.kernels.all() == []


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash")
def test_a_kernel_of_another_language_is_kept_as_well(tmp_path: Path) -> None:
    house = KeepingHouse(tmp_path, "ordinary")
    try:
        notebook = house.notebook("a.ipynb", "x=41", "false", kernelspec=BASH)
        run = house.ended(house.run(notebook, cell_timeout_seconds=30).id)
        assert run.state == "failed", run
        house.workers[-1].kill()
        assert answer(house.kept(run), "echo $x") == "41\n"
    finally:
        house.leave()


def test_a_fork_server_retires_beside_a_kept_kernel(tmp_path: Path) -> None:
    house = KeepingHouse(tmp_path, "forked")
    try:
        kept = house.kept(house.failed("x = 41", "1 / 0"))
        (server,) = descendants_named(house.worker, "nbsched-kernels")
        os.kill(server, 0)
        house.workers[-1].terminate()
        assert house.workers[-1].wait(10) == 0
        assert not lives(server)
        assert answer(kept, "print(x)") == "41\n"
    finally:
        house.leave()
