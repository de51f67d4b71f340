"""A piece of work apart, as whoever asks for it sees it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from concurrent.futures import Executor
from typing import IO, Any

import msgspec

from ..domain.secrets import without_secrets
from ..errors import Invalid, SchedError
from .verdict import too_large, verdict_in

log = logging.getLogger(__name__)
LIMIT_SECONDS = 120.0
COMPLAINTS_READ = 20_000


class Work:
    """``request``: anything JSON. One process, once."""

    def __init__(self, task: str, request: Mapping[str, Any], seconds: float = LIMIT_SECONDS) -> None:
        self.task = task
        self._request = msgspec.json.encode(request) + b"\n"
        self._seconds = seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def carry_out(self) -> IO[bytes]:
        """Waits for it; the answer as an open file that has no name. What the task raised is raised here; Invalid where
        it took too long or too much memory."""
        answer = tempfile.TemporaryFile()  # noqa: SIM115 (the caller reads it)
        try:
            with tempfile.TemporaryFile() as complaints:
                in_time = self._run(answer, complaints)
                self._judge(in_time, complaints)
            answer.seek(0)
        except BaseException:
            answer.close()
            raise
        return answer

    def stop(self) -> None:
        """From another thread, when nobody waits for the answer any more."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.kill()

    def _run(self, answer: IO[bytes], complaints: IO[bytes]) -> bool:
        """Whether it ended in time."""
        with self._lock:
            if self._stopped:
                return True
            process = self._process = self._begun(answer, complaints)
        assert process.stdin is not None
        try:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(self._request)
                process.stdin.flush()
            process.wait(self._seconds)
            return True
        except subprocess.TimeoutExpired:
            return False
        finally:
            process.kill()
            process.wait()
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()

    def _begun(self, answer: IO[bytes], complaints: IO[bytes]) -> subprocess.Popen[bytes]:
        # "-m" puts the working directory on sys.path, where a workspace's own nbconvert.py must not be found.
        return subprocess.Popen(
            [sys.executable, "-m", __package__, self.task],
            stdin=subprocess.PIPE,
            stdout=answer,
            stderr=complaints,
            cwd=os.path.abspath(os.sep),
            env=without_secrets(os.environ),
            start_new_session=True,
        )

    def _judge(self, in_time: bool, complaints: IO[bytes]) -> None:
        if not in_time:
            message = f"this takes longer than {self._seconds:.0f} seconds; download the notebook and look at it there"
            raise Invalid(message, "takes_too_long")
        complaints.seek(max(0, complaints.seek(0, os.SEEK_END) - COMPLAINTS_READ))
        said = complaints.read()
        if (verdict := verdict_in(said)) is not None:
            if (error := verdict.error()) is not None:
                raise error
            return
        if not said.strip():  # ended from outside: memory is what there was too little of
            raise too_large()
        log.error("%s, apart: %s", self.task, said.decode(errors="replace"))
        raise SchedError("a fault of Notebook Sched itself; the server's log says more")


class Apart:
    """For a server: as many pieces of work at a time as there are ``threads``; others wait for their turn."""

    def __init__(self, threads: Executor) -> None:
        self._threads = threads
        self._at_work: set[Work] = set()

    async def run(self, task: str, request: Mapping[str, Any]) -> IO[bytes]:
        """As ``Work.carry_out``. Its process ends where this is cancelled."""
        work = Work(task, request)
        self._at_work.add(work)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work.carry_out)
        except asyncio.CancelledError:
            work.stop()
            raise
        finally:
            self._at_work.discard(work)

    def close(self) -> None:
        """Ends all of it, when the server ends."""
        for work in self._at_work:
            work.stop()
        self._threads.shutdown(wait=False)
