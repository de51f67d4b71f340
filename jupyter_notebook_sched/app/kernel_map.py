"""The kernels of a Jupyter server, with one among them that it has not started: the only place that touches what
jupyter_server keeps to itself. tests/app/test_private_parts.py says which part has changed when one has.

Written against jupyter_server 2.21 (``services/kernels/kernelmanager.py: MappingKernelManager``), where a kernel enters
in ``_async_start_kernel`` and ``_finish_kernel_start``, and leaves in ``_async_shutdown_kernel``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from ..notebook.kept.managing import Incompatible

PARTS = ("_kernels", "_kernel_connections", "_kernel_ports")
STEPS = (
    *("pre_start_kernel", "_finish_kernel_start", "start_watching_activity", "stop_watching_activity"),
    *("stop_buffering", "remove_kernel", "shutdown_kernel", "kernel_model", "initialize_culler"),
)
NEVER_CULLED = 10**8
"""Seconds."""


class KernelMap:
    """``kernel_manager``: the server's."""

    def __init__(self, kernel_manager: Any) -> None:
        self._all = kernel_manager

    def __contains__(self, kernel_id: str) -> bool:
        return kernel_id in self._all

    def check(self) -> None:
        """Incompatible where a kernel cannot be put here."""
        from jupyter_server.gateway.managers import GatewayMappingKernelManager
        from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

        if isinstance(self._all, GatewayMappingKernelManager):
            raise Incompatible("this server has its kernels on a gateway, which cannot take over another one")
        if not isinstance(self._all, AsyncMappingKernelManager):
            raise Incompatible(f"this server's kernel manager ({type(self._all).__name__}) takes over no kernels")
        missing = [name for name in PARTS if not isinstance(getattr(self._all, name, None), Mapping)]
        missing += [name for name in STEPS if not callable(getattr(self._all, name, None))]
        if missing:
            raise Incompatible(f"this version of jupyter_server has no {missing[0]}")

    def new_manager(self, kernel_id: str, kernel_name: str) -> Any:
        """A manager as this server has for its kernels, without one. Whatever its class raises."""
        manager, _, _ = self._all.pre_start_kernel(kernel_name, {"kernel_id": kernel_id})
        manager.kernel_id = kernel_id
        return manager

    def manager(self, kernel_id: str) -> Any:
        """None where there is no such kernel."""
        return self._all.get_kernel(kernel_id) if kernel_id in self._all else None

    async def put(self, kernel_id: str, manager: Any) -> None:
        """A manager with its kernel, which is idle, as if the server had started it."""
        manager.execution_state, manager.reason = "idle", ""
        manager.last_activity = datetime.now(timezone.utc)
        if not self._all.cull_connected:  # how long it is kept, when nobody is connected, is said elsewhere
            manager.kernel_spec.metadata = {**manager.kernel_spec.metadata, "cull_idle_timeout": NEVER_CULLED}
        self._all._kernels[kernel_id] = manager
        self._all._kernel_connections[kernel_id] = 0
        _running(manager.kernel_name).inc()
        await self._all._finish_kernel_start(kernel_id)
        if kernel_id not in self._all._kernel_ports:
            raise Incompatible("the server did not get ready for the kernel; its log says more")
        self._all.initialize_culler()

    def cull_as_others(self, manager: Any) -> None:
        """It is no kept kernel any more."""
        manager.kernel_spec.metadata = self._all.kernel_spec_manager.get_kernel_spec(manager.kernel_name).metadata

    def connections(self, kernel_id: str) -> int:
        """How many browsers and other clients are connected to it."""
        return int(self._all.kernel_model(kernel_id)["connections"])

    def take_out(self, kernel_id: str, manager: Any) -> None:
        """The server forgets the kernel, if it has it, and leaves it as it is."""
        manager.stop_restarter()
        if self.manager(kernel_id) is manager:
            self._all.stop_watching_activity(kernel_id)
            self._all.stop_buffering(kernel_id)
            self._all.remove_kernel(kernel_id)
            self._all._kernel_connections.pop(kernel_id, None)
            self._all._kernel_ports.pop(kernel_id, None)
            _running(manager.kernel_name).dec()
        manager._connection_file_written = False  # or it would be removed with the manager
        manager._close_control_socket()

    async def shut_down(self, kernel_id: str) -> None:
        """As JupyterLab's own button does."""
        await self._all.shutdown_kernel(kernel_id)


def _running(kernel_name: str) -> Any:
    from jupyter_server.prometheus.metrics import KERNEL_CURRENTLY_RUNNING_TOTAL

    return KERNEL_CURRENTLY_RUNNING_TOTAL.labels(type=kernel_name)
