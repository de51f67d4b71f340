"""Runs whose kernels are forked: the whole way from the store to the output, and every end that there can be."""

from __future__ import annotations

import os
import signal
import time

import pytest

from jupyter_notebook_sched.service import runs

from ..house import House
from ..living import descendants_named, lives, wait_until
from .test_ending import DAEMONS, pids

WHO = "print(open('/proc/self/comm').read())"
FOR_EVER = "import time\ntime.sleep(1000)"


def name_of_kernel(house: House, notebook: str) -> str:
    """What the kernel of a run of ``WHO`` is called."""
    run = house.ended(house.run(notebook).id)
    assert run.state == "succeeded", run
    return str(house.output(run)["cells"][0]["outputs"][0]["text"]).strip()


def start_forking_worker(house: House) -> None:
    """A worker whose fork server is warm."""
    house.start_worker()
    house.notebook("who.ipynb", WHO)
    wait_until(lambda: name_of_kernel(house, "who.ipynb").startswith("nbkernel-"), 60)


def test_it_forks_the_kernel_of_the_second_run_or_soon_after(house: House) -> None:
    house.start_worker()
    house.notebook("who.ipynb", WHO)
    assert name_of_kernel(house, "who.ipynb").startswith("python")
    wait_until(lambda: name_of_kernel(house, "who.ipynb").startswith("nbkernel-"), 60)


def test_it_forks_none_when_switched_off(house: House) -> None:
    worker = house.start_worker("--fork-server=off")
    house.notebook("who.ipynb", WHO)
    assert all(name_of_kernel(house, "who.ipynb").startswith("python") for _ in range(3))
    assert descendants_named(worker.pid, "nbsched-kernels") == []


@pytest.mark.parametrize("how", ["cancel", "runner", "worker", "fork server and keeper", "kernel", "end"])
def test_nothing_of_a_run_with_a_forked_kernel_is_left(house: House, how: str) -> None:
    start_forking_worker(house)
    worker = house.workers[-1].pid
    house.notebook("a/run.ipynb", DAEMONS, "1" if how == "end" else FOR_EVER)
    run = house.run("a/run.ipynb")
    if how != "end":
        house.running(run.id, 1)
    else:
        house.ended(run.id)
    started = pids(house.workspace / "a")
    tail = run.id[-6:]
    if how == "cancel":
        runs.cancel(house.context, run.id)
    victims = {
        "runner": [f"nbsched-{tail}"],
        "kernel": [f"nbkernel-{tail}"],
        "fork server and keeper": ["nbsched-kernels", "nbsched-keeper"],
    }
    for name in victims.get(how, []):
        for pid in descendants_named(worker, name):
            os.kill(pid, signal.SIGKILL)
    if how == "worker":
        os.kill(worker, signal.SIGKILL)
        house.workers[-1].wait()
    wait_until(lambda: not any(lives(pid) for pid in started), 20)
    if how not in ("worker", "end", "cancel"):
        assert house.ended(run.id).reason in ("kernel_died", "lost")


def test_a_run_goes_on_when_the_fork_server_is_killed(house: House) -> None:
    start_forking_worker(house)
    worker = house.workers[-1].pid
    house.notebook("a/run.ipynb", "import time, pathlib\nwhile not pathlib.Path('go').exists(): time.sleep(0.05)", WHO)
    run = house.run("a/run.ipynb")
    house.running(run.id, 0)
    for pid in descendants_named(worker, "nbsched-kernels"):
        os.kill(pid, signal.SIGKILL)
    time.sleep(0.3)
    (house.workspace / "a" / "go").touch()
    ended = house.ended(run.id)
    assert ended.state == "succeeded", ended
    wait_until(lambda: name_of_kernel(house, "who.ipynb").startswith("nbkernel-"), 60)
    wait_until(lambda: descendants_named(worker, "nbsched-keeper") == [], 20)
