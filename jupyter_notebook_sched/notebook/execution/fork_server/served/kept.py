"""What stands over a kept kernel: the kernel of a run that has failed, which outlives all that started it, so that
somebody can look into it. Its supervisor owns its time, and needs neither worker nor server.

It is the kernel's parent, and the subreaper of all that it starts. A forked kernel's keeper goes on as its supervisor;
the runner that has started another kernel becomes ``python -I -S __main__.py kept <settings>``, which is small. Both
listen on the socket ``SOCKET`` in the kernel's folder: JSON objects, one a line (docs/kept-kernels.md).
"""

from __future__ import annotations

import json
import math
import os
import resource
import select
import shutil
import signal
import socket
import time
from typing import Any

from . import linux
from .client import Client

NAME = "nbsched-kept"  # how ps shows a supervisor: whoever ends what others left passes over it and all below it
SOCKET = "c"
FACTS = "facts.json"
LOOK_SECONDS = 60.0
END_SECONDS = 2.0
LONGEST_LOG = 4 * 1024**2
MOST_CLIENTS = 64


def take_place(folder: str, to: str) -> socket.socket:
    """Moves a kernel's folder to where it is looked for; the socket there answers from the first moment on. OSError
    where that cannot be done: the folder is as it was."""
    path = os.path.join(folder, SOCKET)
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(path)
        listener.listen(16)
        listener.setblocking(False)
        os.rename(folder, to)
    except BaseException:
        listener.close()
        if os.path.lexists(path):
            os.unlink(path)
        raise
    return listener


def main(text: str) -> None:
    """``text``: JSON, with ``folder``, ``kernel`` (pid, a child of this process), ``seconds``, ``listener``
    (descriptor)."""
    settings = json.loads(text)
    listening: int = settings["listener"]
    os.closerange(3, listening)
    os.closerange(listening + 1, os.sysconf("SC_OPEN_MAX"))
    linux.become_subreaper()
    linux.name_process(NAME)
    listener = socket.socket(fileno=listening)
    os.set_inheritable(listening, False)
    listener.setblocking(False)
    Supervisor(listener, settings["folder"], settings["kernel"], settings["seconds"], 1).watch()


