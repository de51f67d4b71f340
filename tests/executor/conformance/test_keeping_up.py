"""What the worker does with an executor whose attempts outlive it, and that is slow, or does not answer for a while."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from jupyter_notebook_sched.domain.run import CellOutcome, Progress
from jupyter_notebook_sched.executor import attempt
from jupyter_notebook_sched.executor.attempt import AttemptKeeper
from jupyter_notebook_sched.executor.claiming import Claims
from jupyter_notebook_sched.executor.interface import Advanced, Ended, Executor, Gone, News, Order
from jupyter_notebook_sched.executor.ordering import order_of
from jupyter_notebook_sched.service import runs
from jupyter_notebook_sched.store import attempts, leases
from jupyter_notebook_sched.store.attempts import Claimed, Owner
from jupyter_notebook_sched.store.claims import Place
from jupyter_notebook_sched.store.leases import WorkerFacts

from ...house import House
from ...worker.at_work import eventually

OK = Ended("succeeded", cells=[CellOutcome(0, "ok")], progress=Progress(1, 1))
PLACE = Place("here", 2, frozenset({"python3"}))
FACTS = WorkerFacts("here", "running", 2, ("python3",))


class Ledger(Executor):
    """Attempts that are only on paper: they end when the test says so. ``calls``: what was asked, in order.
    ``away``: how many questions more it does not answer."""

    outlives_worker = True

    def __init__(self) -> None:
        self.orders: dict[str, Order] = {}
        self.calls: list[str] = []
        self.away = 0
        self.submitting = asyncio.Event()
        self.may_submit = asyncio.Event()
        self.may_submit.set()
        self.ended = asyncio.Event()

    async def submit(self, order: Order) -> str:
        self.submitting.set()
        await self.may_submit.wait()
        handle = f"{order.run_id}#{order.attempt}"
        self.orders[handle] = order
        return handle

    async def reattach(self, handle: str) -> None:
        self._answer("reattach")
        if handle not in self.orders:
            raise Gone("it is not in the ledger")

    async def find(self, run_id: str, attempt: int) -> str:
        self._answer("find")
        return f"{run_id}#{attempt}"

    async def watch(self, handle: str) -> AsyncGenerator[News, None]:
        self._answer("watch")
        yield Advanced(Progress(0, 1, 0), [])
        await self.ended.wait()
        self._answer("end")
        yield Ended("cancelled") if {"cancel", "abandon"} & set(self.calls) else OK

    async def cancel(self, handle: str) -> None:
        self._answer("cancel")
        self.ended.set()

    def abandon(self, handle: str) -> None:
        self._answer("abandon")
        self.ended.set()

    async def forget(self, handle: str) -> None:
        self._answer("forget")
        del self.orders[handle]

    async def close(self) -> None:
        return

    def _answer(self, call: str) -> None:
        if self.away > 0:
            self.away -= 1
            raise OSError("no answer")
        self.calls.append(call)


class Desk:
    """One worker's part that keeps runs, without its loop."""

    def __init__(self, house: House, executor: Ledger) -> None:
        self.house = house
        self.store = house.context.store
        self.executor = executor
        self.me = self.registered("me")
        context = house.context
        self.keeper = AttemptKeeper(self.store, context.archive, context.workspace, house.clock, lambda: None)
        self.claims = Claims(self.store, executor, self.keeper, lambda: PLACE, house.clock)

    def registered(self, identity: str) -> Owner:
        with self.store.write() as db:
            return leases.register(db, identity, FACTS, self.house.clock())

    def begin(self) -> str:
        """A run that has just been claimed."""
        self.house.notebook("a.ipynb", "1")
        run = self.house.run("a.ipynb")
        self.claims.claim(self.me, lambda: None)
        assert self.house.get(run.id).state == "running"
        return run.id

    def held(self, owner: Owner) -> Claimed:
        with self.store.read() as db:
            (claimed,) = attempts.held_by(db, owner)
        return claimed

    def handle(self) -> str | None:
        claimed = self.held(self.me)
        with self.store.read() as db:
            return attempts.handle_of(db, claimed)

    def taken_over(self, claimed: Claimed, heir: Owner) -> Claimed | None:
        with self.store.write() as db:
            return attempts.take_over(db, claimed, heir, "there")

    async def finish(self) -> None:
        """Until no attempt is under way here."""
        await eventually(lambda: not self.claims.busy, 10)


