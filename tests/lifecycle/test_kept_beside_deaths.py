"""Kept kernels beside processes that end, are killed, or come again."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_notebook_sched.host import processes
from jupyter_notebook_sched.host.kept_kernels import SUPERVISOR, KeptKernel
from jupyter_notebook_sched.service import status

from ..executor.keeping import KeepingHouse, answer
from ..executor.kinds import name_of
from ..faults.breaking import next_worker, start_broken_worker, was_killed
from ..living import descendants_named, lives

BASH = {"name": "bash", "display_name": "Bash", "language": "bash"}


class BareHouse(KeepingHouse):
    """Without a worker yet."""

    def start(self) -> None:
        pass


@pytest.fixture
def house(tmp_path: Path) -> Iterator[KeepingHouse]:
    house = KeepingHouse(tmp_path, "forked")
    yield house
    house.leave()


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[KeepingHouse]:
    house = BareHouse(tmp_path, "ordinary")
    yield house
    house.leave()


def kill_all_but(kept: KeptKernel, house: KeepingHouse) -> None:
    spared = {kept.supervisor, *processes.descendants(kept.supervisor)}
    for pid in {house.worker, *processes.descendants(house.worker)} - spared:
        os.kill(pid, signal.SIGKILL)
    house.workers[-1].wait()


def test_it_outlives_everything_that_started_it(house: KeepingHouse) -> None:
    """The worker, its runner server and its fork server, killed -9; the next worker knows it, and drains beside it."""
    run = house.failed("x = 41", "1 / 0")
    kept = house.kept(run)
    kill_all_but(kept, house)
    assert answer(kept, "print(x)") == "41\n"
    house.start_worker()
    house.ended(house.run(house.notebook("b.ipynb", "print(1)")).id)
    assert house.get(run.id).kernel_alive_until is not None
    assert status.status(house.context).worker.kept_kernels == 1
    next_worker(house)
    assert answer(kept, "print(x)") == "41\n"
    assert name_of(kept.supervisor) == SUPERVISOR


def test_a_worker_killed_before_the_record_leaves_it_to_the_next_one(bare: KeepingHouse) -> None:
    worker = start_broken_worker(bare, "attempt-ended=kill")
    run = bare.run(bare.notebook("late.ipynb", "x = 41", "1 / 0"))
    assert was_killed(worker)
    next_worker(bare)
    ended = bare.ended(run.id, 30)
    assert (ended.state, ended.reason) == ("failed", "cell_error")
    assert ended.kernel_alive_until is not None, "the final file says that it is kept"
    assert answer(bare.kept(ended), "print(x)") == "41\n"


def test_a_runner_killed_right_after_the_last_byte_leaves_record_and_kernel_in_line(bare: KeepingHouse) -> None:
    start_broken_worker(bare, "runner-sealed=kill")
    run = bare.ended(bare.run(bare.notebook("late.ipynb", "x = 41", "1 / 0")).id, 30)
    assert (run.state, run.reason) == ("failed", "cell_error")
    bare.keeping().look(0)
    found = bare.kernels.of_run(run.id)
    assert (bare.get(run.id).kernel_alive_until is None) == (found is None)
    assert found is None or answer(found, "print(x)") == "41\n"


def test_a_runner_killed_before_the_final_file_leaves_no_kernel(bare: KeepingHouse) -> None:
    start_broken_worker(bare, "runner-executed=kill")
    run = bare.ended(bare.run(bare.notebook("late.ipynb", "x = 41", "1 / 0")).id, 30)
    assert (run.state, run.reason, run.kernel_alive_until) == ("failed", "lost", None)
    keeping = bare.keeping()
    keeping.look(0.0)
    keeping.look(1000.0)
    assert bare.kernels.all() == []


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash")
def test_a_kernel_of_another_language_outlives_everything_as_well(bare: KeepingHouse) -> None:
    """It is started the ordinary way, without a fork server."""
    bare.start_worker("--fork-server=off")
    notebook = bare.notebook("a.ipynb", "x=41", "false", kernelspec=BASH)
    run = bare.ended(bare.run(notebook, cell_timeout_seconds=30).id)
    assert run.state == "failed", run
    kept = bare.kept(run)
    kill_all_but(kept, bare)
    assert answer(kept, "echo $x") == "41\n"


def test_a_fork_server_retires_beside_a_kept_kernel(house: KeepingHouse) -> None:
    kept = house.kept(house.failed("x = 41", "1 / 0"))
    (server,) = descendants_named(house.worker, "nbsched-kernels")
    os.kill(server, 0)
    house.workers[-1].terminate()
    assert house.workers[-1].wait(10) == 0
    assert not lives(server)
    assert answer(kept, "print(x)") == "41\n"
