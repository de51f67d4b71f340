"""Two workspaces, each with a living worker: in one all kernels for Python are forked, in the other none is."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import nbformat
import pytest

from jupyter_notebook_sched.archive import writing
from jupyter_notebook_sched.domain.run import Run, RunDetail
from jupyter_notebook_sched.domain.states import ENDED
from jupyter_notebook_sched.host import processes
from jupyter_notebook_sched.host.rendezvous import PRIVATE
from jupyter_notebook_sched.notebook.execution.fork_server.served.message import KEEPER
from jupyter_notebook_sched.service import runs

from ..house import House
from ..living import lives, wait_until

Kind = Literal["forked", "ordinary"]
KINDS: tuple[Kind, ...] = ("forked", "ordinary")
# A kernel's parent: a keeper where it was forked, its runner where it was started.
WHO = "import os; print(open(f'/proc/{os.getppid()}/comm').read(), end='')"
OURS = ("nbsched-forks", "nbsched-kernels", "nbsched-idle")
"""What may live below a worker while nothing runs: its runner server, its fork servers, runners that wait for work."""


class KindHouse(House):
    """``kind``: how the kernels of its runs come to be."""

    def __init__(self, root: Path, kind: Kind, keep_kernel_seconds: int = 0) -> None:
        super().__init__(root, keep_kernel_seconds)
        self.kind = kind
        self._made = 0
        self._begun: list[str] = []
        self._abandoned: set[Path] = set()
        self.start()

    def start(self) -> None:
        """A worker, and where kernels are forked its fork server."""
        # ipykernel leaves what C code and child processes print alone where it finds this variable.
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("PYTEST_CURRENT_TEST", raising=False)
            self.start_worker(f"--fork-server={'auto' if self.kind == 'forked' else 'off'}", capacity=6)
        self.warm_up()

    def warm_up(self) -> None:
        if self.kind == "forked":
            wait_until(lambda: self._parent_of_kernel(self.ran(WHO, proven=False)) == KEEPER, 60, "a warm fork server")

    @property
    def worker(self) -> int:
        return self.workers[-1].pid

    def begin(self, *cells: str | dict[str, Any], **fields: Any) -> Run:
        """Starts a run of these cells after one that tells what its kernel is; in a folder of its own."""
        self._made += 1
        run = self.run(self.notebook(f"{self._made}/run.ipynb", WHO, *cells), **fields)
        self._begun.append(run.id)
        return run

    def folder(self, run: Run) -> Path:
        return (self.workspace / run.notebook).parent

    def ran(self, *cells: str | dict[str, Any], proven: bool = True, scratch: bool = True, **fields: Any) -> RunDetail:
        """A run of these cells that has ended, with all that must hold of any end."""
        run = self.ended(self.begin(*cells, **fields).id)
        if proven:
            self.prove_kind(run)
            self.prove_end(run)
        return run

    def prove_kind(self, run: RunDetail) -> None:
        assert (self._parent_of_kernel(run) == KEEPER) == (self.kind == "forked")

    def prove_end(self, *ended: RunDetail, scratch: bool = True) -> None:
        """No process of any run is left, no scratch directory; their outputs are whole, valid, immutable, as recorded.
        Nothing else may run meanwhile. ``scratch``: False where its runner was killed."""
        until = time.monotonic() + 1
        while left := self.left():
            assert time.monotonic() < until, f"left behind: {left}"
            time.sleep(0.01)
        found = set(self.context.meeting.directory.glob(f"{PRIVATE}*"))
        assert not scratch or found <= self._abandoned
        self._abandoned |= found
        for run in ended:
            self._prove_output(run)

    def _prove_output(self, run: RunDetail) -> None:
        assert run.output is not None
        file = self.context.archive.root / run.output
        assert file.stat().st_mode & 0o777 == writing.READ_ONLY
        assert hashlib.sha256(file.read_bytes()).hexdigest() == run.output_sha256
        assert {path.name for path in file.parent.iterdir()} <= {file.name, "runner.log"}
        output = self.output(run)
        nbformat.validate(nbformat.from_dict(output))
        facts = output["metadata"]["notebook_sched"]
        if run.reason == "lost":  # whoever wrote it could not know
            assert facts["state"] == "running"
        else:
            assert (facts["state"], facts["reason"], facts["message"]) == (run.state, run.reason, run.message)
            assert [cell["outcome"] for cell in facts["cells"]] == [cell.outcome for cell in run.cells]

    def stop_all(self) -> None:
        """What a test that failed has left running must not keep others waiting."""
        for run_id in self._begun:
            if self.get(run_id).state not in ENDED:
                runs.cancel(self.context, run_id)
        for run_id in self._begun:
            self.ended(run_id)
        self._begun.clear()

    def left(self) -> list[str]:
        """Processes below the worker that are not its own, by name: daemons come to a subreaper below it."""
        found = []
        for pid in processes.descendants(self.worker):
            name = name_of(pid)
            if name not in OURS and lives(pid):
                found.append(f"{pid} {name}")
        return found

    def _parent_of_kernel(self, run: RunDetail) -> str:
        return printed(self.output(run), 0).strip()


def name_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def outcomes(run: RunDetail) -> list[str]:
    """Of its code cells, the one that tells what the kernel is left out."""
    return [cell.outcome for cell in run.cells][1:]


def printed(notebook: dict[str, Any], *cells: int) -> str:
    """What these cells (all, where none is named) have written to stdout. IPython may complain on stderr where many
    kernels write their history at once."""
    chosen = [notebook["cells"][index] for index in cells] or notebook["cells"][1:]
    outputs = [output for cell in chosen for output in cell.get("outputs", [])]
    return "".join("".join(output["text"]) for output in outputs if output.get("name") == "stdout")


def plain(value: Any, replaced: Sequence[tuple[str, str]] = ()) -> Any:
    """Without what differs from one process to the next: addresses, process ids, temporary files."""
    if isinstance(value, dict):
        return {key: plain(item, replaced) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item, replaced) for item in value]
    if not isinstance(value, str):
        return value
    for before, after in replaced:
        value = value.replace(before, after)
    return re.sub(r"0x[0-9a-f]{6,}", "0x", re.sub(r"/tmp/ipykernel_\d+/\d+\.py", "<cell>", value))


def environment_of_a_person() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
