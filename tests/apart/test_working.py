"""Work apart: its answers and refusals come back; its process gives way, knows little, and ends with whoever asked."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from jupyter_notebook_sched.apart.working import Apart, Work
from jupyter_notebook_sched.domain.secrets import PREFIX
from jupyter_notebook_sched.errors import Invalid, NotFound, SchedError
from jupyter_notebook_sched.host import processes

from ..written import write_notebook

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def contents(file: Path) -> dict[str, Any]:
    return {"file": str(file), "described": {"path": "runs/a.ipynb"}, "asked": {"type": "notebook"}}


def page(file: Path) -> dict[str, Any]:
    facts = {"title": "Daily", "state": "succeeded"}
    return {"file": str(file), "path": "runs/a.ipynb", "recorded": None, "facts": facts}


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    return write_notebook(tmp_path / "a.ipynb", "print(1)")


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """A notebook whose page takes longer than any test waits."""
    return write_notebook(tmp_path / "long.ipynb", "x = [1, 'a', None]\n" * 3_000_000)


def of_ours(task: str) -> list[int]:
    """The pids of our own pieces of work that go on."""
    found = []
    for pid in processes.descendants(os.getpid()):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"jupyter_notebook_sched.apart" in command and task.encode() in command:
            found.append(pid)
    return found


def begun(task: str) -> int:
    """The pid of a piece of work, once its process has read what it is to do."""
    until = time.monotonic() + 30
    while not (pids := [pid for pid in of_ours(task) if len(os.listdir(f"/proc/{pid}/task")) > 1]):
        assert time.monotonic() < until, "no process was started"
        time.sleep(0.01)
    return pids[0]


def ended(pid: int) -> bool:
    until = time.monotonic() + 20
    while pid in processes.descendants(os.getpid()):
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


@contextmanager
def going_on(file: Path) -> Iterator[tuple[int, list[SchedError]]]:
    """While the page of that notebook is made: the pid, and what was raised in the end."""
    work, raised = Work("html", page(file)), list[SchedError]()

    def carry_out() -> None:
        try:
            work.carry_out().close()
        except SchedError as error:
            raised.append(error)

    thread = threading.Thread(target=carry_out)
    thread.start()
    yield begun("html"), raised
    work.stop()
    thread.join(20)
    assert not thread.is_alive()


def test_it_answers_with_a_file(notebook: Path) -> None:
    with Work("contents", contents(notebook)).carry_out() as answer:
        model = json.loads(answer.read())
    assert model["content"]["cells"][0]["source"] == "print(1)"


def test_a_refusal_is_raised_where_the_work_was_asked_for(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as gone:
        Work("contents", contents(tmp_path / "gone.ipynb")).carry_out()
    assert (gone.value.status, gone.value.reason) == (404, "not_found")
    (tmp_path / "torn.ipynb").write_text('{"cells": [')
    with pytest.raises(Invalid) as torn:
        Work("contents", contents(tmp_path / "torn.ipynb")).carry_out()
    assert torn.value.reason == "notebook_unreadable"


def test_a_fault_of_ours_is_logged_and_not_told(notebook: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(SchedError) as fault:
        Work("contents", {"file": str(notebook)}).carry_out()
    assert fault.value.status == 500
    assert "KeyError" in caplog.text
    assert "KeyError" not in fault.value.message


def test_what_takes_too_long_is_ended(endless: Path) -> None:
    with pytest.raises(Invalid) as slow:
        Work("html", page(endless), seconds=0.3).carry_out()
    assert slow.value.reason == "takes_too_long"
    assert not of_ours("html")


@LINUX
def test_its_process_gives_way_and_knows_no_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, endless: Path
) -> None:
    monkeypatch.setenv(f"{PREFIX}KEY", "hush-hush")
    (tmp_path / "nbconvert.py").write_text("raise RuntimeError('the one of the workspace')")
    monkeypatch.chdir(tmp_path)
    with going_on(endless) as (pid, _):
        assert b"hush-hush" not in Path(f"/proc/{pid}/environ").read_bytes()
        assert os.readlink(f"/proc/{pid}/cwd") == "/"
        limits = Path(f"/proc/{pid}/limits").read_text()
        assert f"Max data size             {2 * 1024**3}" in limits
        assert os.getpriority(os.PRIO_PROCESS, pid) > os.getpriority(os.PRIO_PROCESS, 0)
    assert ended(pid)


@LINUX
def test_one_that_is_ended_from_outside_is_told_as_too_large(endless: Path) -> None:
    with going_on(endless) as (pid, raised):
        os.kill(pid, 9)
        assert ended(pid)
    (error,) = raised
    assert (type(error), error.reason) == (Invalid, "notebook_too_large")


@LINUX
def test_it_ends_when_nobody_waits_any_more(endless: Path) -> None:
    async def ask_and_leave() -> int:
        with ThreadPoolExecutor(1) as threads:
            apart = Apart(threads)
            asked = asyncio.ensure_future(apart.run("html", page(endless)))
            pid = await asyncio.to_thread(begun, "html")
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked
            return pid

    assert ended(asyncio.run(ask_and_leave()))


@LINUX
def test_it_ends_with_the_process_that_asked(endless: Path) -> None:
    program = (
        "import sys, json; from jupyter_notebook_sched.apart.working import Work;"
        "Work('html', json.loads(sys.argv[1])).carry_out()"
    )
    asking = subprocess.Popen([sys.executable, "-c", program, json.dumps(page(endless))])
    pid = begun("html")
    asking.kill()
    asking.wait()
    until = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists() and b"apart" in Path(f"/proc/{pid}/cmdline").read_bytes():
        assert time.monotonic() < until, "it goes on for nobody"
        time.sleep(0.01)


def test_a_server_that_ends_ends_it(endless: Path) -> None:
    async def ask_and_close() -> None:
        apart = Apart(ThreadPoolExecutor(1))
        asked = asyncio.ensure_future(apart.run("html", page(endless)))
        await asyncio.to_thread(begun, "html")
        apart.close()
        with pytest.raises(SchedError):
            await asked

    asyncio.run(ask_and_close())
    assert not of_ours("html")


def test_there_are_no_other_tasks() -> None:
    with pytest.raises(SchedError):
        Work("os", {}).carry_out()
