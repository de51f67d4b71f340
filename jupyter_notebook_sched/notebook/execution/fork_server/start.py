"""Starting kernels from fork servers, the ordinary way wherever that cannot be."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory

from ..kernels import KernelRequest, environment_of, manager_of
from .interpreter import Interpreter, is_ordinary_kernelspec
from .provisioner import NAME, ForkProvisioner

GROUP = KernelProvisionerFactory.GROUP_NAME
# After these another try with the server as it is would end in the same way.
NEEDS_A_SERVER = frozenset({"absent", "changed", "threads", "silent"})


class ForkStart:
    """``servers``: the folder in which fork servers listen. ``wanted`` is called with an interpreter for which there
    is none, or none any more, after the kernel has been started the ordinary way. ``terms``: see ForkProvisioner."""

    def __init__(
        self, servers: Path, wanted: Callable[[Interpreter], None], terms: dict[str, Any] | None = None
    ) -> None:
        self._servers = servers
        self._wanted = wanted
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
        refused = provisioner.refused if isinstance(provisioner, ForkProvisioner) else None
        if refused is not None and refused.reason in NEEDS_A_SERVER:
            self._wanted(provisioner.interpreter)
        return manager


def warm_up() -> None:
    """Reads the entry points of this environment, once for all forks of this process: it costs some 20 ms. Our own is
    there even where the installed metadata are older than the code."""
    known = KernelProvisionerFactory.instance().provisioners
    known.setdefault(NAME, EntryPoint(NAME, f"{ForkProvisioner.__module__}:{ForkProvisioner.__name__}", GROUP))
