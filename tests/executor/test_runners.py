"""A runner takes one order after another where the last one has left nothing of it changed, and no further one else."""

from __future__ import annotations

import asyncio
import os
import signal
import socket

import pytest

from jupyter_notebook_sched.domain.run import CellOutcome, Progress
from jupyter_notebook_sched.executor import framing
from jupyter_notebook_sched.executor.interface import Advanced, Ended
from jupyter_notebook_sched.executor.local_messages import Free
from jupyter_notebook_sched.executor.runner import Runner
from jupyter_notebook_sched.executor.runner_process import FROM_RUNNER
from jupyter_notebook_sched.service import runs

from ..house import House
from ..living import descendants_named, lives, wait_until
from .test_forked_kernels import start_forking_worker
from .test_killed import runner_of
from .test_logs import CRASHES

WAITS = "import pathlib, time\nwhile not pathlib.Path('go').exists():\n    time.sleep(0.01)"


@pytest.fixture
def forking(house: House) -> House:
    start_forking_worker(house)
    house.notebook("waits.ipynb", WAITS)
    wait_until(lambda: idle(house))
    return house


def idle(house: House) -> list[int]:
    return descendants_named(house.workers[-1].pid, "nbsched-idle")


def runner_while_it_runs(house: House) -> int:
    """The runner of a run that has succeeded since."""
    (house.workspace / "go").unlink(missing_ok=True)
    run = house.run("waits.ipynb")
    house.running(run.id, current=0)
    pid = runner_of(house, run.id)
    (house.workspace / "go").touch()
    assert house.ended(run.id).state == "succeeded"
    return pid


def test_it_carries_out_one_run_after_another(forking: House) -> None:
    first = runner_while_it_runs(forking)
    assert [runner_while_it_runs(forking) for _ in range(3)] == [first] * 3
    assert first in idle(forking)


def test_another_one_is_there_for_what_runs_beside(forking: House) -> None:
    beside = [forking.run("waits.ipynb") for _ in range(2)]
    for run in beside:
        forking.running(run.id, current=0)
    assert len({runner_of(forking, run.id) for run in beside}) == 2
    (forking.workspace / "go").touch()
    assert {forking.ended(run.id).state for run in beside} == {"succeeded"}
    wait_until(lambda: len(idle(forking)) == 2)


def test_it_ends_with_a_run_whose_kernel_was_its_own_child(house: House) -> None:
    house.start_worker("--fork-server=off")
    house.notebook("waits.ipynb", WAITS)
    pid = runner_while_it_runs(house)
    wait_until(lambda: not lives(pid))
    assert idle(house) == []


def test_it_ends_after_a_run_that_was_cancelled_or_killed_in_the_kernel(forking: House) -> None:
    """Whatever its end, the next run is carried out as it should."""
    for ends_by in ("cancel", "kernel"):
        (forking.workspace / "go").unlink(missing_ok=True)
        run = forking.run("waits.ipynb")
        forking.running(run.id, current=0)
        if ends_by == "cancel":
            runs.cancel(forking.context, run.id)
        else:
            (kernel,) = descendants_named(forking.workers[-1].pid, f"nbkernel-{run.id[-6:]}")
            os.kill(kernel, signal.SIGKILL)
        assert forking.ended(run.id).state in ("cancelled", "failed")
        runner_while_it_runs(forking)


def test_one_that_was_killed_while_it_was_idle_is_replaced(forking: House) -> None:
    first = runner_while_it_runs(forking)
    wait_until(lambda: first in idle(forking))
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: not lives(first))
    assert runner_while_it_runs(forking) != first


def test_one_whose_server_was_killed_takes_no_further_order(forking: House) -> None:
    """What it left behind would be nobody's to end."""
    first = runner_while_it_runs(forking)
    (server,) = descendants_named(forking.workers[-1].pid, "nbsched-forks")
    os.kill(server, signal.SIGKILL)
    wait_until(lambda: not lives(server))
    assert runner_while_it_runs(forking) != first
    wait_until(lambda: not lives(first))


def test_what_one_run_writes_to_its_log_is_not_in_the_next_ones(forking: House) -> None:
    forking.notebook("crashes.ipynb", CRASHES)
    crashed = forking.ended(forking.run("crashes.ipynb").id)
    assert [file.path for file in forking.get(crashed.id).files if file.path.endswith("runner.log")]
    for _ in range(3):
        quiet = forking.ended(forking.run("who.ipynb").id)
        assert not [file.path for file in forking.get(quiet.id).files if file.path.endswith("runner.log")]


def test_what_it_tells_arrives_whole_though_whoever_tells_it_is_cancelled() -> None:
    """A worker that is busy for a while reads nothing; a notebook of many cells fills its socket."""
    cells = [CellOutcome(index, "ok", 0.0012) for index in range(20_000)]

    async def steps() -> list[object]:
        ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        runner = Runner(theirs, again=True)
        cancelled = asyncio.create_task(runner._tell(Advanced(Progress(1, 2, 3), cells)))
        await asyncio.sleep(0.1)
        assert not cancelled.done(), "the socket took it all: it has to be larger"
        cancelled.cancel()
        telling = [asyncio.create_task(runner._tell(news)) for news in (Ended("succeeded", cells=cells), Free())]
        reader, writer = await asyncio.open_connection(sock=ours)
        heard = [await asyncio.wait_for(framing.read(reader, FROM_RUNNER), 20) for _ in range(3)]
        await asyncio.gather(*telling)
        writer.close()
        theirs.close()
        return heard

    assert asyncio.run(steps()) == [Advanced(Progress(1, 2, 3), cells), Ended("succeeded", cells=cells), Free()]


def test_one_that_hears_what_it_does_not_understand_ends() -> None:
    ours, theirs = socket.socketpair()
    ours.sendall(framing.frame({"type": "something else"}))
    theirs.setblocking(False)
    asyncio.run(asyncio.wait_for(Runner(theirs, again=True).serve(), 20))
