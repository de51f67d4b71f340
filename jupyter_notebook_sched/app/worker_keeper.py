"""Keeps one worker running for the workspace on this host as long as this server lives."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections import deque
from typing import Any

from .._version import __version__
from ..config import Settings
from ..host import container, own_secrets
from ..host.rendezvous import DRAIN, HAND_OVER, STAY, Rendezvous

LOOK_SECONDS = 0.5
STARTING_SECONDS = 20.0
DEATHS_A_MINUTE = 5
SLOW_RESTART_SECONDS = 10.0
GRACE_LOOK_SECONDS = 0.1


class WorkerKeeper:
    """``grace_seconds``: how long the end of the server may wait for the worker where that ends with it."""

    def __init__(self, settings: Settings, meeting: Rendezvous, log: Any, grace_seconds: float = 0.0) -> None:
        self.grace_seconds = grace_seconds
        self.ends_with_us = container.ends_with_us()
        self.settings = settings
        self.meeting = meeting
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._starts: deque[float] = deque(maxlen=DEATHS_A_MINUTE)

    @property
    def is_starting(self) -> bool:
        """Whether a worker was started a moment ago that has not spoken yet."""
        return bool(self._starts) and time.monotonic() - self._starts[-1] < STARTING_SECONDS and self._runs()

    async def keep(self) -> None:
        """Until cancelled: meets the worker that is there, or starts one; a drain in progress is called off."""
        while True:
            try:
                self._greet()
                if not self._runs() and not self.meeting.worker_lives() and self._may_start():
                    self._start()
            except Exception:  # tried again for as long as the server lives
                self.log.exception("the scheduler's worker cannot be started")
            await asyncio.sleep(LOOK_SECONDS)

    async def release(self) -> None:
        """This server stops: the last one on this host asks the worker to drain, unless it was started by hand. In a
        container the worker ends with the server, so there it is waited for, as long as the grace period allows."""
        facts = self.meeting.published()
        if facts is None or not facts.get("for_server") or any(True for _ in self.meeting.living("server")):
            return
        self.meeting.tell("worker", DRAIN)
        until = time.monotonic() + (self.grace_seconds if self.ends_with_us else 0.0)
        while time.monotonic() < until and self.meeting.worker_lives():
            await asyncio.sleep(GRACE_LOOK_SECONDS)

    def _greet(self) -> None:
        """At every look: the last server's word to drain may come after this one's first word to stay. A worker of
        another version is asked to leave its place to one of this version."""
        facts = self.meeting.published()
        if facts is None or not facts.get("for_server"):
            return
        if facts.get("version") != __version__:
            self.meeting.tell("worker", HAND_OVER)
            self.meeting.tell("worker", DRAIN)  # all that 0.1.0 understands
        elif facts.get("state") == "draining":
            self.meeting.tell("worker", STAY)

    def _start(self) -> None:
        command = [sys.executable, "-m", "jupyter_notebook_sched.worker", "--for-server"]
        command += self.settings.as_arguments()
        self._starts.append(time.monotonic())
        self.meeting.make()
        with open(self.meeting.log, "ab") as log:
            # The meeting place as cwd: "-m" puts it on sys.path, where a workspace's own modules must not be found.
            # A session of its own: neither Ctrl-C nor the end of this server reaches it.
            self._process = subprocess.Popen(
                command,
                cwd=self.meeting.directory,
                env=own_secrets.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.log.info("started the scheduler's worker, pid %s (log: %s)", self._process.pid, self.meeting.log)

    def _runs(self) -> bool:
        """Whether the worker that this server started lives; collects it when it does not."""
        return self._process is not None and self._process.poll() is None

    def _may_start(self) -> bool:
        """At once, but after many deaths in a minute only every SLOW_RESTART_SECONDS."""
        now = time.monotonic()
        often = len(self._starts) == DEATHS_A_MINUTE and now - self._starts[0] < 60
        return not often or now - self._starts[-1] > SLOW_RESTART_SECONDS
