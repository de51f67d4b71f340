"""A jupyter_client provisioner over a kernel that was kept: what it starts after that, it starts as usual."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from pathlib import Path
from typing import Any, Protocol

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

LOOK_SECONDS = 0.02
LEFTOVERS_SECONDS = 8.0


class Process(Protocol):
    """``host.kept_process.KeptProcess``: beside what Popen has, the way to let it go."""

    pid: int

    def poll(self) -> int | None: ...
    def hold(self, still: bool = True) -> None: ...
    def end(self) -> None: ...
    def nothing_left(self) -> bool: ...
    def close(self) -> None: ...


class KeptProvisioner(LocalProvisioner):
    """``kept``: the kernel that it was given; None once that has ended, or was let go."""

    process: Any  # a KeptProcess, or a Popen after a restart
    parent: Any
    kept: Process | None = None

    def take(self, kept: Process, folder: str) -> None:
        """``folder``: where it was started."""
        self.kept = self.process = kept
        self.pid = kept.pid
        self.pgid = None  # signals go through its supervisor, who knows whether the pid is still the kernel's
        self.cwd = folder

    def detach(self) -> None:
        """Lets go of it, as it is: nobody has a kernel here from then on."""
        if self.kept is not None:
            self.kept.close()
            self.kept = self.process = None

    async def wait(self) -> int | None:
        while self.kept is not None and self.kept.poll() is None:
            await asyncio.sleep(LOOK_SECONDS)
        return await super().wait()

    async def cleanup(self, restart: bool = False) -> None:
        """Nothing of the kernel is left when this returns, nor of its folder where it is not started again."""
        await super().cleanup(restart=restart)
        kept, until = self.kept, time.monotonic() + LEFTOVERS_SECONDS
        if kept is not None:
            if kept.poll() is None:
                kept.end()
            while not kept.nothing_left() and time.monotonic() < until:
                await asyncio.sleep(LOOK_SECONDS)
            kept.close()
            self.kept = None
            if self.process is kept:
                self.process = None
        elif not restart:
            with contextlib.suppress(OSError):
                os.rmdir(Path(self.parent.connection_file).parent)

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """The supervisor has taken the folder away, which those who are connected find their sockets in."""
        Path(self.parent.connection_file).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return await super().pre_launch(**kwargs)
