"""The extension leaves with its server, whatever comes in the moment of its end."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from jupyter_notebook_sched.app import NotebookSched, parts
from jupyter_notebook_sched.app.threads import Threads
from jupyter_notebook_sched.events.relay import Relay
from jupyter_notebook_sched.host.waking import woken

from ..house import House
from .begun import begun


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
async def test_a_relay_that_is_woken_in_the_moment_of_its_end_ends(house: House, turns: int) -> None:
    thread = Threads(1, "relay")
    context = house.context
    relay = Relay(context.store, context.meeting, thread, lambda *_: None, lambda _: None)
    running = asyncio.create_task(relay.run())
    while relay.position is None:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.01)
    relay._wake.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait([running], timeout=5)
    ended = running.done()
    running.cancel()
    thread.shutdown()
    assert ended


async def test_it_is_told_whether_it_was_woken() -> None:
    event = asyncio.Event()
    assert not await woken(event, 0.01)
    asyncio.get_running_loop().call_soon(event.set)
    assert await woken(event, 60)
    assert await woken(event, 60), "at once, and after the loop had a turn"


async def stubborn(times: int) -> None:
    for _ in range(times + 1):
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()


async def failing() -> None:
    raise ValueError("a fault of a task")


@pytest.mark.usefixtures("nobody_works")
@pytest.mark.parametrize("times", [1, 1000])
async def test_a_lost_cancellation_does_not_keep_the_server_alive(
    extension: NotebookSched, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, times: int
) -> None:
    monkeypatch.setattr(parts, "STOP_SECONDS", 0.02)
    async with begun(extension):
        one = asyncio.create_task(stubborn(times))
        extension.parts._tasks += [one, asyncio.create_task(failing())]
        await asyncio.sleep(0)
    assert one.done() == (times == 1), "it is asked again, but not waited for for ever"
    assert "a fault of a task" in caplog.text
    while not one.done():
        one.cancel()
        await asyncio.sleep(0)
