"""``python -m jupyter_notebook_sched.worker``: one worker, from its lock to its last run."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from .._version import __version__
from ..config import Settings
from ..domain.times import to_text, utc_now
from ..errors import SchedError
from ..host import processes
from ..host.capacity import places
from ..host.filesystem import is_network
from ..host.identity import own_identity
from ..host.rendezvous import DRAIN, STAY, Rendezvous
from ..store.connection import Store
from .loop import Worker, run_until_drained

log = logging.getLogger("jupyter_notebook_sched.worker")
NO_STORE_POLL_SECONDS = 5.0
SERVER_GONE_SECONDS = 5.0


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 when it drained, 3 when another worker has this workspace on this host."""
    options = _parser().parse_args(arguments)
    settings = Settings.of_workspace(
        options.workspace.absolute(),
        options.state_dir.absolute() if options.state_dir else None,
        capacity=options.capacity,
        default_kernel=options.default_kernel,
    )
    meeting = Rendezvous(settings.state_dir)
    meeting.make()
    if meeting.lock() is None:
        print(f"another worker has {settings.workspace} already", file=sys.stderr)
        return 3
    meeting.sweep()
    _log_to(meeting.log, also_here=not options.for_server)
    processes.become_subreaper()
    processes.name_process("nbsched-worker")
    asyncio.run(Process(settings, meeting, options.for_server).run())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jupyter notebook-sched worker", description="Schedules and runs the notebooks of one workspace."
    )
    parser.add_argument(
        "--workspace", type=Path, default=Path(), help="the directory that notebook paths are relative to"
    )
    parser.add_argument(
        "--state-dir",
        type=Path,
        default=None,
        help="where store and archive live (default: .notebook-sched in the workspace)",
    )
    parser.add_argument(
        "--capacity", type=int, default=0, help="runs at a time (default: one for each usable processor)"
    )
    parser.add_argument("--default-kernel", default="python3", help="for notebooks that name no kernel")
    parser.add_argument("--for-server", action="store_true", help=argparse.SUPPRESS)
    return parser


def _log_to(file: Path, also_here: bool) -> None:
    handlers: list[logging.Handler] = [RotatingFileHandler(file, maxBytes=1_000_000, backupCount=1)]
    if also_here:
        handlers.append(logging.StreamHandler())
    logging.basicConfig(level=logging.INFO, handlers=handlers, format="%(asctime)s %(levelname)s %(message)s")


class Process:
    """The worker as a process: signals, wake-ups, the wait for a store, draining when its server is gone."""

    def __init__(self, settings: Settings, meeting: Rendezvous, for_server: bool) -> None:
        self.settings = settings
        self.meeting = meeting
        self.for_server = for_server
        self.store = Store(settings.state_dir / "store.db", is_network(settings.state_dir))
        self.draining = False
        self.worker: Worker | None = None

    async def run(self) -> None:
        self.wake = asyncio.Event()
        listener = self.meeting.listen("worker")
        loop = asyncio.get_running_loop()
        loop.add_reader(listener, self._heard, listener)
        loop.add_signal_handler(signal.SIGTERM, self._drain)
        loop.add_signal_handler(signal.SIGINT, self._drain)
        self._publish("running")
        watching = asyncio.create_task(self._watch_servers())
        try:
            await self._wait_for_store()
            if not self.draining:
                await self._work()
        finally:
            watching.cancel()
            loop.remove_reader(listener)
            self.meeting.leave(listener)
            processes.end_descendants(os.getpid())

    async def _wait_for_store(self) -> None:
        """Nothing is written into a workspace that nobody has scheduled anything in."""
        while not self.store.exists() and not self.draining:
            self.wake.clear()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self.wake.wait(), NO_STORE_POLL_SECONDS)

    async def _work(self) -> None:
        self.worker = worker = Worker(self.settings, self.store, own_identity(), self.meeting, __version__)
        log.info("worker %s for %s", __version__, self.settings.workspace)
        warming = asyncio.create_task(worker.executor.warm_up())
        try:
            await run_until_drained(worker, self.wake)
        finally:
            with contextlib.suppress(OSError):
                await warming
            await worker.executor.close()
            with contextlib.suppress(SchedError):
                worker.leave()
            worker.tell_servers()
        log.info("drained")

    def _heard(self, listener: socket.socket) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                message = listener.recv(64)
                if message == DRAIN:
                    self._drain()
                elif message == STAY:
                    self._stay()
        self.wake.set()

    def _drain(self) -> None:
        self._set_draining(True)

    def _stay(self) -> None:
        self._set_draining(False)

    def _set_draining(self, draining: bool) -> None:
        if draining != self.draining:
            log.info("draining" if draining else "the drain is called off")
        self.draining = draining
        if self.worker is not None:
            self.worker.draining = draining
        self._publish("draining" if draining else "running")
        self.wake.set()

    async def _watch_servers(self) -> None:
        """A worker that a server started drains when no server is left, however that one ended."""
        while self.for_server:
            await asyncio.sleep(SERVER_GONE_SECONDS)
            if not self.draining and not any(True for _ in self.meeting.living("server")):
                self._drain()

    def _publish(self, state: str) -> None:
        me = own_identity()
        self.meeting.publish(
            {
                "state": state,
                "for_server": self.for_server,
                "pid": me.pid,
                "host": me.host,
                "identity": str(me),
                "capacity": places(self.settings.capacity),
                "version": __version__,
                "at": to_text(utc_now()),
            }
        )


if __name__ == "__main__":
    sys.exit(main())
