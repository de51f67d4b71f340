"""A keeper stands over each kernel: its parent, and the subreaper of all that it starts, so that nothing of it is left
when it ends or when whoever asked for it goes away.

It holds the asker's connection by itself: neither the fork server's end nor its death touches a running kernel. Where
the keeper is killed, the kernel dies with it (PR_SET_PDEATHSIG). Asked to keep the kernel, it outlives its asker: as
its supervisor (kept.py).
"""

from __future__ import annotations

import os
import resource
import select
import signal
import socket
from typing import Any

from . import kept, linux, message


class Keeper:
    """``keep`` returns in the kernel's process only."""

    def __init__(self, connection: socket.socket, output: list[int]) -> None:
        self._connection = connection
        self._output = output
        self._lines = message.Lines()
        self._kernel = 0
        self._ended: int | None = None
        self._childless = False
        self._supervisor: kept.Supervisor | None = None

    def keep(self, oom_score_adj: int = 0) -> int:
        """Forks the kernel. In the kernel: the descriptor that takes its first word, one JSON object."""
        linux.become_subreaper()
        linux.raise_oom_score(oom_score_adj)
        linux.name_process(message.KEEPER)
        self._woken, wake = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        self._first_word, first_word = os.pipe()
        keeper = os.getpid()
        self._kernel = os.fork()
        if self._kernel == 0:
            linux.die_with_parent(keeper)
            signal.set_wakeup_fd(-1)
            for descriptor in (self._woken, wake, self._first_word, self._connection.detach()):
                os.close(descriptor)
            return first_word
        # The output too is the kernel's alone: who reads it waits for its end.
        for descriptor in (first_word, *self._output):
            os.close(descriptor)
        try:
            self._watch()
            if self._supervisor is not None:
                self._connection.close()
                linux.leave_standard_streams()
                self._supervisor.watch()
        finally:
            if not self._childless:
                linux.end_descendants()
            os._exit(0)

    def _watch(self) -> None:
        """Until the kernel has ended, the asker has gone, or wants the kernel to be kept."""
        self._connection.setblocking(True)
        poll = select.poll()
        for descriptor in (self._connection.fileno(), self._first_word, self._woken):
            poll.register(descriptor, select.POLLIN)
        while True:
            ready = [descriptor for descriptor, _ in poll.poll()]
            if self._first_word in ready:
                poll.unregister(self._first_word)
                self._pass_on_first_word()
            if self._woken in ready and self._collect():
                return
            if self._connection.fileno() in ready and not self._obey():
                return

    def _pass_on_first_word(self) -> None:
        """What the kernel says of its start; nothing where it died before it could."""
        with os.fdopen(self._first_word, "rb") as word:
            said = word.read()
        if said:
            self._say(message.Lines().add(said)[0])

    def _collect(self) -> bool:
        """Whether the kernel itself is among the children that have ended."""
        try:
            os.read(self._woken, 4096)
        except BlockingIOError:
            pass
        while True:
            try:
                pid, status, _ = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                self._childless = True  # an orphan would be our child
                return True
            if pid == 0:
                return self._ended is not None
            if pid == self._kernel:
                self._ended = status
                used = resource.getrusage(resource.RUSAGE_CHILDREN)
                cpu = used.ru_utime + used.ru_stime
                self._say({"ended": status, "peak_bytes": used.ru_maxrss * 1024, "cpu_seconds": cpu})

    def _obey(self) -> bool:
        """Sends the kernel's process group the signals that are asked for. False when the asker is gone, or has given
        the kernel up to whoever comes for it."""
        try:
            piece, descriptors, _, _ = socket.recv_fds(self._connection, message.PIECE, 1)
        except OSError:
            return False
        for order in self._lines.add(piece):
            if self._ended is None and "signal" in order:
                _signal_group(self._kernel, int(order["signal"]))
            if self._ended is None and "keep" in order:
                self._give_up(order["keep"], descriptors)
        return bool(piece) and self._supervisor is None

    def _give_up(self, asked: dict[str, Any], log: list[int]) -> None:
        """``asked``: ``folder``, which is moved ``to`` another path as soon as the kernel can be had there, and
        ``seconds``. The descriptor that comes with it is of what the kernel's processes write."""
        folder, to = asked["folder"], asked["to"]
        try:
            listener = kept.take_place(folder, to)
        except OSError as error:
            self._say({"refused": str(error)})
            return
        linux.name_process(kept.NAME)
        self._supervisor = kept.Supervisor(listener, to, self._kernel, asked["seconds"], next(iter(log), None))
        self._say({"kept": to})

    def _say(self, news: dict[str, Any]) -> None:
        message.send(self._connection, news)


def _signal_group(leader: int, number: int) -> None:
    try:
        os.killpg(leader, number)
    except ProcessLookupError:  # it has not made its session yet
        os.kill(leader, number)
