"""Adoption rests on what jupyter_server and jupyter_client keep to themselves. Where a test here fails, a new version
of theirs does it in another way: read what it names, mend app/kernel_map.py (or notebook/kept/), and say here what is
true now. The stories of test_adopting.py say whether it works."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest
from jupyter_client import manager
from jupyter_client.ioloop.restarter import AsyncIOLoopKernelRestarter
from jupyter_client.manager import KernelManager
from jupyter_client.multikernelmanager import MultiKernelManager
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager, MappingKernelManager
from jupyter_server.services.sessions.sessionmanager import SessionManager

from jupyter_notebook_sched.app.kernel_map import PARTS, STEPS, KernelMap
from jupyter_notebook_sched.notebook.kept.managing import Incompatible

# What each of those does, as far as it matters to a kernel that enters or leaves by another door.
RESTED_ON: dict[tuple[Any, str], tuple[str, ...]] = {
    (MultiKernelManager, "pre_start_kernel"): (
        'kernel_id = kwargs.pop("kernel_id"',
        "self.kernel_manager_factory(",
        "return km, kernel_name, kernel_id",
    ),
    (MultiKernelManager, "__contains__"): ("return kernel_id in self._kernels",),
    (MultiKernelManager, "get_kernel"): ("return self._kernels[kernel_id]",),
    (MultiKernelManager, "remove_kernel"): ("return self._kernels.pop(kernel_id, None)",),
    (MultiKernelManager, "_async_start_kernel"): ("self._add_kernel_when_ready(kernel_id, km, starter)",),
    (MultiKernelManager, "_add_kernel_when_ready"): (
        "self._kernels[kernel_id] = km",
        "self._pending_kernels.pop(kernel_id, None)",
    ),
    (MappingKernelManager, "_async_start_kernel"): (
        "self._kernel_connections[kernel_id] = 0",
        'kernel.execution_state = "starting"',
        'kernel.reason = ""',
        "kernel.last_activity = utcnow()",
        "self._finish_kernel_start(kernel_id)",
        "KERNEL_CURRENTLY_RUNNING_TOTAL.labels(type=self._kernels[kernel_id].kernel_name).inc()",
        "self.initialize_culler()",
    ),
    (MappingKernelManager, "_finish_kernel_start"): (
        "ready = km.ready",
        "self._kernel_ports[kernel_id] = km.ports",
        "self.start_watching_activity(kernel_id)",
        "self.add_restart_callback(",
        "self._handle_kernel_died(kernel_id)",
    ),
    (MappingKernelManager, "_async_shutdown_kernel"): (
        "KERNEL_CURRENTLY_RUNNING_TOTAL.labels(type=self._kernels[kernel_id].kernel_name).dec()",
        "self.stop_watching_activity(kernel_id)",
        "self.stop_buffering(kernel_id)",
        "self.pinned_superclass._async_shutdown_kernel(",
    ),
    (MappingKernelManager, "_remove_kernel_when_ready"): (
        "self._kernel_connections.pop(kernel_id, None)",
        "self._kernel_ports.pop(kernel_id, None)",
    ),
    (MappingKernelManager, "kernel_model"): ('"connections": self._kernel_connections.get(kernel_id, 0)',),
    (MappingKernelManager, "cull_kernel_if_idle"): (
        "kernel_spec_metadata = kernel.kernel_spec.metadata",
        'kernel_spec_metadata.get("cull_idle_timeout", self.cull_idle_timeout)',
    ),
    (ZMQChannelsWebsocketConnection, "connect"): ('self.kernel_id, self.on_restart_failed, "dead"',),
    (KernelManager, "_connect_control_socket"): ("if self._control_socket is None",),
    (KernelManager, "_close_control_socket"): ("self._control_socket.close()", "self._control_socket = None"),
    (KernelManager, "cleanup_connection_file"): (
        "if self._connection_file_written:",
        "os.remove(self.connection_file)",
    ),
    (KernelManager, "_async_pre_start_kernel"): ("self._launch_args = kw.copy()", "if self.provisioner is None:"),
    (KernelManager, "_async_restart_kernel"): (
        "if self._launch_args is None:",
        "_async_start_kernel(**self._launch_args)",
    ),
    (KernelManager, "_async_cleanup_resources"): (
        "self.cleanup_ipc_files()",
        "self._close_control_socket()",
        "self.provisioner.cleanup(restart=restart)",
    ),
    (manager, "in_pending_state"): ("if self._attempted_start or not self._ready:",),
    (AsyncIOLoopKernelRestarter, "poll"): ('self._fire_callbacks("dead")',),
    (SessionManager, "save_session"): ("INSERT INTO session VALUES",),
}
SIGNATURES = {
    (MultiKernelManager, "pre_start_kernel"): ["self", "kernel_name", "kwargs"],
    (MappingKernelManager, "_finish_kernel_start"): ["self", "kernel_id"],
    (MappingKernelManager, "stop_watching_activity"): ["self", "kernel_id"],
    (MappingKernelManager, "stop_buffering"): ["self", "kernel_id"],
    (SessionManager, "save_session"): ["self", "session_id", "path", "name", "type", "kernel_id"],
}
# Everything that a kernel's life leaves in the server: what a new version adds has to be thought about.
STATE = {"_kernels", "_kernel_connections", "_kernel_ports", "_kernel_buffers", "_pending_kernels"}
STATE |= {"_pending_kernel_tasks", "_culler_callback", "_initialized_culler", "_created_context"}


@pytest.mark.parametrize(("owner", "name"), RESTED_ON, ids=lambda part: getattr(part, "__name__", part))
def test_each_part_does_what_adoption_takes_it_for(owner: Any, name: str) -> None:
    source = re.sub(r"\s+", " ", inspect.getsource(getattr(owner, name)))
    for line in RESTED_ON[owner, name]:
        assert re.sub(r"\s+", " ", line) in source, f"{owner.__name__}.{name} does not say {line!r} any more"


@pytest.mark.parametrize(("owner", "name"), SIGNATURES, ids=lambda part: getattr(part, "__name__", part))
def test_each_step_is_called_as_before(owner: Any, name: str) -> None:
    assert list(inspect.signature(getattr(owner, name)).parameters) == SIGNATURES[owner, name]


def test_a_kernel_leaves_no_other_traces_in_the_server_than_those_that_adoption_makes() -> None:
    names = re.compile(r"self\.(_\w+)\b(?!\()")
    source = inspect.getsource(MappingKernelManager) + inspect.getsource(MultiKernelManager)
    found = {name for name in names.findall(source) if not callable(getattr(AsyncMappingKernelManager, name, None))}
    assert found - {"_kernel_info_future"} == STATE


async def test_a_server_as_it_is_today_passes_the_check(jp_serverapp: Any) -> None:
    KernelMap(jp_serverapp.kernel_manager).check()


@pytest.mark.parametrize("name", [*PARTS, *STEPS])
async def test_a_server_without_one_of_the_parts_is_refused_by_its_name(
    jp_serverapp: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    kernels = jp_serverapp.kernel_manager
    monkeypatch.setattr(type(kernels), name, None, raising=False)
    with pytest.raises(Incompatible, match=name):
        KernelMap(kernels).check()
