"""A kept kernel in the hands of a jupyter_client kernel manager, which believes to have started it.

All private parts of jupyter_client that this rests on are here. Each is looked for before anything is changed, so that
a version that does otherwise is told, instead of half working.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Protocol

from .provisioner import KeptProvisioner, Process

PRIVATE_PARTS = ("_attempted_start", "_ready", "_launch_args", "_connect_control_socket")
PUBLIC_PARTS = ("provisioner", "kernel_name", "kernel_id", "kernel_spec", "cache_ports", "load_connection_file")


class Incompatible(Exception):
    """This version of jupyter_client (or jupyter_server) keeps its kernels otherwise; the text says which part."""


class Kept(Protocol):
    """``host.kept_kernels.KeptKernel``."""

    @property
    def connection_file(self) -> Path: ...
    @property
    def kernel_name(self) -> str: ...
    @property
    def working_folder(self) -> str: ...


def take_kept(
    manager: Any, kept: Kept, process: Process, kernel_id: str, environment: Mapping[str, str]
) -> KeptProvisioner:
    """Puts a kept kernel into a new ``jupyter_client`` manager (of any class), in its loop; its provisioner.

    ``environment``: that of the kernel where it is started again. Incompatible where that cannot be done; RuntimeError
    or OSError where the kernel's files cannot be read, NoSuchKernel where its kernelspec is gone. ``process`` is the
    manager's from then on, and is not closed where this raises.
    """
    missing = [name for name in (*PRIVATE_PARTS, *PUBLIC_PARTS) if not hasattr(manager, name)]
    if missing:
        raise Incompatible(f"{type(manager).__name__} has no {', '.join(missing)} any more")
    manager.kernel_name = kept.kernel_name
    manager.kernel_id = kernel_id
    spec = manager.kernel_spec
    manager.transport = "ipc"
    manager.cache_ports = False
    manager.connection_file = str(kept.connection_file)
    manager.load_connection_file()  # not written by this manager, which would remove it with itself
    provisioner = KeptProvisioner(kernel_id=kernel_id, kernel_spec=spec, parent=manager)
    provisioner.take(process, kept.working_folder)
    provisioner.connection_info = manager.get_connection_info()
    manager.provisioner = provisioner
    manager._launch_args = {"cwd": kept.working_folder, "env": dict(environment)}
    manager._attempted_start = True
    manager._ready = _done()
    if not (manager.has_kernel and manager.ready.done()):
        raise Incompatible(f"{type(manager).__name__} does not take a kernel that it has not started")
    manager._connect_control_socket()
    return provisioner


def _done() -> Any:
    ready: Any
    try:
        ready = asyncio.get_running_loop().create_future()
    except RuntimeError:
        ready = Future()
    ready.set_result(None)
    return ready
