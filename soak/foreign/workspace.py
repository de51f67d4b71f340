"""This side: a workspace with a real worker, which forks the kernels of another environment."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from jupyter_notebook_sched.domain.run import RunDetail
from jupyter_notebook_sched.service.status import ForkServerStatus, status
from tests.house import House
from tests.living import wait_until
from tests.written import write_notebook

from .comparing import Executed, seen_in

WARM_SECONDS = 60.0
SECONDS = 180.0


class Workspace:
    """``root``: an empty folder for all of it."""

    def __init__(self, root: Path, kernel: str) -> None:
        self.house = House(root)
        self._kernel = kernel
        self._runs: dict[Path, str] = {}

    @property
    def folder(self) -> Path:
        return self.house.workspace

    def begin(self) -> None:
        """A worker, and its fork server for that kernel warm."""
        self.house.start_worker()
        write_notebook(self.folder / "warm.ipynb", "1")
        self.house.ended(self.house.run("warm.ipynb", kernel=self._kernel).id)
        wait_until(lambda: self.fork_server().state == "ready", WARM_SECONDS, "the fork server is ready")

    def fork_server(self) -> ForkServerStatus:
        (server,) = status(self.house.context).worker.fork_servers
        return server

    def counted(self, kernels: int) -> ForkServerStatus:
        """Once it tells of so many kernels: it does a moment later."""
        wait_until(lambda: self.fork_server().forked + self.fork_server().refused >= kernels, WARM_SECONDS)
        return self.fork_server()

    def start(self, notebook: Path) -> None:
        """``notebook``: relative to the workspace."""
        self._runs[notebook] = self.house.run(notebook.as_posix(), kernel=self._kernel, timeout_seconds=SECONDS).id

    def ended(self, notebook: Path) -> Executed:
        run = self.house.ended(self._runs[notebook], 10 * SECONDS)
        return seen_in(self.house.output(run), _failed(run, self.house.output(run)))

    def leave(self) -> None:
        self.house.leave()


def place(notebook: Path, sources: Path, root: Path) -> Path:
    """The notebook in a fresh copy of all that is in its folder; each has one of its own, below ``root``."""
    folder = root / "-".join(notebook.with_suffix("").parts[-4:]).replace(" ", "-")
    shutil.copytree(sources / notebook.parent, folder)
    return folder / notebook.name


def _failed(run: RunDetail, output: dict[str, Any]) -> tuple[int, str] | None:
    if run.state == "succeeded":
        return None
    code = [index for index, cell in enumerate(output["cells"]) if cell["cell_type"] == "code"]
    if run.reason == "cell_error" and run.error is not None:
        return code.index(run.error.cell_index), run.error.name
    cut = next((cell.index for cell in run.cells if cell.outcome == "failed"), -1)
    return (code.index(cut) if cut in code else -1), (run.reason or "").replace("_", " ")
