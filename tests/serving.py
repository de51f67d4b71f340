"""A real Jupyter server process on a workspace, and a client for it; browser tests and benchmarks use it too."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

TOKEN = "test"
ENDED = ("succeeded", "failed", "cancelled", "skipped")


class Served:
    """One server process. ``call`` takes a path below the server's base and gives the JSON of the answer."""

    def __init__(self, process: subprocess.Popen[bytes], base: str, log: Path) -> None:
        self.process = process
        self.base = base
        self.log = log

    def call(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"token {TOKEN}"}
        request = urllib.request.Request(f"{self.base}/{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")

    def worker(self) -> dict[str, Any]:
        found: dict[str, Any] = self.call("GET", "notebook-sched/status")["worker"]
        return found

    def start(self, notebook: str, **fields: Any) -> str:
        """The id of a new run."""
        return str(self.call("POST", "notebook-sched/runs", {"notebook": notebook, **fields})["id"])

    def run(self, run_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.call("GET", f"notebook-sched/runs/{run_id}")
        return found

    def ended(self, run_id: str, seconds: float = 60.0, pause: float = 0.005) -> dict[str, Any]:
        """The run once it has ended."""
        until = time.monotonic() + seconds
        while (run := self.run(run_id))["state"] not in ENDED:
            assert time.monotonic() < until, f"run {run_id} did not end in {seconds} s: {run}"
            time.sleep(pause)
        return run

    def end_kernels(self) -> None:
        """Those that notebooks are on, and those that are kept for nobody yet."""
        for kernel in self.call("GET", "api/kernels"):
            self.call("DELETE", f"api/kernels/{kernel['id']}")
        for run in self.call("GET", "notebook-sched/runs?limit=200")["runs"]:
            if run["kernel_alive_until"]:
                with contextlib.suppress(urllib.error.HTTPError):  # it has ended meanwhile
                    self.call("POST", f"notebook-sched/runs/{run['id']}/kernel", {"keep_seconds": 0})

    def stop(self, how: signal.Signals = signal.SIGTERM, patience: float = 20.0) -> float:
        """Ends the server; how many seconds it took."""
        started = time.monotonic()
        self.process.send_signal(how)
        self.process.wait(patience)
        return time.monotonic() - started


@contextlib.contextmanager
def serving(
    workspace: Path,
    scratch: Path,
    *options: str,
    app: str = "server",
    port: int = 0,
    within: Sequence[str] = (),
    ready: Callable[[Served], bool] = lambda server: server.worker()["state"] == "running",
    **environment: str,
) -> Iterator[Served]:
    """A server of that workspace (``app``: server or lab), ready to answer; ended when the block is left.

    ``scratch`` takes its log and stands in for the person's home. ``port``: 0 for any that is free. ``within``: a
    command that it is run by. ``ready``: whether it is up; OSError: not yet.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    port = port or _free_port()
    command = [sys.executable, "-m", "jupyter", app, "--no-browser", "--allow-root", "--ServerApp.port_retries=0"]
    command += [f"--ServerApp.port={port}", f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={workspace}"]
    if not any("keep_kernel_seconds" in option for option in options):
        command.append("--NotebookSched.keep_kernel_seconds=0")  # nothing outlives the tests
    homes = {name: str(scratch) for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}
    log = scratch / f"server-{port}.log"
    with open(log, "a") as opened:
        surroundings = os.environ | homes | environment
        process = subprocess.Popen(
            [*within, *command, *options], cwd=scratch, env=surroundings, stdout=opened, stderr=opened
        )
    server = Served(process, f"http://127.0.0.1:{port}", log)
    try:
        _wait_until_ready(server, ready)
        yield server
    finally:
        if process.poll() is None:
            server.stop()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_until_ready(server: Served, ready: Callable[[Served], bool]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert server.process.poll() is None, server.log.read_text()
        with contextlib.suppress(OSError):
            if ready(server):
                return
        time.sleep(0.05)
    raise TimeoutError(server.log.read_text())
