"""A jupyter_client provisioner that has kernels forked where that can be done, and starts them as usual elsewhere.

Named ``notebook-sched-fork`` in the entry points ``jupyter_client.kernel_provisioners``; a kernel specification's
metadata chooses it (``kernel_provisioner``), with ``servers`` and ``terms`` in its ``config``.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Dict, Unicode

from ..process_end import readable
from .forked_kernel import ForkedKernel, Refused, fork_kernel
from .interpreter import Interpreter, interpreter_of

NAME = "notebook-sched-fork"
LOOK_SECONDS = 0.5
LEFTOVERS_SECONDS = 6.0
# All that is asked for beyond these (a preexec_fn, open descriptors) only a process of its own can have.
KNOWN = frozenset({"env", "cwd", "stdin", "stdout", "stderr", "independent", "kernel_id", "extra_arguments"})


class ForkProvisioner(LocalProvisioner):
    process: Any  # a Popen or a ForkedKernel
    parent: Any
    servers = Unicode(help="the folder in which fork servers listen")
    terms: Any = Dict(help="name, nice, oom_score_adj and rlimits of the process (served/settling.py)")

    refused: Refused | None = None
    """Why the last kernel was not forked; None where it was, or was never asked for (``interpreter`` is None then)."""
    interpreter: Interpreter | None = None
    kernel: ForkedKernel | None = None
    """The last kernel that was forked, its end included."""

    @property
    def forked(self) -> ForkedKernel | None:
        return self.process if isinstance(self.process, ForkedKernel) else None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        self.refused = None
        found = interpreter_of(cmd, self.parent.connection_file)
        self.interpreter = found[0] if found is not None else None
        if found is None or not _can_be_had(kwargs):
            return await super().launch_kernel(cmd, **kwargs)
        try:
            self.process = await self._fork(cmd, found, kwargs)
        except Refused as refused:
            self.refused = refused
            return await super().launch_kernel(cmd, **kwargs)
        self.pid = self.process.pid
        self.pgid = None  # signals go through its keeper, who knows whether the pid is still the kernel's
        self.cwd = kwargs.get("cwd") or os.getcwd()
        return self.connection_info

    async def wait(self) -> int | None:
        """Like its parent's, without the tenth of a second between two looks."""
        if self.forked is None:
            return await super().wait()
        while self.process.poll() is None:
            await readable(self.process.fileno(), LOOK_SECONDS)
        return await super().wait()

    async def cleanup(self, restart: bool = False) -> None:
        """Nothing of the kernel is left when this returns."""
        await super().cleanup(restart=restart)
        kernel, until = self.kernel, time.monotonic() + LEFTOVERS_SECONDS
        if kernel is not None:
            if kernel.poll() is None:
                kernel.kill()
            while not kernel.nothing_left() and (patience := until - time.monotonic()) > 0:
                await readable(kernel.fileno(), min(patience, LOOK_SECONDS))
            kernel.close()

    async def _fork(self, cmd: list[str], found: tuple[Interpreter, str], kwargs: dict[str, Any]) -> ForkedKernel:
        interpreter, module = found
        # launch_kernel in jupyter_client tells a kernel its parent's pid in this variable.
        environment = kwargs["env"] | {"JPY_PARENT_PID": str(os.getpid())}
        request = {
            "connection_file": os.path.realpath(self.parent.connection_file),
            "module": module,
            "command": cmd,
            "folder": os.path.abspath(kwargs.get("cwd") or os.getcwd()),
            "environment": environment,
            **self.terms,
        }
        output = (_descriptor(kwargs.get("stdout"), 1), _descriptor(kwargs.get("stderr"), 2))
        self.kernel = await fork_kernel(interpreter.socket(Path(self.servers)), request, output)
        return self.kernel


def _can_be_had(kwargs: dict[str, Any]) -> bool:
    streams = (kwargs.get("stdout"), kwargs.get("stderr"))
    plain = all(stream is None or not isinstance(stream, int) or stream >= 0 for stream in streams)
    return plain and kwargs.get("stdin") is None and KNOWN.issuperset(kwargs)


def _descriptor(stream: Any, usual: int) -> int:
    if stream is None:
        return usual
    return stream if isinstance(stream, int) else int(stream.fileno())
