"""A warm, single-threaded process that forks a runner for each attempt: importing nbclient costs half a second of
processor time, a fork some milliseconds.

Started by the worker with one end of a socket pair. For each attempt it gets one byte and two descriptors: of the
attempt's own channel, and of what becomes its output. It answers with the runner's pid, and reports each runner that
ended with its wait status.
As a subreaper it inherits whatever a dead runner left behind, and kills it.
"""

from __future__ import annotations

import contextlib
import gc
import os
import selectors
import signal
import socket
import sys
from pathlib import Path

import msgspec

from ..host import processes
from ..host.kept_kernels import SUPERVISOR
from . import scratch
from .framing import frame


class RunnerForked(msgspec.Struct, frozen=True, tag="forked"):
    pid: int


class RunnerEnded(msgspec.Struct, frozen=True, tag="ended"):
    """``status`` as waitpid(2) gives it."""

    pid: int
    status: int


def main(control_fd: int) -> None:
    control = socket.socket(fileno=control_fd)
    processes.become_subreaper()
    processes.name_process("nbsched-forks")
    warm_up()
    RunnerServer(control).serve()


def warm_up() -> None:
    """Imports what every runner needs, and puts it beyond the collector's reach so that forks go on sharing it."""
    # "-m" has put the working directory there, which changes with each attempt and holds nothing to import.
    sys.path[:] = [folder for folder in sys.path if os.path.realpath(folder) != os.getcwd()]
    # nbformat reaches this package through jsonschema's format checkers; nothing here uses it, and it costs 1 s.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    from . import runner

    runner.warm_up()
    gc.collect()
    gc.freeze()


class RunnerServer:
    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.runners: set[int] = set()
        self.woken, self.wake = os.pipe()
        os.set_blocking(self.wake, False)
        os.set_blocking(self.woken, False)

    def serve(self) -> None:
        """Until the worker is gone; then its runners end by themselves, and what they leave is killed, but for kept
        kernels."""
        signal.set_wakeup_fd(self.wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        # The worker decides when attempts end: a Ctrl-C in the terminal that started everything is not for us.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        with selectors.DefaultSelector() as selector:
            selector.register(self.control, selectors.EVENT_READ)
            selector.register(self.woken, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    if key.fileobj == self.woken:
                        self._collect_ended()
                    elif not self._fork_one():
                        processes.end_descendants(os.getpid(), spared=SUPERVISOR)
                        return

    def _fork_one(self) -> bool:
        """False when the worker is gone."""
        try:
            asked, descriptors, _, _ = socket.recv_fds(self.control, 1, 2)
        except ConnectionError:
            return False
        if not asked:
            return False
        pid = os.fork()
        if pid == 0:
            self._become_runner(*descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        self.runners.add(pid)
        self._tell(RunnerForked(pid))
        return True

    def _become_runner(self, channel_fd: int, output_fd: int) -> None:
        """In the child: never returns."""
        status = 1
        try:
            for standard in (1, 2):
                os.dup2(output_fd, standard)
            os.close(output_fd)
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGCHLD, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            for descriptor in (self.control.fileno(), self.woken, self.wake):
                os.close(descriptor)
            from . import runner

            runner.main(channel_fd, again=True)
            status = 0
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def _collect_ended(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self.woken, 4096)
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid in self.runners:
                self.runners.discard(pid)
                # What it left are our children now: nobody else's, for living runners are subreapers of their own.
                processes.end_descendants(os.getpid(), keep=frozenset(self.runners), spared=SUPERVISOR)
                if status != 0:
                    scratch.remove_of(Path.cwd(), pid)
                self._tell(RunnerEnded(pid, status))

    def _tell(self, message: RunnerForked | RunnerEnded) -> None:
        with contextlib.suppress(BrokenPipeError):
            self.control.sendall(frame(message))


if __name__ == "__main__":
    main(int(sys.argv[1]))
