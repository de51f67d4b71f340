"""The server extension."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from jupyter_server.extension.application import ExtensionApp
from traitlets import Integer, Unicode

from ..api.routes import ROUTES
from ..config import Settings
from ..events.relay import Relay
from ..events.schemas import SCHEMAS
from ..service.context import Context
from .kernels import ServerKernels
from .threads import Threads
from .worker_keeper import WorkerKeeper

SERVICE_THREADS = 4


class NotebookSched(ExtensionApp):
    """Schedules and parameterises notebooks."""

    name = "jupyter_notebook_sched"
    extension_url = "/lab"
    load_other_extensions = True

    state_dir = Unicode(
        "", help="Where the store and the archive live. Default: .notebook-sched in the server's root directory."
    ).tag(config=True)
    capacity = Integer(
        0, min=0, help="How many notebooks run at a time on this host. Default (0): one for each usable processor."
    ).tag(config=True)
    default_kernel = Unicode("python3", help="The kernel for notebooks that name none.").tag(config=True)

    def initialize_settings(self) -> None:
        """Builds the parts; nothing runs and nothing is written yet."""
        assert self.serverapp is not None
        workspace = Path(self.serverapp.root_dir).absolute()
        state_dir = Path(self.state_dir).absolute() if self.state_dir else None
        settings = Settings.of_workspace(
            workspace, state_dir, capacity=self.capacity, default_kernel=self.default_kernel
        )
        logger = self.serverapp.event_logger
        assert logger is not None
        for schema in SCHEMAS.values():
            logger.register_event_schema(schema)
        self._logger = logger
        self.context = Context(settings, ServerKernels(self.serverapp.kernel_spec_manager))
        self.threads = Threads(SERVICE_THREADS, "notebook-sched")
        self.relay_thread = Threads(1, "notebook-sched-relay")
        self.worker = WorkerKeeper(settings, self.context.meeting, self.log)
        self.settings.update(
            notebook_sched_context=self.context,
            notebook_sched_threads=self.threads,
            notebook_sched_worker=self.worker,
            notebook_sched_routes=ROUTES,
        )
        self._tasks: list[asyncio.Task[None]] = []

    def initialize_handlers(self) -> None:
        self.handlers.extend(ROUTES)

    async def _start_jupyter_server_extension(self, serverapp: Any) -> None:
        """Called when the server's loop runs."""
        relay = Relay(self.context.store, self.context.meeting, self.relay_thread, self._emit)
        self._tasks = [asyncio.create_task(relay.run()), asyncio.create_task(self.worker.keep())]

    async def stop_extension(self) -> None:
        """Leaves within moments: running notebooks go on in the worker, which drains when no server is left."""
        for task in self._tasks:
            task.cancel()
        try:
            await asyncio.gather(*self._tasks, return_exceptions=True)
            self.worker.release()
        except Exception:  # it would keep the whole server alive
            self.log.exception("the scheduler's worker could not be released")
        finally:
            self.threads.shutdown(wait=False)
            self.relay_thread.shutdown(wait=False)

    def _emit(self, schema_id: str, fields: dict[str, Any]) -> None:
        self._logger.emit(schema_id=schema_id, data=fields)
