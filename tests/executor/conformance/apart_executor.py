"""A second executor: each attempt has a daemon of its own (``apart_daemon``), which no worker is a parent of.

What there is to know of an attempt is in a folder of its own, whose name is the handle: ``order``, ``news`` (frames,
Ended last), ``daemon`` and ``runner`` (pid and start time). It stays until the attempt is forgotten.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import msgspec

from jupyter_notebook_sched.executor import framing
from jupyter_notebook_sched.executor.interface import Ended, Executor, Gone, News, Order, Surroundings
from jupyter_notebook_sched.host.identity import start_time

CANCEL, ABANDON = signal.SIGTERM, signal.SIGUSR1
LOOK_SECONDS = 0.05
DAEMON = Path(__file__).with_name("apart_daemon.py")
NEWS: msgspec.msgpack.Decoder[News] = msgspec.msgpack.Decoder(News)


class ApartExecutor(Executor):
    outlives_worker = True

    def __init__(self, surroundings: Surroundings) -> None:
        # Not in the scratch directory: each worker clears that when it comes.
        self.base = surroundings.scratch.with_name(f"{surroundings.scratch.name}-d")

    async def submit(self, order: Order) -> str:
        handle = handle_of(order.run_id, order.attempt)
        folder = self.base / handle
        folder.mkdir(mode=0o700, parents=True)
        (folder / "order").write_bytes(framing.frame(order))
        starting = await asyncio.create_subprocess_exec(sys.executable, str(DAEMON), str(folder), cwd=self.base)
        if await starting.wait():
            raise OSError("the daemon of the attempt did not start")
        return handle

    async def reattach(self, handle: str) -> None:
        folder = self.base / handle
        if "/" in handle or not (folder / "order").exists():
            raise Gone("nothing is known of it")
        if read_process(folder / "daemon") is None:  # it has not begun, and shall not
            shutil.rmtree(folder, ignore_errors=True)
            raise Gone("it had not begun")

    async def find(self, run_id: str, attempt: int) -> str:
        handle = handle_of(run_id, attempt)
        await self.reattach(handle)
        return handle

    async def watch(self, handle: str) -> AsyncGenerator[News, None]:
        folder, inbox, position = self.base / handle, framing.Inbox(NEWS), 0
        while True:
            lived = alive(folder / "daemon")  # asked first: what it wrote before it ended is read after that
            fresh = read_from(folder / "news", position)
            position += len(fresh)
            for news in inbox.add(fresh):
                yield news
                if isinstance(news, Ended):
                    return
            if not lived:
                await self._end_runner(folder)
                yield Ended("failed", "lost", "the daemon of the attempt was ended")
                return
            await asyncio.sleep(LOOK_SECONDS)

    async def cancel(self, handle: str) -> None:
        self._signal(handle, CANCEL)

    def abandon(self, handle: str) -> None:
        self._signal(handle, ABANDON)

    async def forget(self, handle: str) -> None:
        shutil.rmtree(self.base / handle, ignore_errors=True)

    async def close(self) -> None:
        return

    def _signal(self, handle: str, number: signal.Signals) -> None:
        if alive(self.base / handle / "daemon"):
            kill(self.base / handle / "daemon", number)

    async def _end_runner(self, folder: Path) -> None:
        """Without its daemon it ends by itself; what is told as lost must have ended."""
        while alive(folder / "runner"):
            kill(folder / "runner", signal.SIGKILL)
            await asyncio.sleep(LOOK_SECONDS)


def handle_of(run_id: str, attempt: int) -> str:
    return f"{run_id}.{attempt}"


def read_from(file: Path, position: int) -> bytes:
    try:
        with open(file, "rb") as opened:
            opened.seek(position)
            return opened.read()
    except FileNotFoundError:
        return b""


def write_process(file: Path, pid: int) -> None:
    fresh = file.with_name(f".{file.name}")
    fresh.write_text(f"{pid} {start_time(pid)}")
    fresh.replace(file)


def read_process(file: Path) -> tuple[int, int] | None:
    try:
        pid, started = file.read_text().split()
    except OSError:
        return None
    return int(pid), int(started)


def alive(file: Path) -> bool:
    process = read_process(file)
    return process is not None and start_time(process[0]) == process[1]


def kill(file: Path, number: signal.Signals) -> None:
    process = read_process(file)
    if process is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process[0], number)
