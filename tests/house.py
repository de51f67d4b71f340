"""A workspace to test in: real files, a real store, and a real worker process where one is wanted."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager

from jupyter_notebook_sched.app.kernels import ServerKernels
from jupyter_notebook_sched.config import Settings
from jupyter_notebook_sched.domain.job import JobAnswer
from jupyter_notebook_sched.domain.run import Run, RunDetail
from jupyter_notebook_sched.domain.states import ENDED
from jupyter_notebook_sched.domain.times import utc_now
from jupyter_notebook_sched.host.identity import Identity, own_identity
from jupyter_notebook_sched.service import jobs, runs, starting
from jupyter_notebook_sched.service.context import Context
from jupyter_notebook_sched.service.forms import CreateJob, CreateRun
from jupyter_notebook_sched.service.validating import form_of

from .written import write_notebook


class House:
    """``keep_kernel_seconds``: none by default, so that all that tests start ends with them."""

    def __init__(self, root: Path, keep_kernel_seconds: int = 0) -> None:
        self.root = root
        self.workspace = root / "work"
        self.workspace.mkdir()
        self.settings = Settings.of_workspace(self.workspace, capacity=2, keep_kernel_seconds=keep_kernel_seconds)
        self.context = Context(self.settings, ServerKernels(KernelSpecManager()), clock=self.clock)
        self.context.meeting.make()
        self.now: datetime | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    def clock(self) -> datetime:
        """The wall clock, unless the test has set ``now``."""
        return self.now or utc_now()

    def notebook(self, path: str, *cells: str | dict[str, Any], **more: Any) -> str:
        write_notebook(self.workspace / path, *cells, **more)
        return path

    def run(self, notebook: str, **fields: Any) -> Run:
        return starting.start(self.context, form_of(CreateRun, {"notebook": notebook, **fields})).run

    def job(self, notebook: str, cron: str | None = "0 7 * * *", **fields: Any) -> JobAnswer:
        trigger = None if cron is None else {"type": "cron", "cron": cron, "timezone": "UTC"}
        sent = {"name": "Daily", "notebook": notebook, "trigger": trigger} | fields
        return jobs.create(self.context, form_of(CreateJob, sent))

    def get(self, run_id: str) -> RunDetail:
        return runs.get(self.context, run_id)

    def ended(self, run_id: str, seconds: float = 60.0) -> RunDetail:
        """The run once it has ended."""
        until = time.monotonic() + seconds
        while (run := self.get(run_id)).state not in ENDED:
            assert time.monotonic() < until, f"run {run_id} did not end in {seconds} s: {run.state} {run.message}"
            time.sleep(0.02)
        return run

    def running(self, run_id: str, current: int, seconds: float = 30.0) -> RunDetail:
        """The run once the cell at that index runs."""
        until = time.monotonic() + seconds
        while (run := self.get(run_id)).progress.current != current:
            assert run.state not in ENDED, f"run {run_id} ended: {run.state} {run.reason} {run.message}"
            assert time.monotonic() < until, f"run {run_id} did not come so far in {seconds} s"
            time.sleep(0.02)
        return run

    def started(self, run_id: str, seconds: float = 30.0) -> RunDetail:
        """The run once a worker has claimed it."""
        until = time.monotonic() + seconds
        while (run := self.get(run_id)).state == "queued":
            assert time.monotonic() < until, f"run {run_id} did not start in {seconds} s: {run.reason} {run.message}"
            time.sleep(0.01)
        return run

    def output(self, run: Run) -> dict[str, Any]:
        """The output notebook of a run."""
        assert run.output is not None, f"no output: {run.state} {run.reason} {run.message}"
        parsed: dict[str, Any] = json.loads((self.context.archive.root / run.output).read_bytes())
        return parsed

    def start_worker(self, *options: str, capacity: int = 2) -> subprocess.Popen[bytes]:
        """A worker process of this workspace, once it listens."""
        command = [sys.executable, "-m", "jupyter_notebook_sched.worker", "--workspace", str(self.workspace)]
        command += ["--capacity", str(capacity)]
        command += ["--keep-kernel-seconds", str(self.settings.keep_kernel_seconds), *options]
        with open(self.root / "worker.out", "ab") as log:
            worker = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
        self.workers.append(worker)
        until = time.monotonic() + 20
        while (self.context.meeting.published() or {}).get("pid") != worker.pid:
            assert worker.poll() is None, (self.root / "worker.out").read_text()
            assert time.monotonic() < until, "the worker did not come up"
            time.sleep(0.01)
        return worker

    def identity_of_a_dead_process(self, pid: int) -> Identity:
        """As the store would name a worker of this host that had that pid."""
        return dataclasses.replace(own_identity(), pid=pid, started=1)

    def leave(self) -> None:
        """Ends the workers, politely and then at once."""
        for worker in self.workers:
            if worker.poll() is None:
                worker.send_signal(signal.SIGTERM)
        for worker in self.workers:
            with contextlib.suppress(subprocess.TimeoutExpired):
                worker.wait(10)
            if worker.poll() is None:
                os.kill(worker.pid, signal.SIGKILL)
                worker.wait()
        self.context.store.close()
