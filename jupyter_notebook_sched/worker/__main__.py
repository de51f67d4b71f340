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
from ..config import CHOICES, OPTIONS, SHORTEST_LEASE, Settings
from ..domain.secrets import secrets_in
from ..domain.times import to_text, utc_now
from ..errors import SchedError
from ..executor.choosing import Unusable, executor_of
from ..executor.interface import Executor, Surroundings
from ..host import processes
from ..host.capacity import places
from ..host.filesystem import is_shared
from ..host.identity import own_identity
from ..host.kept_kernels import SUPERVISOR
from ..host.rendezvous import DRAIN, HAND_OVER, STAY, Rendezvous
from ..host.waking import woken
from ..host.watching import looking_out
from ..store.connection import Store
from .loop import Worker, run_until_drained

log = logging.getLogger("jupyter_notebook_sched.worker")
NO_STORE_POLL_SECONDS = 5.0
UNUSABLE = 4
SERVER_GONE_SECONDS = 5.0
PLACE_LOOK_SECONDS = 0.5
PATIENCE_SECONDS = 2.0  # the loop has a heart to beat and must not hang on a lock
RELAY_LOOKS_AGAIN_SECONDS = 1.5


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 when it drained, 3 when another worker has this workspace on this host, 4 when its executor cannot be
    used."""
    options = _parser().parse_args(arguments)
    options.lease_seconds = max(options.lease_seconds, SHORTEST_LEASE)
    settings = Settings.of_workspace(
        options.workspace.absolute(),
        options.state_dir.absolute() if options.state_dir else None,
        **{name: getattr(options, name) for name in OPTIONS},
    )
    meeting = Rendezvous(settings.state_dir)
    meeting.make()
    lock = meeting.lock()
    if lock is None:
        print(f"another worker has {settings.workspace} already", file=sys.stderr)
        return 3
    meeting.sweep()
    _log_to(meeting.log, also_here=not options.for_server)
    try:
        executor = executor_of(Surroundings(settings, meeting.directory))
    except Unusable as error:
        log.error("this worker cannot start: %s", error)
        meeting.complain(str(error))
        return UNUSABLE
    meeting.complain(None)
    if not executor.outlives_worker:
        processes.become_subreaper()
    processes.name_process("nbsched-worker")
    asyncio.run(Process(settings, meeting, lock, executor, options.for_server).run())
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
    for name, words in OPTIONS.items():
        default = getattr(Settings, name)
        option = f"--{name.replace('_', '-')}"
        words = f"{words} (default: {default})"
        parser.add_argument(option, type=type(default), default=default, choices=CHOICES.get(name), help=words)
    parser.add_argument("--for-server", action="store_true", help=argparse.SUPPRESS)
    return parser


def _log_to(file: Path, also_here: bool) -> None:
    handlers: list[logging.Handler] = [RotatingFileHandler(file, maxBytes=1_000_000, backupCount=1)]
    if also_here:
        handlers.append(logging.StreamHandler())
    logging.basicConfig(level=logging.INFO, handlers=handlers, format="%(asctime)s %(levelname)s %(message)s")


class Process:
    """The worker as a process: signals, wake-ups, the wait for a store, draining when its server is gone."""

    def __init__(
        self, settings: Settings, meeting: Rendezvous, lock: int, executor: Executor, for_server: bool
    ) -> None:
        self.settings = settings
        self.meeting = meeting
        self.lock: int | None = lock  # None: another worker has this workspace now
        self.executor = executor
        self.listener: socket.socket | None = None
        self.for_server = for_server
        self.store = Store(
            settings.state_dir / "store.db",
            is_shared(settings.state_dir, settings.network_filesystem),
            looking_out(settings.lease_seconds),
            PATIENCE_SECONDS,
        )
        self.draining = False
        self.worker: Worker | None = None

    async def run(self) -> None:
        self.wake = asyncio.Event()
        loop = asyncio.get_running_loop()
        self._listen()
        loop.add_signal_handler(signal.SIGTERM, self._drain)
        loop.add_signal_handler(signal.SIGINT, self._drain)
        self._publish("running")
        watching = [asyncio.create_task(self._watch_servers()), asyncio.create_task(self._watch_place())]
        try:
            await self._wait_for_store()
            if not self.draining:
                await self._work()
        finally:
            for task in watching:
                task.cancel()
            self._stop_listening()
            if not self.executor.outlives_worker:
                processes.end_descendants(os.getpid(), spared=SUPERVISOR)

    async def _wait_for_store(self) -> None:
        """Nothing is written into a workspace that nobody has scheduled anything in."""
        while not self.store.exists() and not self.draining:
            self.wake.clear()
            await woken(self.wake, NO_STORE_POLL_SECONDS)

    async def _work(self) -> None:
        self.worker = worker = Worker(
            self.settings, self.store, own_identity(), self.meeting, __version__, self.executor
        )
        log.info("worker %s for %s", __version__, self.settings.workspace)
        warming = asyncio.create_task(self._start_executor())
        try:
            await run_until_drained(worker, self.wake)
        finally:
            await warming
            await self.executor.close()
            with contextlib.suppress(SchedError):
                worker.leave()
            worker.tell_servers()
        log.info("drained")

    async def _start_executor(self) -> None:
        """What fails here fails again with the first attempt, which says so."""
        try:
            await self.executor.start()
        except Exception as error:
            log.warning("the executor %s is not ready: %r", self.settings.executor, error)

    def _listen(self) -> None:
        self._stop_listening()
        self.listener = self.meeting.listen("worker")
        asyncio.get_running_loop().add_reader(self.listener, self._heard, self.listener)

    def _stop_listening(self) -> None:
        if self.listener is not None:
            listener, self.listener = self.listener, None
            asyncio.get_running_loop().remove_reader(listener)
            self.meeting.leave(listener)

    def _heard(self, listener: socket.socket) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                message = listener.recv(64)
                if message == DRAIN:
                    self._drain()
                elif message == STAY:
                    self._stay()
                elif message == HAND_OVER:
                    self._hand_over()
        self.wake.set()

    def _drain(self) -> None:
        self._set_draining(True)

    def _stay(self) -> None:
        self._set_draining(False)

    def _hand_over(self) -> None:
        """A server of another version is here: its own worker may start beside this one, which only ends its runs."""
        if self.lock is not None:
            log.info("another version takes over")
            os.close(self.lock)
            self.lock = None
        self._drain()

    def _set_draining(self, draining: bool) -> None:
        draining = draining or self.lock is None
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
            if self.draining or self._a_server_lives():
                continue
            await asyncio.sleep(RELAY_LOOKS_AGAIN_SECONDS)  # it may be binding its socket again
            if not self._a_server_lives():
                self._drain()

    def _a_server_lives(self) -> bool:
        return any(True for _ in self.meeting.living("server"))

    async def _watch_place(self) -> None:
        """Somebody may clean the runtime directory away: a worker that cannot be met is made findable again."""
        while True:
            await asyncio.sleep(PLACE_LOOK_SECONDS)
            try:
                self._keep_place()
            except Exception:
                log.exception("the worker's place %s cannot be kept", self.meeting.directory)

    def _keep_place(self) -> None:
        if self.lock is not None and not self.meeting.holds(self.lock):
            self._take_place_again(self.lock)
        if self.listener is None or not self.meeting.is_reachable(self.listener):
            self._listen()
        if self.lock is not None and self.meeting.published() is None:
            self._publish("draining" if self.draining else "running")

    def _take_place_again(self, lost: int) -> None:
        """Where another worker was faster, that one stays, and this one leaves when its runs have ended."""
        self.meeting.make()
        for handler in logging.getLogger().handlers:
            handler.close()  # the log's file is gone too; it opens again with the next line
        self.lock = self.meeting.lock(patience=0.2)
        os.close(lost)
        os.chdir(self.meeting.directory)
        self.executor.scratch_is_lost()
        if self.lock is None:
            log.warning("another worker has %s now", self.settings.workspace)
            self._drain()
        else:
            log.warning("%s was removed, and was made again", self.meeting.directory)

    def _publish(self, state: str) -> None:
        if self.lock is None:
            return
        me = own_identity()
        self.meeting.publish(
            {
                "state": state,
                "for_server": self.for_server,
                "pid": me.pid,
                "host": me.host,
                "identity": str(me),
                "executor": self.settings.executor,
                "capacity": places(self.settings.capacity),
                "version": __version__,
                "secrets": sorted(secrets_in(os.environ)),  # their names: for who checks what a request asks for
                "at": to_text(utc_now()),
            }
        )


if __name__ == "__main__":
    sys.exit(main())
