"""The kernel of an attempt, handed over to a supervisor of its own: it is kept beyond this process, its worker, and
the fork server that it came from (notebook/execution/fork_server/served/kept.py)."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from ..domain.times import to_text, utc_now
from ..host import processes
from ..host.identity import start_time
from ..host.kept_kernels import CONNECTION_FILE, FACTS, SUPERVISOR, KeptKernels
from ..host.usage import parent_of
from ..notebook.execution.fork_server.forked_kernel import ForkedKernel
from ..notebook.execution.fork_server.servers import SCRIPT
from ..notebook.execution.kernels import KernelRequest


@dataclass
class HandedOver:
    """``run_id``'s kernel is kept for ``seconds``. ``listener``: where this very process has to go on as its
    supervisor, which it does in ``become_supervisor``."""

    run_id: str
    folder: Path
    kernel: int
    seconds: float
    listener: socket.socket | None = None

    def become_supervisor(self) -> NoReturn:
        """The kernel's parent stays its parent, as a small program that knows nothing of what this process knew."""
        assert self.listener is not None
        self.listener.set_inheritable(True)
        settings = {
            "folder": str(self.folder),
            "kernel": self.kernel,
            "seconds": self.seconds,
            "listener": self.listener.fileno(),
        }
        # Through a link of that name, so that there is no moment in which it is called otherwise.
        link = self.folder / SUPERVISOR
        link.symlink_to(sys.executable)
        command = [sys.executable, "-I", "-S", str(SCRIPT), "kept", json.dumps(settings)]
        os.execv(link, command)


async def hand_over(
    run_id: str, manager: Any, request: KernelRequest, seconds: float, kernels: KeptKernels
) -> HandedOver | None:
    """The kernel is found by the run's id from now on, wherever its supervisor is; None where it cannot be kept, and is
    still this process's own."""
    process = getattr(manager.provisioner, "process", None)
    if sys.platform != "linux" or not isinstance(process, (ForkedKernel, subprocess.Popen)):
        return None
    place = kernels.place(run_id)
    if place.exists() and not await asyncio.to_thread(kernels.end, run_id):
        shutil.rmtree(place, ignore_errors=True)  # nobody stands over it
    supervisor = parent_of(process.pid)
    try:
        place.parent.mkdir(mode=0o700, exist_ok=True)
        _write(request.private / CONNECTION_FILE, _connection(manager, place))
        _write(request.private / FACTS, _facts(run_id, request, process.pid, supervisor or 0))
        if isinstance(process, ForkedKernel):
            if not process.keep(request.private, place, seconds, 1):
                return None
            return HandedOver(run_id, place, process.pid, seconds)
        return HandedOver(run_id, place, process.pid, seconds, _take_place(request.private, place))
    except OSError:
        return None


def _take_place(folder: Path, place: Path) -> socket.socket:
    from ..notebook.execution.fork_server.served import kept

    listener = kept.take_place(str(folder), str(place))
    processes.name_process(SUPERVISOR)
    return listener


def _connection(manager: Any, place: Path) -> dict[str, Any]:
    """The kernel's sockets as they are called once their folder has been moved."""
    info = dict(manager.get_connection_info())
    known = {name: value.decode() if isinstance(value, bytes) else value for name, value in info.items()}
    return known | {"ip": str(place / Path(info["ip"]).name), "kernel_name": manager.kernel_name}


def _facts(run_id: str, request: KernelRequest, kernel: int, supervisor: int) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "kernel_name": request.name,
        "folder": str(request.folder),
        "environment": request.environment,
        "kernel": {"pid": kernel, "started": start_time(kernel)},
        "supervisor": {"pid": supervisor, "started": start_time(supervisor)},
        "kept_at": to_text(utc_now()),
    }


def _write(path: Path, content: dict[str, Any]) -> None:
    fresh = path.with_suffix(".new")
    with open(fresh, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        json.dump(content, file)
    fresh.replace(path)
