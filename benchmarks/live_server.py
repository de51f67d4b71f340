"""A real Jupyter server on a scratch workspace, and a client for it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TRIVIAL = ["import math", "x = 2", "y = math.sqrt(x)", "print(y)", "[y] * 3"]
ENDED = ("succeeded", "failed", "cancelled", "skipped")


@dataclass
class LiveServer:
    base: str
    workspace: Path
    pid: int

    def call(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.base}/{path}", data, {"Authorization": "token bench"}, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")

    def run(self, notebook: str) -> dict[str, Any]:
        """Runs a notebook now and waits for its end."""
        run = self.call("POST", "notebook-sched/runs", {"notebook": notebook})
        while run["state"] not in ENDED:
            time.sleep(0.005)
            run = self.call("GET", f"notebook-sched/runs/{run['id']}")
        return run  # type: ignore[no-any-return]

    def worker_pid(self) -> int:
        return int(self.call("GET", "notebook-sched/status")["worker"]["pid"])


def write_notebook(path: Path, sources: list[str]) -> None:
    cells = [
        {"cell_type": "code", "id": f"c{i}", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
        for i, source in enumerate(sources)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path.write_text(
        json.dumps({"nbformat": 4, "nbformat_minor": 5, "cells": cells, "metadata": {"kernelspec": kernel}})
    )


@contextlib.contextmanager
def live_server() -> Iterator[LiveServer]:
    """Up with its worker running; down, and its workspace gone, at the end."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        workspace = Path(folder) / "workspace"
        workspace.mkdir()
        command = [sys.executable, "-m", "jupyter", "server", "--no-browser", "--allow-root"]
        command += [f"--ServerApp.port={port}", "--IdentityProvider.token=bench", f"--ServerApp.root_dir={workspace}"]
        with open(Path(folder) / "server.log", "w") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | {"HOME": folder})
        try:
            yield _when_ready(LiveServer(f"http://127.0.0.1:{port}", workspace, process.pid))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def _when_ready(server: LiveServer) -> LiveServer:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(OSError, KeyError):
            if server.call("GET", "notebook-sched/status")["worker"]["state"] == "running":
                return server
        time.sleep(0.05)
    raise TimeoutError("the server did not become ready in a minute")
