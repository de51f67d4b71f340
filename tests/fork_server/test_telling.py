"""What the owner of fork servers writes down for others on its host, and who reads it."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import sys
from pathlib import Path
from typing import Any

from jupyter_notebook_sched.host import processes
from jupyter_notebook_sched.notebook.execution.fork_server.board import NAME
from jupyter_notebook_sched.notebook.execution.fork_server.interpreter import Interpreter
from jupyter_notebook_sched.notebook.execution.fork_server.servers import ForkServers
from jupyter_notebook_sched.service.status import ForkServerStatus, status

from ..house import House
from ..living import wait_until
from .running import executed, fork_start, warmed, with_servers

HERE = Interpreter(sys.executable)


async def written(servers: ForkServers, **expected: Any) -> dict[str, Any]:
    """The one entry of the notice, once it says what is expected."""
    while True:
        try:
            notice = json.loads((servers.folder / NAME).read_text())
        except FileNotFoundError:
            notice = {"fork_servers": []}
        for entry in notice["fork_servers"]:
            if expected.items() <= entry.items():
                assert notice["worker"] == os.getpid()
                return dict(entry)
        await asyncio.sleep(0.02)


def test_it_writes_what_becomes_of_each_server_and_of_the_kernels(tmp_path: Path) -> None:
    async def work(servers: ForkServers) -> None:
        await executed(fork_start(servers), tmp_path, "1")
        await asyncio.wait_for(written(servers, state="warming", refused=1), 30)
        server = await warmed(servers, HERE)
        ready = await asyncio.wait_for(written(servers, state="ready"), 30)
        assert (ready["interpreter"], ready["pid"], ready["why"]) == (sys.executable, server.process.pid, None)
        assert ready["last_refusal"].startswith("absent: ")
        await executed(fork_start(servers), tmp_path, "1")
        await asyncio.wait_for(written(servers, forked=1, refused=1), 30)
        assert stat.S_IMODE(os.stat(servers.folder / NAME).st_mode) == 0o600
        os.kill(server.process.pid, 9)
        await asyncio.wait_for(written(servers, state="ended", pid=None, forked=1), 30)

    with_servers(work)


def test_it_takes_the_notice_down_when_it_closes() -> None:
    async def work(servers: ForkServers) -> None:
        await warmed(servers, HERE)
        await asyncio.wait_for(written(servers, state="ready"), 30)
        await servers.close()
        assert servers.folder.exists()
        assert not (servers.folder / NAME).exists()

    with_servers(work)


def test_it_spares_a_server_that_has_retired_as_long_as_it_has_kernels(tmp_path: Path, monkeypatch: Any) -> None:
    """LocalExecutor sweeps everything below the worker but what ``pids`` names."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    go = tmp_path / "go"
    wait = f"import time, pathlib\nwhile not pathlib.Path({str(go)!r}).exists(): time.sleep(0.02)"
    (tmp_path / "work").mkdir()

    async def work(servers: ForkServers) -> None:
        retiring = await warmed(servers, HERE)
        running = asyncio.create_task(executed(fork_start(servers), tmp_path / "work", wait))
        await asyncio.wait_for(written(servers, forked=1), 30)
        (tmp_path / "ipython" / "profile_default" / "startup" / "mine.py").write_text("")
        await executed(fork_start(servers), tmp_path / "work", "1")
        assert await warmed(servers, HERE) is not retiring
        processes.end_descendants(os.getpid(), servers.pids())
        go.touch()
        outcome, _ = await running
        assert outcome.state == "succeeded", outcome

    processes.become_subreaper()
    with_servers(work)


def fork_servers(house: House) -> list[ForkServerStatus]:
    return status(house.context).worker.fork_servers


def test_status_shows_the_fork_servers_of_the_worker_that_lives(house: House) -> None:
    worker = house.start_worker()
    assert fork_servers(house) == []
    house.notebook("a.ipynb", "1")
    house.ended(house.run("a.ipynb").id)
    wait_until(lambda: [server.state for server in fork_servers(house)] == ["ready"], 60)
    house.ended(house.run("a.ipynb").id)
    wait_until(lambda: [server.forked for server in fork_servers(house)] == [1])
    (found,) = fork_servers(house)
    assert (found.refused, found.why, found.preload) == (1, None, [])
    assert found.last_refusal is not None
    assert found.last_refusal.startswith("absent")
    assert found.since <= house.clock()
    worker.kill()
    worker.wait()
    assert fork_servers(house) == []
    house.start_worker("--fork-server=off")
    assert fork_servers(house) == [], "what a dead worker has left"
