"""The server extension."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from jupyter_server.extension.application import ExtensionApp
from traitlets import Enum, Float, Integer, Unicode

from ..api.routes import ROUTES
from ..config import CHOICES, OPTIONS, SHORTEST_LEASE, Settings
from ..events.metrics import Metrics
from ..events.relay import Relay
from ..events.schemas import SCHEMAS
from ..service.context import Context
from .activity import Activity
from .following_files import FollowingFiles
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
    capacity = Integer(Settings.capacity, min=0, help=OPTIONS["capacity"]).tag(config=True)
    default_kernel = Unicode(Settings.default_kernel, help=OPTIONS["default_kernel"]).tag(config=True)
    keep_days = Integer(Settings.keep_days, min=1, help=OPTIONS["keep_days"]).tag(config=True)
    keep_megabytes = Integer(Settings.keep_megabytes, min=1, help=OPTIONS["keep_megabytes"]).tag(config=True)
    disk_reserve_megabytes = Integer(
        Settings.disk_reserve_megabytes, min=0, help=OPTIONS["disk_reserve_megabytes"]
    ).tag(config=True)

    kernel_patience_seconds = Integer(
        Settings.kernel_patience_seconds, min=0, help=OPTIONS["kernel_patience_seconds"]
    ).tag(config=True)
    lease_seconds = Integer(Settings.lease_seconds, min=SHORTEST_LEASE, help=OPTIONS["lease_seconds"]).tag(config=True)
    network_filesystem = Enum(
        CHOICES["network_filesystem"], Settings.network_filesystem, help=OPTIONS["network_filesystem"]
    ).tag(config=True)
    memory_mb = Integer(Settings.memory_mb, min=0, help=OPTIONS["memory_mb"]).tag(config=True)
    cpu_seconds = Integer(Settings.cpu_seconds, min=0, help=OPTIONS["cpu_seconds"]).tag(config=True)
    nice = Integer(Settings.nice, min=0, max=19, help=OPTIONS["nice"]).tag(config=True)
    oom_score_adj = Integer(Settings.oom_score_adj, min=0, max=1000, help=OPTIONS["oom_score_adj"]).tag(config=True)
    executor = Unicode(Settings.executor, help=OPTIONS["executor"]).tag(config=True)
    fork_server = Enum(CHOICES["fork_server"], Settings.fork_server, help=OPTIONS["fork_server"]).tag(config=True)
    fork_server_preload = Unicode(Settings.fork_server_preload, help=OPTIONS["fork_server_preload"]).tag(config=True)
    fork_server_idle_seconds = Integer(
        Settings.fork_server_idle_seconds, min=1, help=OPTIONS["fork_server_idle_seconds"]
    ).tag(config=True)
    grace_seconds = Float(
        25.0,
        min=0.0,
        help="In a container, where the scheduler ends with the server: for how long the end of the server waits for "
        "running notebooks. Less than the container's own grace period (Kubernetes: 30 s).",
    ).tag(config=True)

    def initialize_settings(self) -> None:
        """Builds the parts; nothing runs and nothing is written yet."""
        assert self.serverapp is not None
        workspace = Path(self.serverapp.root_dir).absolute()
        state_dir = Path(self.state_dir).absolute() if self.state_dir else None
        chosen = {name: getattr(self, name) for name in OPTIONS}
        settings = Settings.of_workspace(workspace, state_dir, **chosen)
        logger = self.serverapp.event_logger
        assert logger is not None
        for schema in SCHEMAS.values():
            logger.register_event_schema(schema)
        self._logger = logger
        self.context = Context(settings, ServerKernels(self.serverapp.kernel_spec_manager))
        self.threads = Threads(SERVICE_THREADS, "notebook-sched")
        self.relay_thread = Threads(1, "notebook-sched-relay")
        self.worker = WorkerKeeper(settings, self.context.meeting, self.log, self.grace_seconds)
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
        FollowingFiles(self.context, self.threads, self.log).listen_to(self._logger)
        metrics = Metrics(self.context.store)
        relay = Relay(self.context.store, self.context.meeting, self.relay_thread, self._emit, metrics.observe)
        activity = Activity(self.context, self.threads, serverapp.web_app.settings)
        self._activity = activity
        self._tasks = [asyncio.create_task(task) for task in (relay.run(), self.worker.keep(), activity.keep())]

    async def stop_extension(self) -> None:
        """Leaves within moments: running notebooks go on in the worker, which drains when no server is left."""
        for task in self._tasks:
            task.cancel()
        try:
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self.worker.release()
        except Exception:  # it would keep the whole server alive
            self.log.exception("the scheduler's worker could not be released")
        finally:
            self.threads.shutdown(wait=False)
            self.relay_thread.shutdown(wait=False)

    def current_activity(self) -> list[dict[str, Any]]:
        """Runs that wait or run: what tells idle cullers that somebody is at work here."""
        return self._activity.now if self._tasks else []

    def _emit(self, schema_id: str, fields: dict[str, Any]) -> None:
        self._logger.emit(schema_id=schema_id, data=fields)
