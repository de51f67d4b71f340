"""The fork server: warms a kernel up, listens on its socket, and forks a keeper and a kernel for each request.

Nothing in it starts a thread; where one is there all the same, it is unfit: a fork keeps only one.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import signal
import socket
import sys
import time
import traceback
from typing import Any

from . import blas, environment, hiding, kept, learning, linux, message
from .ending import end_process
from .fingerprint import Fingerprint, foreign_modules, start_files
from .keeping import Keeper
from .settling import settle
from .warm import Unfit, WarmKernel

REQUEST_SECONDS = 5.0
ORPHAN_SECONDS = 30.0


def main(control_fd: int, settings: str, at_start: frozenset[str]) -> None:
    """``settings``: ``socket`` (path), ``preload`` (modules), ``idle_seconds``. What is said on the control socket:
    ``{"ready": pid}`` or ``{"unfit": why}``; its end is the end of this server."""
    control = socket.socket(fileno=control_fd)
    linux.become_subreaper()
    linux.name_process("nbsched-kernels")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C in the terminal that started everything is not for us
    server = Server(control, json.loads(settings), at_start)
    try:
        server.warm_up()
    except Exception as error:
        why = str(error) if isinstance(error, Unfit) else f"it could not be warmed up: {error!r}"
        message.send(control, {"unfit": why})
        raise
    request = server.serve()
    if request is not None:
        server.be_kernel(request)


class Server:
    def __init__(self, control: socket.socket, settings: dict[str, Any], at_start: frozenset[str]) -> None:
        self._control = control
        self._path: str = settings["socket"]
        self._preload: list[str] = settings["preload"]
        self._idle_seconds: float = settings["idle_seconds"]
        self._at_start = at_start
        self._environment = dict(os.environ)
        self._keepers: set[int] = set()
        self._idle_since = time.monotonic()

    def warm_up(self) -> None:
        """Unfit where kernels of this interpreter cannot be forked."""
        at_first = Fingerprint([], start_files(self._at_start))
        self._kernel = WarmKernel()
        usual = set(sys.modules)
        self._blas_threads = learning.preload(self._preload)
        learning.rehearse(self._kernel, os.path.dirname(self._path))
        self._may_be_hidden = learning.top_names(set(sys.modules) - usual)
        foreign = foreign_modules(self._at_start)
        if foreign:
            raise Unfit(f"it loads modules from outside of the package folders: {', '.join(foreign[:3])}")
        if linux.tasks() != 1:
            raise Unfit(f"what it loads leaves {linux.tasks() - 1} threads running")
        profile = self._kernel.app
        folders = [profile.profile_dir.location, *profile.config_file_paths]
        self._fingerprint = Fingerprint(folders, start_files(self._at_start) + _matplotlib_files(), at_first)
        # What modules that every kernel imports have set (debugpy does).
        self._made = {name: value for name, value in os.environ.items() if name not in self._environment}
        gc.collect()
        gc.freeze()

    def serve(self) -> dict[str, Any] | None:
        """None when its owner is gone, it was idle for too long or its environment has changed; in a process that has
        been forked to be a kernel, the request for that kernel."""
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(self._wake, False)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._listen()
        message.send(self._control, {"ready": os.getpid()})
        return self._loop()

    def _listen(self) -> None:
        """Takes over the path from a predecessor in one step, so that nobody finds it missing."""
        self._listener: socket.socket | None = socket.socket(socket.AF_UNIX)
        fresh = f"{self._path}.{os.getpid()}"
        self._listener.bind(fresh)
        os.chmod(fresh, 0o600)
        self._listener.listen(128)
        self._listener.setblocking(False)
        os.rename(fresh, self._path)
        self._own = os.stat(self._path).st_ino

    def _loop(self) -> dict[str, Any] | None:
        """The request, in the process that becomes its kernel; None when this server ends."""
        self._selector = selectors.DefaultSelector()
        for source in (self._listener, self._control, self._woken):
            self._selector.register(source, selectors.EVENT_READ)  # type: ignore[arg-type]
        while self._listener is not None or self._keepers:
            ready = self._selector.select(timeout=min(max(self._idle_seconds, 1.0), 60.0))
            if not ready:
                self._forget_kept()
            for key, _ in ready:
                if key.fileobj == self._woken:
                    self._collect()
                elif key.fileobj is self._control:
                    self._owner_is_gone()
                    return None
                elif key.fileobj is self._listener:
                    request = self._accept()
                    if request is not None:
                        return request
            if not self._keepers and time.monotonic() - self._idle_since > self._idle_seconds:
                self._retire()
        return None

    def _accept(self) -> dict[str, Any] | None:
        assert self._listener is not None
        try:
            connection, _ = self._listener.accept()
            connection.settimeout(REQUEST_SECONDS)
            asked = message.receive_request(connection)
        except (OSError, ValueError):
            return None
        if asked is None:
            connection.close()
            return None
        request, output = asked
        refusal = self._refusal(request)
        if refusal is not None:
            message.send(connection, refusal)
        elif self._fork(connection):
            first_word = Keeper(connection, output).keep(int(request.get("oom_score_adj") or 0))
            return {**request, "output": output, "first_word": first_word}
        connection.close()
        for descriptor in output:
            os.close(descriptor)
        return None

    def _refusal(self, request: dict[str, Any]) -> dict[str, Any] | None:
        """Why this request's kernel has to be started the ordinary way; None when it can be forked."""
        changed = self._fingerprint.changed()
        if changed is not None:
            self._retire()
            return {"refused": "changed", "detail": f"{changed} has changed"}
        different = environment.differences(self._environment, request["environment"])
        if different:
            return {"refused": "environment", "detail": f"{', '.join(different)} differ"}
        if linux.tasks() != 1:
            self._retire()
            return {"refused": "threads", "detail": "the fork server has threads"}
        return None

    def _fork(self, connection: socket.socket) -> bool:
        """True in the forked process, which has let go of what is the server's."""
        try:
            pid = os.fork()
        except OSError as error:
            message.send(connection, {"refused": "fork", "detail": str(error)})
            return False
        if pid:
            self._keepers.add(pid)
            return False
        assert self._listener is not None
        self._selector.close()
        self._control.close()
        self._listener.close()
        signal.set_wakeup_fd(-1)
        os.close(self._woken)
        os.close(self._wake)
        return True

    def be_kernel(self, request: dict[str, Any]) -> None:
        """In the kernel's process. Its first word is ``started``, or why it cannot be."""
        try:
            settle({**request, "environment": {**self._made, **request["environment"]}}, request["output"])
            hidden = hiding.hiding_entry(self._may_be_hidden)
            if hidden is not None:
                raise Unfit(f"its folder has {hidden}")
            blas.restore(self._blas_threads)
            self._kernel.become(request)
        except BaseException as error:
            if not isinstance(error, Unfit):
                traceback.print_exc()
            _say_first(request["first_word"], {"refused": "kernel", "detail": f"{error}"})
            os._exit(1)
        _say_first(request["first_word"], {"started": os.getpid()})
        shared = frozenset(sys.modules)
        self._kernel.run()
        end_process(self._kernel.shell, shared)

    def _collect(self) -> None:
        try:
            os.read(self._woken, 4096)
        except BlockingIOError:
            pass
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == 0:
                break
            if pid in self._keepers:
                self._keepers.discard(pid)
                if status != 0:
                    # It was killed: what it kept are our children now, and nobody else's.
                    linux.end_descendants(keep=self._keepers, spared=kept.NAME)
        if not self._keepers:
            self._idle_since = time.monotonic()

    def _forget_kept(self) -> None:
        """Kept kernels need no fork server (kept.py)."""
        self._keepers = {pid for pid in self._keepers if linux.name_of(pid) != kept.NAME}

    def _retire(self) -> None:
        """No more requests; the kernels that run are their keepers' matter."""
        if self._listener is not None:
            self._selector.unregister(self._listener)
            self._listener.close()
            self._listener = None
            try:
                if os.stat(self._path).st_ino == self._own:
                    os.unlink(self._path)
            except OSError:
                pass

    def _owner_is_gone(self) -> None:
        """Runners end with the worker, and keepers with their runners; what takes too long is killed."""
        self._retire()
        until = time.monotonic() + ORPHAN_SECONDS
        self._forget_kept()
        while self._keepers and time.monotonic() < until:
            time.sleep(0.05)
            self._collect()
            self._forget_kept()
        linux.end_descendants(spared=kept.NAME)


def _say_first(descriptor: int, word: dict[str, Any]) -> None:
    with os.fdopen(descriptor, "wb") as pipe:
        pipe.write(message.encode(word))


def _matplotlib_files() -> list[str]:
    """The configuration that a preloaded matplotlib has read."""
    matplotlib = sys.modules.get("matplotlib")
    return [] if matplotlib is None else [str(matplotlib.matplotlib_fname())]
