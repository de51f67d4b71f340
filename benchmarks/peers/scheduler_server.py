"""jupyter-scheduler in a Jupyter server of its own, asked over REST. It has no queue: each job's process is started
within its request, so that it is asked for as many runs at a time as are to go on."""

from __future__ import annotations

import contextlib
import os
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.serving import TOKEN, Served

from ..asking import Asker
from ..group import Group, group
from .environment import python

LOOK_SECONDS = 0.005
ENDED = ("COMPLETED", "FAILED")  # a new job is STOPPED until its process has begun
PATIENCE_SECONDS = 300.0


class SchedulerServer:
    name = "jupyter-scheduler"

    def __init__(self, server: Served, folder: Path, database: Path, members: Group) -> None:
        self.server = server
        self.folder = folder
        self.group = members
        self._database = f"file:{database}?mode=ro"
        self._asker = Asker(server, "scheduler")
        self._asking = threading.Lock()
        self._environment = self._ask("runtime_environments")[0]["name"]

    def run(self, notebook: str) -> float:
        started = time.perf_counter()
        self.ended(self.start(notebook))
        return time.perf_counter() - started

    def start(self, notebook: str) -> str:
        asked = {"name": notebook, "input_uri": notebook, "output_formats": ["ipynb"]}
        return str(self._ask("jobs", asked | {"runtime_environment_name": self._environment})["job_id"])

    def ended(self, job_id: str) -> None:
        """Its database is looked at until then, as ours is: being asked costs its server too."""
        until = time.monotonic() + PATIENCE_SECONDS
        with contextlib.closing(sqlite3.connect(self._database, uri=True, timeout=30.0)) as database:
            while (state := _state(database, job_id)) not in ENDED:
                assert time.monotonic() < until, f"it did not end within {PATIENCE_SECONDS:g} s"
                time.sleep(LOOK_SECONDS)
        told = self._ask(f"jobs/{job_id}")
        assert state == told["status"] == "COMPLETED", told

    def _ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        with self._asking:
            return self._asker.ask(path, body)[1]


@contextlib.contextmanager
def scheduler() -> Iterator[SchedulerServer]:
    with group() as members, tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as place:
        workspace, home = Path(place) / "workspace", Path(place) / "home"
        workspace.mkdir()
        home.mkdir()
        with _serving(workspace, home, members) as server:
            yield SchedulerServer(server, workspace, home / "scheduler.sqlite", members)


@contextlib.contextmanager
def _serving(workspace: Path, home: Path, members: Group) -> Iterator[Served]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*members.within, str(python()), "-m", "jupyter", "server", "--no-browser", "--allow-root"]
    command += [f"--ServerApp.port={port}", f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={workspace}"]
    homes = {name: str(home) for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}
    log = home / "server.log"
    with open(log, "w") as opened:
        process = subprocess.Popen(command, cwd=home, env=os.environ | homes, stdout=opened, stderr=opened)
    server = Served(process, f"http://127.0.0.1:{port}", log)
    try:
        _wait_until_it_answers(server)
        yield server
    finally:
        if process.poll() is None:
            server.stop()


def _wait_until_it_answers(server: Served) -> None:
    until = time.monotonic() + 60
    while True:
        assert server.process.poll() is None, server.log.read_text()
        assert time.monotonic() < until, server.log.read_text()
        with contextlib.suppress(OSError):
            server.call("GET", "scheduler/runtime_environments")
            return
        time.sleep(0.05)


def _state(database: sqlite3.Connection, job_id: str) -> str:
    return str(database.execute("select status from jobs where job_id = ?", [job_id]).fetchone()[0])
