"""Kernels, kernelspecs and run folders that nobody expects: the attempt ends all the same, soon, and says why."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from jupyter_notebook_sched.executor import framing
from jupyter_notebook_sched.executor.carrying import Carrying
from jupyter_notebook_sched.executor.interface import Ended, Order
from jupyter_notebook_sched.notebook.execution.executing import Execution, Limits
from jupyter_notebook_sched.notebook.execution.fork_server.forked_kernel import fork_kernel
from jupyter_notebook_sched.notebook.execution.kernels import KernelRequest, OrdinaryStart
from jupyter_notebook_sched.notebook.execution.outcome import Outcome, error_of_reply

from ..fork_server.running import notebook, short_folder
from ..house import House
from ..living import wait_until
from .test_killed import FOR_EVER, runner_of, saved

# The reply is sent, then the process ends: "idle" never comes.
ENDS_BEFORE_IDLE = """
import os, time
kernel = get_ipython().kernel
publish = kernel._publish_status
def end(status, *more, **named):
    if status == 'idle':
        time.sleep(0.3)
        os._exit(7)
    return publish(status, *more, **named)
kernel._publish_status = end
print('said')
"""
BROKEN = {"half": '{"argv": [', "empty": '{"display_name": "x", "language": "python"}', "list": "[]"}


async def executed(*cells: str, start: Any = None, limits: Limits = Limits()) -> tuple[Outcome, Execution]:
    execution = Execution(notebook(*cells), limits, lambda _: None)
    with short_folder() as private:
        return await execution.run(start or OrdinaryStart(), KernelRequest("python3", private, private)), execution


def test_a_kernel_that_ends_before_it_is_idle_is_not_waited_for() -> None:
    started = time.monotonic()
    outcome, execution = asyncio.run(executed(ENDS_BEFORE_IDLE, "2"))
    assert time.monotonic() - started < 30, "the silence that a living kernel is allowed"
    assert (outcome.state, outcome.reason) == ("failed", "kernel_died")
    assert "exit code 7" in str(outcome.message)
    assert execution.notebook["cells"][0]["outputs"][0]["text"] == "said\n"


class Hanging:
    """Somebody's provisioner that never comes back."""

    async def start(self, request: KernelRequest) -> Any:
        await asyncio.sleep(1000)


def test_a_kernel_whose_start_hangs_is_bound_by_the_runs_limit() -> None:
    outcome, _ = asyncio.run(asyncio.wait_for(executed("1", start=Hanging(), limits=Limits(run=0.3)), 20))
    assert (outcome.state, outcome.reason) == ("failed", "timeout")


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_kernelspec_is_told_as_one(how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = tmp_path / "kernels" / "odd" / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(BROKEN[how])
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    ended = asyncio.run(carried_out(tmp_path, kernel="odd"))
    assert (ended.state, ended.reason) == ("failed", "invalid")
    assert "'odd' cannot be used: its kernel.json" in str(ended.message)


async def carried_out(folder: Path, **more: Any) -> Ended:
    told: list[Any] = []

    async def tell(news: Any) -> None:
        told.append(news)

    facts = {"run_id": "01ABCDEFGH", "attempt": 1, "parameters": b"{}", "provenance": b"{}"}
    place = {"folder": str(folder), "output": str(folder / "archive" / "1" / "a.ipynb")}
    source = json.dumps(notebook("1")).encode()
    with short_folder() as private:
        await Carrying(Order(source=source, **(facts | place | more)), private, tell).carry_out()
    assert isinstance(told[-1], Ended)
    return told[-1]


def test_an_error_with_half_a_surrogate_pair_can_be_told() -> None:
    error = error_of_reply(0, {"id": "a"}, "Err\ud800or", "half \ud800", ["trace \ud83d"])
    frame = framing.frame(Ended("failed", "cell_error", error.value, error))
    assert b"half ?" in frame


async def answered_at_once(path: Path) -> Any:
    """What becomes of a kernel that has started and ended before anybody has read that it has started."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended = {"ended": 3 << 8, "peak_bytes": 1, "cpu_seconds": 0.1}
        writer.write(b"".join(json.dumps(line).encode() + b"\n" for line in ({"started": os.getpid()}, ended)))
        await writer.drain()

    server = await asyncio.start_unix_server(serve, path)
    async with server:
        kernel = await fork_kernel(path, {}, (1, 2))
        code = kernel.poll()
        kernel.close()
    return code


def test_a_forked_kernel_that_ends_at_once_tells_how() -> None:
    with short_folder() as folder:
        assert asyncio.run(answered_at_once(folder / "s")) == 3


@pytest.mark.parametrize("made_it", ["unreadable", "a socket", "a folder of half-written ones"])
def test_a_run_ends_whatever_its_notebook_has_made_of_its_output(house: House, made_it: str) -> None:
    house.start_worker()
    house.notebook("a.ipynb", FOR_EVER)
    run = house.run("a.ipynb")
    output = house.running(run.id, current=0).output
    wait_until(lambda: saved(house, output))
    assert output is not None
    file = house.context.archive.root / output
    os.kill(runner_of(house, run.id), signal.SIGSTOP)
    if made_it == "unreadable":
        file.chmod(0)
    elif made_it == "a socket":
        file.unlink()
        with socket.socket(socket.AF_UNIX) as odd:
            folder = os.open(file.parent, os.O_RDONLY)
            odd.bind(f"/proc/self/fd/{folder}/{file.name}")
            os.close(folder)
    else:
        (file.parent / ".nbs-tmp-mine").mkdir()
    os.kill(runner_of(house, run.id), signal.SIGKILL)
    ended = house.ended(run.id, 20)
    assert (ended.state, ended.reason) == ("failed", "lost")
    assert (ended.output is None) == (made_it == "a socket")
