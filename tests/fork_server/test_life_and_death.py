"""Whoever dies, nothing of a run is left behind, and nobody dies who had no part in it."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import AsyncKernelManager

from jupyter_notebook_sched.host import processes
from jupyter_notebook_sched.host.identity import start_time
from jupyter_notebook_sched.notebook.execution.fork_server.interpreter import Interpreter
from jupyter_notebook_sched.notebook.execution.fork_server.servers import ForkServers, orphaned_keepers
from jupyter_notebook_sched.notebook.execution.kernels import KernelRequest

from .running import executed, fork_start, short_folder, warmed, with_servers

HERE = Interpreter(sys.executable)
# A daemon as daemons are made: a session of its own, orphaned, its environment cleared by exec.
DAEMON = """
import os, pathlib, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        pathlib.Path('daemon').write_text(str(os.getpid()))
        os.execve('/bin/sleep', ['sleep', '1000'], {})
    os._exit(0)
while not (pathlib.Path('daemon').exists() and pathlib.Path('daemon').read_text()): time.sleep(0.01)
pathlib.Path('kernel').write_text(str(os.getpid()))
pathlib.Path('keeper').write_text(str(os.getppid()))
"""


def lives(pid: int) -> bool:
    return start_time(pid) is not None


async def gone(*pids: int, seconds: float = 10.0) -> bool:
    until = time.monotonic() + seconds
    while any(lives(pid) for pid in pids) and time.monotonic() < until:
        await asyncio.sleep(0.01)
    return not any(lives(pid) for pid in pids)


async def end_politely(manager: AsyncKernelManager) -> None:
    if manager.has_kernel:
        await manager.shutdown_kernel()


async def with_kernel(servers: ForkServers, folder: Path, work: Callable[[AsyncKernelManager, Any], Any]) -> None:
    """``work`` gets the manager and a client of a forked kernel, which is ended politely after it."""
    await warmed(servers, HERE)
    start = fork_start(servers)
    with short_folder() as private:
        manager = await start.start(KernelRequest("python3", folder, private, {}))
        client = manager.client()
        client.start_channels()
        try:
            assert start.forked(), manager.provisioner.refused
            await client.wait_for_ready(timeout=30)
            await work(manager, client)
        finally:
            await end_politely(manager)
            client.stop_channels()


async def daemon_made(client: Any, folder: Path) -> tuple[int, int, int]:
    """Kernel, keeper and a daemon of the kernel."""
    await client.execute_interactive(DAEMON, timeout=20)
    kernel, keeper, daemon = (int((folder / name).read_text()) for name in ("kernel", "keeper", "daemon"))
    assert all(lives(pid) for pid in (kernel, keeper, daemon))
    return kernel, keeper, daemon


@pytest.mark.parametrize("how", ["politely", "killed", "asker gone", "keeper killed", "keeper and server killed"])
def test_nothing_of_a_kernel_is_left(how: str, tmp_path: Path) -> None:
    async def work(servers: ForkServers) -> None:
        async def end(manager: AsyncKernelManager, client: Any) -> None:
            pids = await daemon_made(client, tmp_path)
            kernel, keeper, _ = pids
            server = servers.states()[0].process
            if how == "politely":
                await end_politely(manager)
            elif how == "killed":
                os.kill(kernel, signal.SIGKILL)
                assert await manager.provisioner.wait() == -signal.SIGKILL
            elif how == "asker gone":
                manager.provisioner.forked.close()
            elif how == "keeper killed":
                os.kill(keeper, signal.SIGKILL)
            else:
                server.kill()
                os.kill(keeper, signal.SIGKILL)
                assert await gone(kernel)
                processes.end_descendants(os.getpid(), servers.pids())  # as LocalExecutor sweeps
            assert await gone(*pids), [pid for pid in pids if lives(pid)]
            assert (server.poll() is None) == ("server" not in how)

        await with_kernel(servers, tmp_path, end)

    processes.become_subreaper()
    with_servers(work)


def test_a_kernel_outlives_its_fork_server(tmp_path: Path) -> None:
    async def work(servers: ForkServers) -> None:
        async def go_on(manager: AsyncKernelManager, client: Any) -> None:
            pids = await daemon_made(client, tmp_path)
            servers.states()[0].process.kill()
            while servers.states()[0].state == "ready":
                await asyncio.sleep(0.01)
            assert orphaned_keepers() == [pids[1]]
            assert pids[1] in servers.pids()
            reply = await client.execute_interactive("assert 1", timeout=20)
            assert reply["content"]["status"] == "ok"
            await end_politely(manager)
            assert await gone(*pids)
            while orphaned_keepers():  # collected by their owner
                await asyncio.sleep(0.05)

        await with_kernel(servers, tmp_path, go_on)
        assert (await warmed(servers, HERE)).state == "ready"

    processes.become_subreaper()
    with_servers(work)


def test_fork_servers_end_with_their_owner(tmp_path: Path) -> None:
    async def work(servers: ForkServers) -> int:
        server = await warmed(servers, HERE)
        server.control.close()
        assert await gone(server.process.pid)
        assert not HERE.socket(servers.folder).exists()
        return server.process.pid

    with_servers(work)


def test_a_manager_interrupts_restarts_and_ends_a_forked_kernel(tmp_path: Path) -> None:
    async def work(servers: ForkServers) -> None:
        async def manage(manager: AsyncKernelManager, client: Any) -> None:
            pid = manager.provisioner.pid
            assert await manager.is_alive()
            running = asyncio.create_task(client.execute_interactive("import time; time.sleep(60)", timeout=20))
            await asyncio.sleep(0.5)
            await manager.interrupt_kernel()
            assert (await running)["content"]["ename"] == "KeyboardInterrupt"
            await manager.restart_kernel(now=True)
            await client.wait_for_ready(timeout=30)
            assert manager.provisioner.forked is not None
            assert manager.provisioner.pid != pid
            assert await gone(pid)
            await manager.shutdown_kernel()
            assert not await manager.is_alive()

        await with_kernel(servers, tmp_path, manage)

    with_servers(work)


def test_a_kernel_gets_the_terms_that_were_asked_for(tmp_path: Path) -> None:
    limit = 900 * 1024**2
    terms = {"name": "nbsched-abcdef", "nice": 3, "oom_score_adj": 500, "rlimits": {"RLIMIT_DATA": [limit, limit]}}

    async def work(servers: ForkServers) -> None:
        await warmed(servers, HERE)
        outcome, _ = await executed(
            fork_start(servers, **terms),
            tmp_path,
            "import os, resource, subprocess",
            "assert open('/proc/self/comm').read() == 'nbsched-abcdef\\n'",
            "assert os.nice(0) == 3 and open('/proc/self/oom_score_adj').read() == '500\\n'",
            f"assert resource.getrlimit(resource.RLIMIT_DATA) == ({limit}, {limit})",
            "try: bytearray(2_000_000_000)\nexcept MemoryError: print('told')\nelse: 1 / 0",
            "pid = os.fork()\nif pid == 0: os._exit(open('/proc/self/comm').read() != 'nbsched-abcdef\\n')",
            "assert os.waitpid(pid, 0)[1] == 0",
            "assert b'ASKED_FOR=yes' in subprocess.check_output(['cat', '/proc/self/environ']).split(bytes(1))",
        )
        assert outcome.state == "succeeded", outcome

    with_servers(work)


def test_siblings_share_no_seed(tmp_path: Path) -> None:
    values = """
    import random, numpy, uuid, tempfile, secrets, multiprocessing.process as p
    [random.random(), numpy.random.rand(), str(uuid.uuid4()), str(uuid.uuid1()), tempfile.mktemp(), secrets.token_hex(),
     bytes(p.current_process().authkey).hex(), numpy.random.default_rng().random()]
    """.strip().replace("\n    ", "\n")

    async def work(servers: ForkServers) -> None:
        await warmed(servers, HERE)
        found = []
        for _ in range(2):
            _, execution = await executed(fork_start(servers), tmp_path, values)
            found.append(eval(execution.notebook["cells"][0]["outputs"][0]["data"]["text/plain"]))
        assert all(one != other for one, other in zip(*found, strict=True)), found

    with_servers(work, preload=("numpy", "multiprocessing.process"))


def test_nobody_else_can_ask_and_no_secret_is_in_any_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTEBOOK_SCHED_SECRET_X", "hush-hush")

    async def work(servers: ForkServers) -> None:
        async def look(manager: AsyncKernelManager, client: Any) -> None:
            kernel, keeper, _ = await daemon_made(client, tmp_path)
            for pid in (kernel, keeper, servers.states()[0].process.pid):
                assert b"hush-hush" not in Path(f"/proc/{pid}/environ").read_bytes()
            reply = await client.execute_interactive("import os; assert 'NOTEBOOK_SCHED_SECRET_X' not in os.environ")
            assert reply["content"]["status"] == "ok"
            assert stat.S_IMODE(HERE.socket(servers.folder).stat().st_mode) == 0o600
            assert stat.S_IMODE(servers.folder.stat().st_mode) == 0o700

        await with_kernel(servers, tmp_path, look)

    with_servers(work)


def test_a_reader_that_stalls_loses_no_line(tmp_path: Path) -> None:
    async def work(servers: ForkServers) -> None:
        async def stall(manager: AsyncKernelManager, client: Any) -> None:
            asked = client.execute("for n in range(20_000): print(n, flush=True)")
            await client.get_iopub_msg(timeout=20)
            time.sleep(3)
            lines = ""
            while True:
                news = await client.get_iopub_msg(timeout=20)
                if news["parent_header"].get("msg_id") != asked:
                    continue
                if news["msg_type"] == "stream":
                    lines += news["content"]["text"]
                if news["content"].get("execution_state") == "idle":
                    break
            assert lines.split() == [str(n) for n in range(20_000)]

        await with_kernel(servers, tmp_path, stall)

    with_servers(work)
