"""One job with its own clock, its scheduler, and the book that is kept of it."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from jupyter_notebook_sched.domain import ids
from jupyter_notebook_sched.errors import Invalid
from jupyter_notebook_sched.scheduler.leadership import Leadership
from jupyter_notebook_sched.scheduler.ticking import Deposed, Scheduler
from jupyter_notebook_sched.service import jobs, runs
from jupyter_notebook_sched.store.attempts import Claimed

from ..house import House
from .bookkeeping import HORIZON, MOMENT, Book, records
from .second_opinion import Calendar
from .stories import Passing, beginnings, longest_for, policies, triggers


class Life(RuleBasedStateMachine):
    def __init__(self, factory: pytest.TempPathFactory, chance: random.Random) -> None:
        super().__init__()
        chance.seed(1)
        ids._last = 0
        self.house = House(factory.mktemp("story"))
        self.claimed: list[Claimed] = []
        self.leaders = 0

    @initialize(data=st.data(), place=beginnings(), chosen=policies())
    def someone_makes_a_job(self, data: st.DataObject, place: tuple[str, datetime], chosen: dict[str, Any]) -> None:
        self.zone, self.house.now = place
        self.house.notebook("report.ipynb", "1")
        trigger = data.draw(triggers(self.zone, self.now))
        try:
            self.job = self.house.job("report.ipynb", None, trigger=trigger, **chosen).id
        except Invalid:
            trigger = {"type": "cron", "cron": "*/10 * * * *", "timezone": self.zone}
            self.job = self.house.job("report.ipynb", None, trigger=trigger, **chosen).id
        self.book = Book(Calendar(trigger, self.now))
        self.another_worker_leads()

    def teardown(self) -> None:
        self.house.leave()

    @property
    def now(self) -> datetime:
        return self.house.clock()

    def tick(self) -> None:
        while self.scheduler.tick(self.now):
            pass
        self.book.ticked(self.now)

    def pass_time(self, passing: Passing) -> None:
        """The scheduler is at work then, unless nobody ticks."""
        length = passing.length
        if passing.to_the_next and (due := self.book.calendar.first(max(self.now, self.book.frontier), HORIZON)):
            length = max(due + length - self.now, MOMENT)
        self.house.now = self.now + min(length, longest_for(self.book.calendar.trigger))
        if passing.another_leads:
            self.another_worker_leads()
        if passing.ticks:
            self.tick()

    def patch(self, fields: dict[str, Any], calendar: Calendar) -> None:
        try:
            jobs.patch(self.house.context, self.job, fields)
        except Invalid:  # over already, or never: nothing changes
            return
        restarts = calendar != self.book.calendar
        if restarts:
            self.book.changed(self.now)
        self.book.calendar = calendar
        if restarts and not self.book.paused:
            self.book.restart(self.now)

    def coming(self, number: int) -> datetime | None:
        """Of the due times to come that have no record, the one of that number."""
        due = self.book.frontier
        recorded = {record.due for record in records(self.house, self.job)}
        for _ in range(number + 1):
            found = self.book.calendar.first(due, HORIZON)
            while found is not None and found in recorded:
                found = self.book.calendar.first(found, HORIZON)
            if found is None:
                return None
            due = found
        return due

    def has_begun(self, run_id: str) -> bool:
        return runs.get(self.house.context, run_id).attempt > 1

    def another_worker_leads(self) -> None:
        """Who led before finds out when it wants to write, and writes nothing."""
        before = getattr(self, "scheduler", None)
        self.leaders += 1
        leadership = Leadership(self.house.context.store, f"worker-{self.leaders}", "1", lambda *_: True)
        assert leadership.take_or_renew(0.0)
        context = self.house.context
        fence = leadership.still_leads
        self.scheduler = Scheduler(context.store, context.archive, context.workspace, "python3", fence)
        if before is not None:
            rows = records(self.house, self.job)
            with suppress(Deposed):
                before.tick(self.now)
            assert records(self.house, self.job) == rows
