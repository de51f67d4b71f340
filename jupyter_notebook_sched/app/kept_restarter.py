"""Who watches over an adopted kernel: Jupyter starts a kernel that dies again, but one without the variables of the run
would only look like the one that was kept."""

from __future__ import annotations

from jupyter_client.ioloop.restarter import AsyncIOLoopKernelRestarter

LOOK_SECONDS = 1.0


class KeptKernelRestarter(AsyncIOLoopKernelRestarter):
    """A kept kernel that ends is told as dead; what a person started anew in its place is watched as any other."""

    time_to_dead = LOOK_SECONDS

    async def poll(self) -> None:  # type: ignore[override]  # as in its own base
        manager = self.kernel_manager
        if manager.provisioner.kept is None:
            await super().poll()
        elif not manager.shutting_down and not await manager.is_alive():
            self.stop()
            self._fire_callbacks("dead")
