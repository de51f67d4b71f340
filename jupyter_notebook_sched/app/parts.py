"""What the extension is made of once it is at work. Imported late: it is most of the package."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from ..apart.working import Apart
from ..api.routes import ROUTES
from ..config import Settings
from ..events.metrics import Metrics
from ..events.relay import Relay
from ..service.context import Context
from .activity import Activity
from .adopting import Adopting
from .following_files import FollowingFiles
from .kernels import ServerKernels
from .threads import Threads
from .worker_keeper import WorkerKeeper

SERVICE_THREADS = 4
APART = 2
STOP_SECONDS = 0.2
STOP_TIMES = 5


class Parts:
    """Made without writing anything and without running anything. ``serverapp``: the Jupyter server."""

    def __init__(self, serverapp: Any, settings: Settings, log: Any, grace_seconds: float) -> None:
        self.log = log
        self.routes = ROUTES
        self.context = Context(settings, ServerKernels(serverapp.kernel_spec_manager))
        self.threads = Threads(SERVICE_THREADS, "notebook-sched")
        self.relay_thread = Threads(1, "notebook-sched-relay")
        self.apart = Apart(Threads(APART, "notebook-sched-apart"))
        self.worker = WorkerKeeper(settings, self.context.meeting, log, grace_seconds)
        self.activity = Activity(self.context, self.threads, serverapp.web_app.settings)
        self.adopting = Adopting(serverapp, self.context, self.threads, log)
        self._tasks: list[asyncio.Task[None]] = []

    def for_handlers(self) -> dict[str, Any]:
        """What the handlers look up in the server's settings."""
        return {
            "notebook_sched_context": self.context,
            "notebook_sched_threads": self.threads,
            "notebook_sched_apart": self.apart,
            "notebook_sched_adopting": self.adopting,
            "notebook_sched_worker": self.worker,
            "notebook_sched_routes": self.routes,
        }

    def start(self, logger: Any, emit: Callable[..., None]) -> None:
        """To be called in the server's loop. ``logger``: the server's events."""
        FollowingFiles(self.context, self.threads, self.log).listen_to(logger)
        metrics = Metrics(self.context.store)
        relay = Relay(self.context.store, self.context.meeting, self.relay_thread, emit, metrics.observe)
        works = (relay.run(), self.worker.keep(), self.activity.keep(), self.adopting.keep())
        self._tasks = [asyncio.create_task(work) for work in works]

    @property
    def at_work(self) -> bool:
        return bool(self._tasks)

    async def stop(self) -> None:
        """Leaves within moments: running notebooks go on in the worker, which drains when no server is left."""
        self.adopting.detach()
        try:
            await self._end_tasks()
            await self.worker.release()
        except Exception:  # it would keep the whole server alive
            self.log.exception("the scheduler's worker could not be released")
        finally:
            self.apart.close()
            self.threads.shutdown(wait=False)
            self.relay_thread.shutdown(wait=False)

    async def _end_tasks(self) -> None:
        """One that does not heed its cancellation, which others' code may lose, does not keep the server alive."""
        pending = set(self._tasks)
        for _ in range(STOP_TIMES):
            for task in pending:
                task.cancel()
            if pending:
                pending = (await asyncio.wait(pending, timeout=STOP_SECONDS))[1]
        for task in self._tasks:
            if task in pending:
                self.log.error("%s could not be stopped", task.get_coro())
            elif not task.cancelled() and (fault := task.exception()) is not None:
                self.log.error("%s has failed", task.get_coro(), exc_info=fault)