@pytest.fixture
def desk(house: House, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(attempt, "REACH_AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(attempt, "RECORD_AGAIN_SECONDS", 0.01)
    house.context.store.make()
    return Desk(house, Ledger())


async def test_it_forgets_an_attempt_once_its_end_is_on_record(desk: Desk) -> None:
    run_id = desk.begin()
    await eventually(lambda: "watch" in desk.executor.calls)
    assert desk.handle() == f"{run_id}#1"
    desk.executor.ended.set()
    await desk.finish()
    assert desk.house.get(run_id).state == "succeeded"
    assert desk.executor.calls == ["watch", "end", "forget"]


@pytest.mark.parametrize("away", [1, 5])
async def test_it_asks_again_as_long_as_nobody_answers(desk: Desk, away: int) -> None:
    """Once the watch breaks off, and then nobody can be reached for a while."""
    run_id = desk.begin()
    await eventually(lambda: "watch" in desk.executor.calls)
    desk.executor.away = away
    desk.executor.ended.set()
    await desk.finish()
    ended = desk.house.get(run_id)
    assert (ended.state, len(ended.attempts)) == ("succeeded", 1)
    assert desk.executor.calls == ["watch", "reattach", "watch", "end", "forget"]


async def test_it_passes_a_cancel_on_once_it_can(desk: Desk) -> None:
    run_id = desk.begin()
    await eventually(lambda: "watch" in desk.executor.calls)
    runs.cancel(desk.house.context, run_id)
    desk.executor.away = 2

    def is_over() -> bool:
        desk.claims.cancel_where_asked(desk.me)
        return not desk.claims.busy

    await eventually(is_over, 10)
    assert desk.house.get(run_id).reason == "user"
    assert desk.executor.calls.count("cancel") == 1


async def test_an_attempt_is_nobodys_that_was_submitted_for_somebody_else(desk: Desk) -> None:
    """It was given up while the executor was slow, and the run has ended as another worker's by now."""
    desk.executor.may_submit.clear()
    run_id = desk.begin()
    await desk.executor.submitting.wait()
    heir = desk.registered("heir")
    taken = desk.taken_over(desk.held(desk.me), heir)
    assert taken is not None
    assert desk.keeper.record(taken, Ended("failed", "lost", "it had not begun"))
    desk.executor.may_submit.set()
    await desk.finish()
    assert desk.executor.calls[0] == "abandon"
    assert "forget" not in desk.executor.calls, "whoever holds it may want to know"
    assert (desk.house.get(run_id).state, desk.house.get(run_id).reason) == ("failed", "lost")


@pytest.mark.parametrize("outlives", [True, False])
async def test_it_ends_what_it_was_submitting_when_it_was_given_up(
    desk: Desk, outlives: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ledger, "outlives_worker", outlives)
    desk.executor.may_submit.clear()
    desk.begin()
    await desk.executor.submitting.wait()
    desk.claims.let_go()
    desk.executor.may_submit.set()
    await desk.finish()
    assert desk.executor.calls[0] == "abandon"


async def test_it_leaves_what_outlives_it_alone_when_it_was_given_up(desk: Desk) -> None:
    run_id = desk.begin()
    await eventually(lambda: "watch" in desk.executor.calls)
    heir = desk.registered("heir")
    taken = desk.taken_over(desk.held(desk.me), heir)
    assert taken is not None
    assert desk.taken_over(replace(taken, owner=desk.me), heir) is None, "it is not the first one's any more"
    desk.claims.abandon()
    desk.claims.let_go()
    await desk.finish()
    assert desk.executor.calls == ["watch"]
    assert not desk.keeper.record(replace(taken, owner=desk.me), OK), "fenced"
    desk.executor.ended.set()
    await desk.keeper.carry_on(taken, desk.executor)
    assert desk.executor.calls == ["watch", "reattach", "watch", "end", "forget"]
    ended = desk.house.get(run_id)
    assert (ended.state, ended.host, len(ended.attempts)) == ("succeeded", "there", 1)


async def test_it_looks_for_an_attempt_whose_handle_is_not_on_record(desk: Desk) -> None:
    run_id = desk.begin()
    claimed = desk.held(desk.me)
    for task in desk.claims.tasks.values():
        task.cancel()
    await desk.finish()
    keeper = desk.keeper
    desk.executor.orders[f"{run_id}#1"] = order_of(claimed, keeper.archive, keeper.workspace, keeper.terms)
    desk.executor.ended.set()
    await desk.keeper.carry_on(claimed, desk.executor)
    assert desk.executor.calls == ["find", "reattach", "watch", "end", "forget"]
    assert desk.house.get(run_id).state == "succeeded"


async def test_it_calls_an_attempt_lost_that_is_gone(desk: Desk) -> None:
    run_id = desk.begin()
    await eventually(lambda: "watch" in desk.executor.calls)
    desk.claims.let_go()
    await desk.finish()
    claimed = desk.held(desk.me)
    desk.executor.orders.clear()
    await desk.keeper.carry_on(claimed, desk.executor)
    ended = desk.house.get(run_id)
    assert (ended.state, ended.reason, ended.message) == ("failed", "lost", "it is not in the ledger")
    assert ended.cells == []


async def test_a_fault_of_ours_leaves_no_attempt_behind(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(desk.keeper, "_advanced", broken)
    run_id = desk.begin()
    await desk.finish()
    assert (desk.house.get(run_id).state, desk.house.get(run_id).reason) == ("failed", "internal")
    assert "abandon" in desk.executor.calls


async def test_what_ends_with_its_worker_costs_no_transaction_for_its_handle(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ledger, "outlives_worker", False)
    desk.begin()
    await eventually(lambda: "watch" in desk.executor.calls)
    assert desk.handle() is None
    (order,) = desk.executor.orders.values()
    assert order.held_since is not None, "it must not outlive what its worker holds"
    desk.executor.ended.set()
    await desk.finish()
