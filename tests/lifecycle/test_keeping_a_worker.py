"""The extension keeps one worker going, whatever happens to it and however often."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest

from jupyter_notebook_sched.app import worker_keeper
from jupyter_notebook_sched.app.worker_keeper import WorkerKeeper
from jupyter_notebook_sched.host.rendezvous import DRAIN

from ..house import House
from ..living import lives
from ..worker.at_work import eventually


@asynccontextmanager
async def kept(house: House) -> AsyncIterator[WorkerKeeper]:
    """A keeper at work, as in a server: with its socket, and with its last word at the end."""
    meeting = house.context.meeting
    keeper = WorkerKeeper(house.settings, meeting, logging.getLogger("test"))
    listener = meeting.listen("server")
    task = asyncio.create_task(keeper.keep())
    try:
        yield keeper
    finally:
        task.cancel()
        meeting.leave(listener)
        await keeper.release()
        await eventually(lambda: not meeting.worker_lives(), 20)


def pid(house: House) -> int | None:
    return (house.context.meeting.published() or {}).get("pid")


async def test_it_starts_a_worker_and_another_one_when_that_is_killed(house: House) -> None:
    async with kept(house) as keeper:
        await eventually(lambda: keeper.is_starting or pid(house), 5)
        await eventually(lambda: pid(house), 20)
        first = pid(house)
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await eventually(lambda: pid(house) not in (None, first), 10)
    assert not lives(first)


async def test_it_leaves_a_worker_that_a_person_started_alone(house: House) -> None:
    by_hand = house.start_worker()
    async with kept(house):
        await asyncio.sleep(3 * worker_keeper.LOOK_SECONDS)
        assert pid(house) == by_hand.pid
        by_hand.terminate()
        await asyncio.to_thread(by_hand.wait, 10)
        await eventually(lambda: pid(house) not in (None, by_hand.pid), 20)


async def test_it_calls_a_drain_off_that_comes_after_its_first_word(house: House) -> None:
    house.notebook("slow.ipynb", "import time; time.sleep(4)")
    async with kept(house):
        await eventually(lambda: pid(house), 20)
        first = pid(house)
        run = house.run("slow.ipynb")
        await eventually(lambda: house.get(run.id).progress.current == 0)
        house.context.meeting.tell("worker", DRAIN)
        await asyncio.sleep(3 * worker_keeper.LOOK_SECONDS)
        facts = house.context.meeting.published()
        assert facts is not None
        assert (facts["state"], facts["pid"]) == ("running", first)
        await eventually(lambda: house.get(run.id).state == "succeeded")
        assert pid(house) == first


def test_it_starts_again_at_once_but_not_for_ever(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(worker_keeper, "time", SimpleNamespace(monotonic=lambda: now[0]))
    keeper = WorkerKeeper(house.settings, house.context.meeting, logging.getLogger("test"))
    for _ in range(worker_keeper.DEATHS_A_MINUTE):
        assert keeper._may_start()
        keeper._starts.append(now[0])
        now[0] += 1
    assert not keeper._may_start()
    now[0] += worker_keeper.SLOW_RESTART_SECONDS
    assert keeper._may_start()
    now[0] += 60
    assert keeper._may_start()