class Supervisor:
    """``log``: a descriptor of what the kernel's processes write to their 1 and 2."""

    def __init__(self, listener: socket.socket, folder: str, kernel: int, seconds: float, log: int | None) -> None:
        self._listener = listener
        self._folder = folder
        self._own = _identity(folder)
        self._kernel = kernel
        self._log = log
        self._clients: dict[int, Client] = {}
        self._ended: int | None = None
        self._told_to_end = False
        self._kill_at: float | None = None
        self._left, self._since = float(seconds), _clock()

    def watch(self) -> None:
        """Until the kernel has ended: by itself, on request, or because its time is over. Nothing of it is left then,
        nor of its folder."""
        woken = _wakened_by_signals()
        signal.signal(signal.SIGTERM, self._be_told_to_end)
        self._poll = select.poll()
        for descriptor in (self._listener.fileno(), woken):
            self._poll.register(descriptor, select.POLLIN)
        self._collect()
        while self._ended is None:
            for descriptor, _ in self._poll.poll(self._patience() * 1000):
                if descriptor == woken:
                    _empty(woken)
                elif descriptor == self._listener.fileno():
                    self._accept()
                else:
                    self._heed(descriptor)
            self._collect()
            self._look()
        self._clear_away()

    def _be_told_to_end(self, *_: object) -> None:
        self._told_to_end = True

    @property
    def _held(self) -> bool:
        return any(client.holds for client in self._clients.values())

    def _seconds_left(self) -> float:
        return self._left if self._held else max(0.0, self._left - (_clock() - self._since))

    def _restart_clock(self) -> None:
        """To be called while it is still as it was: before who holds it, or how much is left, changes."""
        self._left, self._since = self._seconds_left(), _clock()

    def _patience(self) -> float:
        """Seconds until there is something to do."""
        if self._kill_at is not None:
            return max(0.0, self._kill_at - time.monotonic())
        return LOOK_SECONDS if self._held else min(LOOK_SECONDS, self._seconds_left() + 0.01)

    def _look(self) -> None:
        if self._ended is not None:
            return
        if self._kill_at is not None:
            if time.monotonic() >= self._kill_at:
                self._signal(signal.SIGKILL)
                self._kill_at = time.monotonic() + END_SECONDS
            return
        over = self._seconds_left() <= 0 and not self._held
        # Without its folder nobody can reach the kernel any more.
        if self._told_to_end or over or (not self._clients and _identity(self._folder) != self._own):
            self._signal(signal.SIGTERM)
            self._kill_at = time.monotonic() + END_SECONDS
        elif self._log is not None and os.fstat(self._log).st_size > LONGEST_LOG:
            os.ftruncate(self._log, 0)

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        connection.setblocking(False)
        client = Client(connection)
        if len(self._clients) >= MOST_CLIENTS or not client.say(self._state()):
            connection.close()
            return
        self._clients[connection.fileno()] = client
        self._poll.register(connection.fileno(), select.POLLIN)

    def _state(self) -> dict[str, Any]:
        return {"kernel": self._kernel, "seconds_left": round(self._seconds_left(), 3), "held": self._held}

    def _heed(self, descriptor: int) -> None:
        client = self._clients[descriptor]
        orders = client.hear()
        try:
            if orders is None or not all(self._obey(client, order) for order in orders):
                self._part_with(descriptor)
        except (TypeError, ValueError, OSError):
            self._part_with(descriptor)

    def _obey(self, client: Client, order: dict[str, Any]) -> bool:
        """False where the client cannot be answered."""
        if "keep_seconds" in order:
            seconds = float(order["keep_seconds"])
            if not math.isfinite(seconds):
                raise ValueError(seconds)
            self._left, self._since = max(0.0, seconds), _clock()
        if "hold" in order:
            self._restart_clock()
            client.holds = bool(order["hold"])
        if "executes" in order:
            client.executes = bool(order["executes"])
        if "signal" in order:
            self._signal(int(order["signal"]))
        if "pass_to" in order:
            self._pass_to(str(order["pass_to"]), str(order["link"]))
        if order.get("end") and not (order.get("unless_held") and self._held):
            self._told_to_end = True
        return client.say(self._state()) if {"keep_seconds", "ask", "pass_to"} & order.keys() else True

    def _pass_to(self, run_id: str, link: str) -> None:
        """From now on it is the kernel of another run, found under the name ``link`` too. Its own folder stays where
        it is: whoever is connected has its sockets by that path."""
        path = os.path.join(self._folder, FACTS)
        with open(path, encoding="utf-8") as file:
            facts = json.load(file) | {"run_id": run_id}
        fresh = f"{path}.new"
        with open(fresh, "w", encoding="utf-8") as file:
            json.dump(facts, file)
        name = os.path.join(os.path.dirname(self._folder), os.path.basename(link))
        if name != self._folder:
            for each in _links_to(self._folder):
                os.unlink(each)
            os.symlink(os.path.basename(self._folder), name)
        os.replace(fresh, path)

    def _part_with(self, descriptor: int) -> None:
        self._restart_clock()
        client = self._clients.pop(descriptor)
        self._poll.unregister(descriptor)
        client.connection.close()
        if client.executes:
            self._signal(signal.SIGINT)

    def _signal(self, number: int) -> None:
        """To the kernel's process group; this process is its parent, so that its pid is nobody else's."""
        try:
            if os.getpgid(self._kernel) == self._kernel:
                os.killpg(self._kernel, number)
            else:
                os.kill(self._kernel, number)
        except (ProcessLookupError, PermissionError):
            pass

    def _collect(self) -> None:
        """Whoever has ended, orphans of the kernel among them."""
        while True:
            try:
                pid, status, _ = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                if self._ended is None:  # somebody has waited for it already
                    self._ended = signal.SIGKILL
                return
            if pid == 0:
                return
            if pid == self._kernel:
                self._ended = status

    def _clear_away(self) -> None:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = used.ru_utime + used.ru_stime
        for client in self._clients.values():
            client.say({"ended": self._ended, "peak_bytes": used.ru_maxrss * 1024, "cpu_seconds": cpu})
        linux.end_descendants()
        if _identity(self._folder) == self._own:
            for link in _links_to(self._folder):
                os.unlink(link)
            shutil.rmtree(self._folder, ignore_errors=True)
        self._listener.close()
        for client in self._clients.values():
            client.connection.close()


def _links_to(folder: str) -> list[str]:
    """Other names of the folder, beside it."""
    found, above = [], os.path.dirname(folder)
    for entry in os.scandir(above):
        if entry.is_symlink() and os.path.join(above, os.readlink(entry.path)) == folder:
            found.append(entry.path)
    return found


def _identity(folder: str) -> tuple[int, int] | None:
    try:
        found = os.lstat(folder)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _clock() -> float:
    """Seconds, those that the machine sleeps included."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def _wakened_by_signals() -> int:
    """A descriptor that is readable after each signal."""
    woken, wake = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    return woken


def _empty(pipe: int) -> None:
    try:
        os.read(pipe, 4096)
    except BlockingIOError:
        pass
