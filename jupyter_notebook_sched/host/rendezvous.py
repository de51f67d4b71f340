"""Where the processes of one workspace on one host meet: a private directory on local disk with a lock that the
worker holds for its life, and one datagram socket a process, to wake it.

Never on the workspace itself, which may be a network file system where neither locks nor sockets can be trusted.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import socket
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .identity import Identity, lives, own_identity

if sys.platform != "win32":
    import fcntl

WAKE = b"wake"
DRAIN = b"drain"
STAY = b"stay"
HAND_OVER = b"hand over"
PRIVATE = "nbs-"  # how the names of the directories begin that runners make here for their kernels' sockets
LONGEST_SOCKET_PATH = 90
LONGEST_PARENT = 24


class Rendezvous:
    """The meeting place of the workspace whose state directory is ``state_dir``."""

    def __init__(self, state_dir: Path) -> None:
        digest = hashlib.sha256(os.fsencode(os.path.realpath(state_dir))).hexdigest()[:16]
        self.directory = _base() / digest

    def make(self) -> None:
        """Makes the directory, 0700; refuses one that belongs to somebody else."""
        for directory in (self.directory.parent, self.directory):
            directory.mkdir(mode=0o700, exist_ok=True)
            found = os.lstat(directory)
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
                raise PermissionError(
                    f"{directory} belongs to somebody else; set XDG_RUNTIME_DIR to a directory of yours"
                )
            os.chmod(directory, 0o700)

    def sweep(self) -> None:
        """Removes what runners left that were killed; for the worker that has just taken the lock."""
        for left in self.directory.glob(f"{PRIVATE}*"):
            shutil.rmtree(left, ignore_errors=True)

    @property
    def _lock(self) -> Path:
        return self.directory / "worker.lock"

    @property
    def _problem(self) -> Path:
        return self.directory / "worker.problem"

    @property
    def log(self) -> Path:
        return self.directory / "worker.log"

    def lock(self, patience: float = 1.0) -> int | None:
        """Takes the worker's lock for the life of this process; None where another worker holds it.

        ``patience`` (seconds) outlasts the moment for which somebody merely looks whether it is held.
        """
        until = time.monotonic() + patience
        while True:
            descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if self.holds(descriptor):
                    return descriptor
            os.close(descriptor)
            if time.monotonic() > until:
                return None
            time.sleep(0.02)

    def holds(self, lock: int) -> bool:
        """Whether the lock that was taken is still the one that others ask for: its file may have been removed."""
        try:
            return os.path.samestat(os.fstat(lock), os.stat(self._lock))
        except OSError:
            return False

    def worker_lives(self) -> bool:
        try:
            descriptor = os.open(self._lock, os.O_RDWR)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return False
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)

    def publish(self, facts: dict[str, Any]) -> None:
        """What the worker says of itself to whoever meets it here, replaced at once."""
        fresh = self.directory / f".worker.json.{os.getpid()}"
        fresh.write_text(json.dumps(facts))
        fresh.replace(self.directory / "worker.json")

    def published(self) -> dict[str, Any] | None:
        """What the living worker said of itself; None where there is none."""
        if not self.worker_lives():
            return None
        try:
            facts = json.loads((self.directory / "worker.json").read_text())
        except (OSError, ValueError):
            return None
        return facts if isinstance(facts, dict) else None

    def fork_servers(self, worker: int) -> list[Any]:
        """What the worker of that pid says of its fork servers (notebook/execution/fork_server/board.py); nothing
        where a dead one said it."""
        try:
            notice = json.loads((self.directory / "forks" / "states.json").read_bytes())
            return list(notice["fork_servers"]) if notice["worker"] == worker else []
        except (OSError, ValueError, TypeError, KeyError):
            return []

    def complain(self, problem: str | None) -> None:
        """Why a worker could not start here; None: one has."""
        if problem is None:
            self._problem.unlink(missing_ok=True)
        else:
            self._problem.write_text(problem)

    def problem(self) -> str | None:
        try:
            return self._problem.read_text() or None
        except OSError:
            return None

    def listen(self, role: str) -> socket.socket:
        """A non-blocking datagram socket named after the role and this process (``worker``, ``server``)."""
        path = self.directory / f"{role}-{_short(own_identity())}.sock"
        if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
            raise OSError(f"{path} is too long for a socket; set XDG_RUNTIME_DIR to a shorter directory")
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        listener.setblocking(False)
        listener.bind(str(path))
        return listener

    def is_reachable(self, listener: socket.socket) -> bool:
        """Whether the socket's file is still there."""
        return os.path.exists(listener.getsockname())

    def leave(self, listener: socket.socket) -> None:
        path = listener.getsockname()
        listener.close()
        Path(path).unlink(missing_ok=True)

    def tell(self, role: str, message: bytes = WAKE) -> None:
        """Sends to every process of that role; one that is gone or has enough waiting is passed over."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            for path in self.directory.glob(f"{role}-*.sock"):
                with contextlib.suppress(OSError):
                    sender.sendto(message, str(path))

    def living(self, role: str) -> Iterator[int]:
        """The pids of the living processes of that role, this one included; sockets of dead ones are swept away."""
        here = own_identity()
        for path in self.directory.glob(f"{role}-*.sock"):
            pid, _, started = path.stem.removeprefix(f"{role}-").partition("-")
            if not (pid.isdecimal() and started.isdecimal()):
                continue  # none of ours
            if lives(Identity(here.host, here.boot_id, here.pid_namespace, int(pid), int(started))):
                yield int(pid)
            else:
                path.unlink(missing_ok=True)


def _short(identity: Identity) -> str:
    return f"{identity.pid}-{identity.started}"


def _base() -> Path:
    """``$XDG_RUNTIME_DIR`` where it is a directory of ours (XDG Base Directory specification), else the temporary
    directory; one that is too long for sockets is passed over."""
    user = os.getuid() if sys.platform != "win32" else os.environ.get("USERNAME", "user")
    of_mine, of_all = "notebook-sched", f"notebook-sched-{user}"
    for parent, name in ((os.environ.get("XDG_RUNTIME_DIR", ""), of_mine), (tempfile.gettempdir(), of_all)):
        if len(os.fsencode(parent)) <= LONGEST_PARENT and os.path.isdir(parent) and os.access(parent, os.W_OK):
            return Path(parent) / name
    return Path("/tmp") / of_all
