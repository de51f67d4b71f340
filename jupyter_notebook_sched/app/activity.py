"""Runs that wait or run count as activity of the server, so that idle cullers wait for them."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from datetime import datetime, timezone
from typing import Any

from ..errors import SchedError
from ..service.context import Context
from ..store import counts

NAME = "jupyter_notebook_sched"
LOOK_SECONDS = 10.0


class Activity:
    """``now``: what goes on, as looked up every few seconds; ``settings`` are the server's, which tell it at
    ``/api/status``."""

    def __init__(self, context: Context, threads: Executor, settings: dict[str, Any]) -> None:
        self.context = context
        self.threads = threads
        self.settings = settings
        self.now: list[dict[str, Any]] = []

    async def keep(self) -> None:
        """Until cancelled."""
        while True:
            self.now = await asyncio.get_running_loop().run_in_executor(self.threads, self._look)
            if self.now:
                self.settings["last_activity_times"][NAME] = datetime.now(timezone.utc)
            await asyncio.sleep(LOOK_SECONDS)

    def _look(self) -> list[dict[str, Any]]:
        try:
            with self.context.store.read() as db:
                found = counts.by_state(db, "all")
        except (SchedError, OSError):  # told elsewhere
            return []
        return [{"state": state, "runs": found[state]} for state in ("queued", "running") if found[state]]
