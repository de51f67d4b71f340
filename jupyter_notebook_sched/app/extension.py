"""The server extension."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_server.extension.application import ExtensionApp
from tornado.web import Application
from traitlets import Enum, Float, Integer, Unicode

from ..config import CHOICES, OPTIONS, SHORTEST_LEASE, Settings
from ..events.schemas import SCHEMAS
from ..host import own_secrets
from .arriving import Arriving, Route

if TYPE_CHECKING:
    from .parts import Parts

QUIET_SECONDS = 0.25
"""After the server's start, before what nobody has asked for yet is imported."""


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
    keep_kernel_seconds = Integer(
        Settings.keep_kernel_seconds, min=0, max=31_536_000, help=OPTIONS["keep_kernel_seconds"]
    ).tag(config=True)
    kept_kernels = Integer(Settings.kept_kernels, min=0, help=OPTIONS["kept_kernels"]).tag(config=True)
    kept_memory_percent = Integer(
        Settings.kept_memory_percent, min=0, max=100, help=OPTIONS["kept_memory_percent"]
    ).tag(config=True)
    grace_seconds = Float(
        25.0,
        min=0.0,
        help="In a container, where the scheduler ends with the server: for how long the end of the server waits for "
        "running notebooks. Less than the container's own grace period (Kubernetes: 30 s).",
    ).tag(config=True)

    def initialize_settings(self) -> None:
        """Nothing runs, nothing is written and nearly nothing is imported yet."""
        own_secrets.take()
        assert self.serverapp is not None
        logger = self.serverapp.event_logger
        assert logger is not None
        for schema in SCHEMAS.values():
            logger.register_event_schema(schema)
        workspace = Path(self.serverapp.root_dir).absolute()
        state_dir = Path(self.state_dir).absolute() if self.state_dir else None
        chosen = {name: getattr(self, name) for name in OPTIONS}
        self._chosen = Settings.of_workspace(workspace, state_dir, **chosen)
        self._logger = logger
        self._coming: asyncio.Task[None] | None = None

    @cached_property
    def parts(self) -> Parts:
        """Made when first needed. To be asked for in the server's thread only."""
        from .parts import Parts

        assert self.serverapp is not None
        parts = Parts(self.serverapp, self._chosen, self.log, self.grace_seconds)
        self.serverapp.web_app.settings.update(parts.for_handlers())
        return parts

    def initialize_handlers(self) -> None:
        assert self.serverapp is not None
        web_app = self.serverapp.web_app
        base_url = web_app.settings["base_url"]
        arriving = Arriving(web_app, base_url, self._routes, name=self.name)
        # Tornado's own: Jupyter's looks at each handler's methods, and there are no handlers yet.
        Application.add_handlers(web_app, ".*$", [(rf"{base_url.rstrip('/')}/notebook-sched/.*", arriving)])

    def _routes(self) -> Sequence[Route]:
        return self.parts.routes

    async def _start_jupyter_server_extension(self, serverapp: Any) -> None:
        """Called when the server's loop runs, before its first request."""
        from .left_kernels import are_left

        if are_left(self._chosen):
            await self.parts.adopting.adopt_left()
        self._coming = asyncio.create_task(self._come())

    async def _come(self) -> None:
        await asyncio.sleep(QUIET_SECONDS)
        try:
            await asyncio.get_running_loop().run_in_executor(None, import_module, ".parts", __package__)
            self.start()
        except Exception:  # nobody waits for this task
            self.log.exception("Notebook Sched could not be started")

    def start(self) -> None:
        """What goes on without being asked for. To be called in the server's loop, once."""
        self.parts.start(self._logger, self._emit)

    async def stop_extension(self) -> None:
        """Leaves within moments: running notebooks go on in the worker, which drains when no server is left."""
        if self._coming is not None:
            self._coming.cancel()
            await asyncio.gather(self._coming, return_exceptions=True)
        if "parts" in self.__dict__:
            await self.parts.stop()

    def current_activity(self) -> list[dict[str, Any]]:
        """Runs that wait or run: what tells idle cullers that somebody is at work here."""
        return self.parts.activity.now if "parts" in self.__dict__ and self.parts.at_work else []

    def _emit(self, schema_id: str, fields: dict[str, Any]) -> None:
        self._logger.emit(schema_id=schema_id, data=fields)
