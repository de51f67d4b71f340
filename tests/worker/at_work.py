"""A worker inside the test's own process and loop, where its parts can be reached."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from jupyter_notebook_sched.executor.choosing import executor_of
from jupyter_notebook_sched.executor.interface import Surroundings
from jupyter_notebook_sched.host.identity import own_identity
from jupyter_notebook_sched.store.connection import Store
from jupyter_notebook_sched.worker.loop import Worker, run_until_drained

from ..house import House


@asynccontextmanager
async def at_work(house: House) -> AsyncIterator[tuple[Worker, asyncio.Event]]:
    """The worker and what wakes it; it drains at the end."""
    store = Store(house.context.store.path, network=False)
    meeting, wake = house.context.meeting, asyncio.Event()
    executor = executor_of(Surroundings(house.settings, meeting.directory))
    worker = Worker(house.settings, store, own_identity(), meeting, "test", executor)
    task = asyncio.create_task(run_until_drained(worker, wake))
    try:
        yield worker, wake
    finally:
        worker.draining = True
        wake.set()
        await task
        await worker.executor.close()
        worker.leave()
        store.close()


async def eventually(condition: Callable[[], object], seconds: float = 30.0) -> None:
    """Until the condition holds, with the loop running meanwhile."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"{condition} did not come true within {seconds} s"
        await asyncio.sleep(0.02)
