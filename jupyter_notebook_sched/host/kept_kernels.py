"""The kernels of failed runs that are kept on this host: a folder each in the meeting place, with the kernel's
connection file and sockets, what there is to know of it, and the socket of the supervisor that stands over it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .identity import start_time
from .kept_process import KeptProcess, NoAnswer

FOLDER = "kept"
SUPERVISOR = "nbsched-kept"  # how its supervisor is named; served/kept.py, which runs elsewhere, says the same
SOCKET = "c"
FACTS = "facts.json"
CONNECTION_FILE = "kernel.json"
END_SECONDS = 6.0
YOUNG_SECONDS = 60.0


@dataclass(frozen=True)
class KeptKernel:
    """``folder``: of its connection file (``kernel.json``) and sockets. ``working_folder``: where it was started, with
    ``environment`` beside the worker's. ``pid``: the kernel's; ``supervisor``: of its parent, with all that it started
    below it. ``held``: its time stands still, because somebody is connected."""

    run_id: str
    folder: Path
    kernel_name: str
    working_folder: str
    environment: dict[str, str]
    pid: int
    supervisor: int
    kept_at: str
    seconds_left: float
    held: bool

    @property
    def connection_file(self) -> Path:
        return self.folder / CONNECTION_FILE

    def connect(self) -> KeptProcess:
        """The kernel's process. NoAnswer where it has ended meanwhile."""
        return KeptProcess(self.folder / SOCKET)


class KeptKernels:
    """``meeting``: the meeting directory of the workspace on this host (``Rendezvous.directory``). What is asked of it
    takes a moment: not for an event loop."""

    def __init__(self, meeting: Path) -> None:
        self.folder = meeting / FOLDER

    def place(self, run_id: str) -> Path:
        """The folder of a run's kernel, whether there is one or not."""
        return self.folder / run_id[-12:]

    def of_run(self, run_id: str) -> KeptKernel | None:
        """None where none is kept, or its supervisor does not live: what that left is cleared away."""
        found = _look(self.place(run_id))
        return found if found is not None and found.run_id == run_id else None

    def at(self, folder: Path) -> KeptKernel | None:
        """The one in that folder; None where none is kept there."""
        return _look(folder)

    def all(self) -> list[KeptKernel]:
        """The longest kept first."""
        try:
            folders = sorted(self.folder.iterdir())
        except OSError:
            return []
        found = [_look(folder) for folder in folders if not folder.is_symlink() or _leads_nowhere(folder)]
        return sorted((kernel for kernel in found if kernel is not None), key=lambda kernel: kernel.kept_at)

    def keep(self, run_id: str, seconds: float) -> float | None:
        """Keeps it for so many seconds from now on; how many there are. None where there is none."""
        with contextlib.suppress(NoAnswer), contextlib.closing(self._process(run_id)) as process:
            return process.keep(seconds)
        return None

    def end(self, run_id: str, patience: float = END_SECONDS) -> bool:
        """Ends it; waits so many seconds until nothing of it is left. False where there was none."""
        with contextlib.suppress(NoAnswer), contextlib.closing(self._process(run_id)) as process:
            process.end()
            process.wait_until_gone(patience)
            return True
        return False

    def end_unless_held(self, run_id: str) -> bool:
        """Ends it where nobody holds it. False where somebody does, or where there was none."""
        with contextlib.suppress(NoAnswer), contextlib.closing(self._process(run_id)) as process:
            return process.end_unless_held() and process.wait_until_gone(END_SECONDS)
        return False

    def _process(self, run_id: str) -> KeptProcess:
        found = self.of_run(run_id)
        if found is None:
            raise NoAnswer("no kernel is kept of this run")
        return found.connect()


def _look(folder: Path) -> KeptKernel | None:
    try:
        with contextlib.closing(KeptProcess(folder / SOCKET)) as process:
            facts = json.loads((folder / FACTS).read_bytes())
            return KeptKernel(
                str(facts["run_id"]),
                folder.resolve(),
                str(facts["kernel_name"]),
                str(facts["folder"]),
                dict(facts["environment"]),
                process.pid,
                int(facts["supervisor"]["pid"]),
                str(facts["kept_at"]),
                process.seconds_left,
                process.held,
            )
    except (OSError, ValueError, KeyError, TypeError):
        _clear(folder)
        return None


def _leads_nowhere(link: Path) -> bool:
    """Removes it then."""
    if not link.exists():
        with contextlib.suppress(OSError):
            link.unlink()
    return False


def _clear(folder: Path) -> None:
    """What a supervisor left that was killed, its kernel included. A folder without facts is of a kernel that was
    started again, by a server: that is its own."""
    if folder.is_symlink() or _accepts(folder / SOCKET):
        return
    try:
        facts: Any = json.loads((folder / FACTS).read_bytes())
        kernel = facts["kernel"]
        if _is(kernel):
            os.killpg(kernel["pid"], signal.SIGKILL) if sys.platform != "win32" else None
    except FileNotFoundError:
        with contextlib.suppress(OSError):
            is_young = time.time() - folder.stat().st_mtime < YOUNG_SECONDS
            if is_young or any(_accepts(path) for path in folder.iterdir()):
                return
    except (OSError, ValueError, KeyError, TypeError):
        pass
    shutil.rmtree(folder, ignore_errors=True)


def _is(process: dict[str, Any]) -> bool:
    """Whether that very process lives, and not another of its pid."""
    return bool(process["started"]) and start_time(int(process["pid"])) == process["started"]


def _accepts(path: Path) -> bool:
    """Whether somebody listens there."""
    if sys.platform == "win32" or not path.is_socket():
        return False
    with socket.socket(socket.AF_UNIX) as looking:
        looking.settimeout(0.5)
        try:
            looking.connect(str(path))
        except OSError:
            return False
        return True
