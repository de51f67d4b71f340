"""nbclient in processes that live on, as a service would use it: nothing but the kernel is started for a run."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..contender import AT_A_TIME
from ..group import Group, group
from .environment import python

LOOP = Path(__file__).with_name("nbclient_loop.py")


class Nbclient:
    """``processes``: one for each run at a time."""

    name = "nbclient, warm"

    def __init__(self, folder: Path, members: Group, places: int) -> None:
        self.folder = folder
        self.group = members
        environment = os.environ | {"IPYTHONDIR": str(folder / ".ipython"), "JUPYTER_DATA_DIR": str(folder)}
        command = [*members.within, str(python()), str(LOOP)]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self.processes = [subprocess.Popen(command, env=environment, text=True, **pipes) for _ in range(places)]
        self._free: queue.Queue[subprocess.Popen[str]] = queue.Queue()
        for process in self.processes:
            _answer(process)
            self._free.put(process)

    def run(self, notebook: str) -> float:
        return self.executed(notebook)[0]

    def executed(self, notebook: str) -> tuple[float, Path]:
        """Seconds, and the output notebook."""
        output = self.folder / f"{uuid.uuid4().hex}-{notebook}"
        process = self._free.get()
        try:
            started = time.perf_counter()
            assert process.stdin is not None
            process.stdin.write(json.dumps([str(self.folder / notebook), str(output)]) + "\n")
            process.stdin.flush()
            _answer(process)
            return time.perf_counter() - started, output
        finally:
            self._free.put(process)

    def close(self) -> None:
        for process in self.processes:
            process.communicate()


@contextlib.contextmanager
def nbclient(places: int = AT_A_TIME) -> Iterator[Nbclient]:
    with group() as members, tempfile.TemporaryDirectory(prefix="bench-") as folder:
        found = Nbclient(Path(folder), members, places)
        try:
            yield found
        finally:
            found.close()


def _answer(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "the nbclient process ended"
    assert (problem := json.loads(line)) is None, problem
