"""Starting kernels from fork servers, the ordinary way wherever that cannot be."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory

from ..kernels import KernelRequest, environment_of, manager_of
from .forked_kernel import Refused
from .interpreter import Interpreter, is_ordinary_kernelspec
from .provisioner import NAME, ForkProvisioner
from .started import Started

GROUP = KernelProvisionerFactory.GROUP_NAME


class ForkStart:
    """``servers``: the folder in which fork servers listen. ``told`` is called after each start of a kernel that could
    have been forked, with how it was started. ``terms``: see ForkProvisioner."""

    def __init__(self, servers: Path, told: Callable[[Started], None], terms: dict[str, Any] | None = None) -> None:
        self._servers = servers
        self._told = told
        self._terms = terms or {}

    async def start(self, request: KernelRequest) -> AsyncKernelManager:
        manager = manager_of(request)
        spec: Any = manager.kernel_spec
        if is_ordinary_kernelspec(spec):
            warm_up()
            config = {"servers": str(self._servers), "terms": self._terms}
            spec.metadata = spec.metadata | {"kernel_provisioner": {"provisioner_name": NAME, "config": config}}
        await manager.start_kernel(cwd=str(request.folder), env=environment_of(request))
        provisioner: Any = manager.provisioner
        if isinstance(provisioner, ForkProvisioner) and (provisioner.forked or provisioner.refused):
            assert provisioner.interpreter is not None
            self._told(_started(provisioner.interpreter, provisioner.refused))
        return manager


def _started(interpreter: Interpreter, refused: Refused | None) -> Started:
    if refused is None:
        return Started(interpreter)
    return Started(interpreter, refused.reason, str(refused).removeprefix(f"{refused.reason}: "))


def warm_up() -> None:
    """Reads the entry points of this environment, once for all forks of this process: it costs some 20 ms. Our own is
    there even where the installed metadata are older than the code."""
    known = KernelProvisionerFactory.instance().provisioners
    known.setdefault(NAME, EntryPoint(NAME, f"{ForkProvisioner.__module__}:{ForkProvisioner.__name__}", GROUP))
