"""Starting the kernel of a run. Whoever starts it, the rest of the execution only sees a jupyter_client manager."""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from jupyter_client.kernelspec import NoSuchKernel
from jupyter_client.manager import AsyncKernelManager
from zmq import ZMQError

SHUTDOWN_GRACE = 2.0
__all__ = ["KernelRequest", "KernelStart", "NoSuchKernel", "OrdinaryStart", "end_politely", "kill_if_alive"]


@dataclass(frozen=True)
class KernelRequest:
    """``name``: the kernelspec. ``folder``: where the kernel starts. ``private``: a 0700 directory for its sockets."""

    name: str
    folder: Path
    private: Path
    environment: dict[str, str] = field(default_factory=dict)


class KernelStart(Protocol):
    """One way of starting kernels; a faster one (a fork server) offers the same."""

    async def start(self, request: KernelRequest) -> AsyncKernelManager:
        """A manager whose kernel process runs. NoSuchKernel where the kernelspec is missing; RuntimeError or OSError
        where it does not start."""
        ...


class OrdinaryStart:
    """As Jupyter itself starts a kernel: the kernelspec's command, through jupyter_client's provisioner."""

    async def start(self, request: KernelRequest) -> AsyncKernelManager:
        manager = manager_of(request)
        await manager.start_kernel(cwd=str(request.folder), env=environment_of(request))
        return manager


def manager_of(request: KernelRequest) -> AsyncKernelManager:
    """A manager that has not started its kernel yet. NoSuchKernel where the kernelspec is missing."""
    manager = AsyncKernelManager(kernel_name=request.name)
    # Sockets in a private directory: no race for ports, and nobody else on the machine can connect.
    manager.transport = "ipc"
    manager.ip = str(request.private / "kernel")
    manager.connection_file = str(request.private / "kernel.json")
    return manager


def environment_of(request: KernelRequest) -> dict[str, str]:
    """The worker's own environment without its secrets, which reach a notebook only as parameter values."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("NOTEBOOK_SCHED_SECRET_")}
    return inherited | request.environment


async def kill_if_alive(manager: AsyncKernelManager) -> None:
    if manager.provisioner is not None and await manager.is_alive():
        await manager.provisioner.kill()


async def end_politely(manager: AsyncKernelManager, pause: Callable[[float], Awaitable[None]]) -> None:
    """Asks the kernel to end, so that its exit handlers run, and kills it after SHUTDOWN_GRACE seconds."""
    if not manager.has_kernel:
        return
    until = time.monotonic() + SHUTDOWN_GRACE
    try:
        await manager.request_shutdown()
        while await manager.is_alive() and time.monotonic() < until:
            await pause(0.01)
    except ZMQError:
        pass  # nbclient closes the manager's sockets when the kernel does not come up
    finally:
        await kill_if_alive(manager)
        await manager.cleanup_resources()
