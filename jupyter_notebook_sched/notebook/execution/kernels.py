"""Starting the kernel of a run. Whoever starts it, the rest of the execution only sees a jupyter_client manager."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from jupyter_client.kernelspec import NoSuchKernel
from jupyter_client.manager import AsyncKernelManager

from ...domain.secrets import without_secrets

SHUTDOWN_GRACE = 2.0
__all__ = ["KernelRequest", "KernelStart", "NoSuchKernel", "OrdinaryStart"]


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
    if (spec := manager.kernel_spec) is not None:
        spec.env = without_secrets(spec.env)
    return manager


def environment_of(request: KernelRequest) -> dict[str, str]:
    """The worker's own environment without its secrets, which reach a notebook only as parameter values."""
    return without_secrets(os.environ) | request.environment


async def interrupt(manager: AsyncKernelManager, by_message: Callable[[], None]) -> None:
    """As the kernelspec wants it: a signal, or a message on its control channel."""
    if not await manager.is_alive():
        return
    if manager.kernel_spec is not None and manager.kernel_spec.interrupt_mode == "message":
        by_message()
    else:
        await manager.signal_kernel(signal.SIGINT)


async def kill_if_alive(manager: AsyncKernelManager) -> None:
    if manager.provisioner is not None and await manager.is_alive():
        await manager.provisioner.kill()


async def end(manager: AsyncKernelManager, gone: asyncio.Task[None], ask: Callable[[], None] | None) -> None:
    """Asks the kernel to end, so that its exit handlers run, and kills it SHUTDOWN_GRACE seconds later (at once where
    nobody can ``ask``). ``gone`` ends with its process."""
    try:
        if ask is not None and not gone.done():
            ask()
            await asyncio.wait((gone,), timeout=SHUTDOWN_GRACE)
        if not gone.done():
            await kill_if_alive(manager)
            await asyncio.wait((gone,), timeout=SHUTDOWN_GRACE)
    finally:
        gone.cancel()
        await manager.cleanup_resources()


def exit_code(manager: AsyncKernelManager | None) -> int | None:
    """As Popen gives it (negative: a signal); None while the process runs, or where there is none."""
    process = getattr(manager.provisioner, "process", None) if manager is not None else None
    return None if process is None else process.poll()


def how_it_ended(manager: AsyncKernelManager | None) -> str:
    """How a kernel's process that ended by itself did so, for a person."""
    code = exit_code(manager)
    if code is None:
        return "its process ended without an answer"
    if code >= 0:
        return f"its process ended without an answer (exit code {code})"
    if -code == signal.SIGKILL:
        return "its process was ended by SIGKILL: somebody killed it, or this machine ran out of memory"
    try:
        return f"its process was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"its process was ended by signal {-code}"
