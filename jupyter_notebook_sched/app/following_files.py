"""What Jupyter's contents service moves, jobs and history follow; what it removes or puts back is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

from ..service import moving
from ..service.context import Context

SCHEMA = "https://events.jupyter.org/jupyter_server/contents_service/v1"


class FollowingFiles:
    """Listens to the events of the contents service; the store is changed in a thread."""

    def __init__(self, context: Context, threads: Executor, log: Any) -> None:
        self.context = context
        self.threads = threads
        self.log = log
        self._turn = asyncio.Lock()  # in the order of the events: a second rename begins where the first one ended

    def listen_to(self, event_logger: Any) -> None:
        event_logger.add_listener(schema_id=SCHEMA, listener=self._heard)

    async def _heard(self, logger: Any, schema_id: str, data: dict[str, Any]) -> None:
        if data.get("action") == "rename":
            await self._call(moving.follow, data["source_path"], data["path"])
        elif data.get("action") in ("delete", "save", "upload"):
            await self._call(moving.look_again, data["path"])

    async def _call(self, use_case: Callable[..., None], *paths: str) -> None:
        try:
            async with self._turn:
                await asyncio.get_running_loop().run_in_executor(self.threads, use_case, self.context, *paths)
        except Exception:  # the file is changed already: nothing that happens here may look as if it were not
            self.log.exception("jobs and runs could not follow %s", paths[0])
