"""The end of a kernel's process, told when it happens instead of looked for."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Iterator
from typing import Any

LOOK_SECONDS = 0.1
LONGEST_LOOK_SECONDS = 1.0
"""Where the end is told by a descriptor, it is looked for all the same, seldom: nobody may wait for ever."""


async def end_of(provisioner: Any) -> None:
    """Returns when the process of a jupyter_client provisioner has ended."""
    with _telling(provisioner.process) as descriptor:
        while await provisioner.poll() is None:
            if descriptor is None:
                await asyncio.sleep(LOOK_SECONDS)
            else:
                await readable(descriptor, LONGEST_LOOK_SECONDS)


async def comes(gone: asyncio.Task[None] | None, seconds: float) -> bool:
    """Whether a process, whose end ``gone`` waits for, ends within that time."""
    assert gone is not None
    await asyncio.wait((gone,), timeout=seconds)
    return gone.done()


async def readable(descriptor: int, seconds: float) -> None:
    """Until there is something to read, for so long at most."""
    loop = asyncio.get_running_loop()
    news: asyncio.Future[None] = loop.create_future()

    def tell() -> None:
        if not news.done():
            news.set_result(None)

    loop.add_reader(descriptor, tell)
    try:
        await asyncio.wait((news,), timeout=seconds)
    finally:
        loop.remove_reader(descriptor)


@contextlib.contextmanager
def _telling(process: Any) -> Iterator[int | None]:
    """A descriptor that becomes readable when the process ends; None where there is no such thing."""
    if hasattr(process, "fileno"):
        yield process.fileno()
        return
    descriptor = None
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            descriptor = os.pidfd_open(process.pid)
    try:
        yield descriptor
    finally:
        if descriptor is not None:
            os.close(descriptor)
