"""papermill as a process for each run, as its command line is used."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from ..group import Group, group
from .environment import python


class Papermill:
    name = "papermill"

    def __init__(self, folder: Path, members: Group) -> None:
        self.folder = folder
        self.group = members
        self._environment = os.environ | {"IPYTHONDIR": str(folder / ".ipython"), "JUPYTER_DATA_DIR": str(folder)}

    def run(self, notebook: str) -> float:
        output = self.folder / f"{uuid.uuid4().hex}-{notebook}"
        command = [str(python()), "-m", "papermill", "--no-progress-bar", notebook, str(output)]
        started = time.perf_counter()
        within = self.group.within
        subprocess.run([*within, *command], check=True, capture_output=True, cwd=self.folder, env=self._environment)
        return time.perf_counter() - started


@contextlib.contextmanager
def papermill() -> Iterator[Papermill]:
    with group() as members, tempfile.TemporaryDirectory(prefix="bench-") as folder:
        yield Papermill(Path(folder), members)
