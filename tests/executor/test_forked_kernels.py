"""Runs whose kernels are forked: the whole way from the store to the output, and every end that there can be."""

from __future__ import annotations

import os
import signal
import time

from ..house import House
from ..living import descendants_named, wait_until

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
