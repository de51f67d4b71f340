"""A worker on another host, as far as one machine can have two: a PID namespace and a runtime directory of its own, so
that nobody else can look whether its processes live (unshare(1); without root, in a user namespace)."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from jupyter_notebook_sched.host import processes

from ..house import House
from ..living import wait_until

OWN_PIDS = ["unshare", "--fork", "--pid", "--mount-proc", "--kill-child"]
OWN_PIDS += [] if os.geteuid() == 0 else ["--map-root-user"]


class FarWorker:
    """``pid``: as it is seen here; it is the first process of its namespace."""

    def __init__(self, shell: subprocess.Popen[bytes], log: Path) -> None:
        self.shell = shell
        self.log = log
        wait_until(lambda: self._first() is not None, 20, "the first process of the namespace")
        self.pid = self._first() or 0

    def _first(self) -> int | None:
        return next(iter(processes.descendants(self.shell.pid)), None)

    def everybody(self) -> list[int]:
        return [self.pid, *processes.descendants(self.pid)]

    def signal_all(self, number: signal.Signals, first: Sequence[int] = (), ahead: float = 0.0) -> None:
        """To every process; to some of them so many seconds ahead of the others."""
        for pids, pause in ((first, ahead), (self.everybody(), 0.0)):
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            time.sleep(pause)


@contextlib.contextmanager
def far_worker(house: House, *options: str) -> Iterator[FarWorker]:
    """At work on the house's store, which it has registered in; gone with all its processes at the end."""
    runtime = tempfile.mkdtemp(prefix="nbsf", dir="/tmp")
    command = [*OWN_PIDS, sys.executable, "-m", "jupyter_notebook_sched.worker", "--workspace", str(house.workspace)]
    log = house.root / "far.out"
    with open(log, "ab") as opened:
        surroundings = os.environ | {"XDG_RUNTIME_DIR": runtime}
        shell = subprocess.Popen([*command, *options], env=surroundings, stdout=opened, stderr=opened)
    try:
        yield FarWorker(shell, log)
    finally:
        shell.kill()  # and its namespace with it
        shell.wait(20)
        shutil.rmtree(runtime, ignore_errors=True)
