"""Whatever happens to a job: each of its due times ends in exactly one record."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.domain.times import to_text
from jupyter_notebook_sched.errors import Conflict, Invalid
from jupyter_notebook_sched.retention import pruning
from jupyter_notebook_sched.service import due_times, jobs, pausing, runs
from jupyter_notebook_sched.service.due_times import DueTimes
from jupyter_notebook_sched.service.forms import Backfill, Pause, RunJob, SkipSlot
from jupyter_notebook_sched.store import attempts
from jupyter_notebook_sched.store.attempts import Ending

from ..made import HERE, ME, claim
from .bookkeeping import MOMENT, records
from .life import Life
from .second_opinion import Calendar, moment
from .stories import Passing, lengths, passings, policies, triggers

EXAMPLES = int(os.environ.get("STORIES", "60"))
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
"""To shorten a story takes minutes; it is told whole, and can be read."""


class Story(Life):
    @rule(passings=st.lists(passings(), min_size=1, max_size=5))
    def a_while_passes(self, passings: list[Passing]) -> None:
        for passing in passings:
            self.pass_time(passing)

    @rule(length=lengths())
    def nobody_schedules_for_long(self, length: timedelta) -> None:
        self.pass_time(Passing(length, False, True, False))

    @rule(first=passings(), length=lengths())
    def the_clock_goes_back(self, first: Passing, length: timedelta) -> None:
        self.pass_time(first)
        self.house.now = self.now - length
        self.tick()

    @rule(first=passings(), until=st.none() | lengths())
    def someone_pauses_it(self, first: Passing, until: timedelta | None) -> None:
        self.pass_time(first)
        end = None if until is None else self.now + until
        pausing.pause(self.house.context, self.job, Pause(until=end))
        self.book.changed(self.now)
        self.book.paused, self.book.paused_until = True, end

    @rule(first=passings(), pauses=st.booleans())
    def someone_resumes_it(self, first: Passing, pauses: bool) -> None:
        self.pass_time(first)
        if pauses:
            pausing.pause(self.house.context, self.job, Pause())
            self.book.changed(self.now)
        pausing.resume(self.house.context, self.job)
        if pauses or self.book.paused:
            self.book.paused, self.book.paused_until = False, None
            self.book.restart(self.now)

    @rule(first=passings(), data=st.data())
    def someone_edits_its_trigger(self, first: Passing, data: st.DataObject) -> None:
        self.pass_time(first)
        trigger = data.draw(triggers(self.zone, self.now))
        calendar = self.book.calendar
        anchor = calendar.anchor if trigger == calendar.trigger else self.now
        self.patch({"trigger": trigger}, Calendar(trigger, anchor, calendar.starts_at, calendar.ends_at))

    @rule(first=passings(), start=st.none() | lengths(), end=st.none() | lengths())
    def someone_edits_its_bounds(self, first: Passing, start: timedelta | None, end: timedelta | None) -> None:
        self.pass_time(first)
        starts_at = None if start is None else self.now + start
        ends_at = None if end is None else self.now + end
        fields = {name: value and to_text(value) for name, value in (("starts_at", starts_at), ("ends_at", ends_at))}
        self.patch(fields, Calendar(self.book.calendar.trigger, self.book.calendar.anchor, starts_at, ends_at))

    @rule(first=passings(), chosen=policies())
    def someone_edits_its_policies(self, first: Passing, chosen: dict[str, Any]) -> None:
        self.pass_time(first)
        jobs.patch(self.house.context, self.job, chosen)

    @rule(first=passings(), number=st.sampled_from([0, 0, 0, 1, 3]))
    def someone_skips_one_to_come(self, first: Passing, number: int) -> None:
        """It is taken, whichever it is; and again, with the same answer."""
        self.pass_time(first)
        due = self.coming(number)
        if due is None or due in self.book.uncertain:
            return
        asked = SkipSlot(scheduled_for=due)
        if self.book.paused:
            with pytest.raises(Invalid):
                due_times.skip(self.house.context, self.job, asked)
            return
        run = due_times.skip(self.house.context, self.job, asked)
        assert (run.state, run.reason, run.scheduled_for) == ("skipped", "user", due)
        assert due_times.skip(self.house.context, self.job, asked).id == run.id
        self.book.asked.add(due)

    @rule(first=passings(), number=st.integers(0, 99))
    def someone_skips_one_that_is_on_record(self, first: Passing, number: int) -> None:
        self.pass_time(first)
        before = records(self.house, self.job)
        if not before:
            return
        record = before[number % len(before)]
        try:
            run = due_times.skip(self.house.context, self.job, SkipSlot(scheduled_for=record.due))
        except (Conflict, Invalid):
            assert record.state != "queued" or self.has_begun(record.id)
            assert records(self.house, self.job) == before
        else:
            assert (run.id, run.state, run.reason) == (record.id, "skipped", "user")

    @rule(first=passings(), length=lengths())
    def someone_skips_what_is_not_due(self, first: Passing, length: timedelta) -> None:
        self.pass_time(first)
        other = self.now + length
        if other not in self.book.calendar.between(other - MOMENT, other):
            before = records(self.house, self.job)
            with pytest.raises((Invalid, Conflict)):
                due_times.skip(self.house.context, self.job, SkipSlot(scheduled_for=other))
            assert records(self.house, self.job) == before

    @rule(first=passings())
    def someone_runs_it(self, first: Passing) -> None:
        self.pass_time(first)
        jobs.run(self.house.context, self.job, RunJob())

    @rule(
        first=passings(),
        state=st.sampled_from([RunState.SUCCEEDED, RunState.FAILED]),
        again=st.booleans(),
        ends=st.integers(0, 2),
    )
    def runs_start_and_end(self, first: Passing, state: RunState, again: bool, ends: int) -> None:
        self.pass_time(first)
        while (claimed := claim(self.house.context.store, ME, self.now, HERE)) is not None:
            self.claimed.append(claimed)
        ended, self.claimed = self.claimed[:ends], self.claimed[ends:]
        ending = Ending(state, "cell_error" if state is RunState.FAILED else None)
        for claimed in ended:
            with self.house.context.store.write() as db:
                if again and state is RunState.FAILED:
                    assert attempts.give_back(db, claimed, ending, self.now + timedelta(seconds=90), self.now)
                else:
                    assert attempts.finish(db, claimed, ending, self.now)

    @rule(first=passings(), number=st.integers(0, 99))
    def someone_deletes_a_record(self, first: Passing, number: int) -> None:
        self.pass_time(first)
        before = records(self.house, self.job)
        ended = [record for record in before if record.state not in ("queued", "running")]
        if ended:
            record = ended[number % len(ended)]
            if record.due > self.now:
                with pytest.raises(Conflict):
                    runs.delete(self.house.context, record.id)
                return
            runs.delete(self.house.context, record.id)
            self.book.deleted(record, {record.due for record in before})

    @rule(first=passings(), kept=st.sampled_from([0, 0, 30]))
    def the_past_is_forgotten(self, first: Passing, kept: int) -> None:
        self.pass_time(first)
        before = {record.id: record for record in records(self.house, self.job)}
        chosen = replace(self.house.settings, keep_days=kept)
        while pruning.prune_once(chosen, self.house.context.store, self.house.context.archive, self.now):
            pass
        forgotten = before.keys() - {record.id for record in records(self.house, self.job)}
        for run_id in forgotten:
            assert before[run_id].due <= self.now, f"forgotten ahead of its time: {before[run_id]}"
            self.book.deleted(before[run_id], {record.due for record in before.values()})

    @rule(first=passings(), back=lengths(), length=lengths(), again=st.booleans())
    def someone_fills_a_range(self, first: Passing, back: timedelta, length: timedelta, again: bool) -> None:
        """Its due times up to now, and none in the ledger."""
        self.pass_time(first)
        start = self.now - back
        due = [slot for slot in self.book.calendar.between(start - MOMENT, self.now) if slot < start + length]
        asked = Backfill(start=start, end=start + length, again=again, dry_run=True)
        before = records(self.house, self.job)
        if len(due) > due_times.MOST_SLOTS:
            with pytest.raises(Invalid):
                due_times.backfill(self.house.context, self.job, asked)
            return
        told = due_times.backfill(self.house.context, self.job, asked)
        assert isinstance(told, DueTimes)
        filled = self.done_or_going_on()
        assert told.slots == [slot for slot in due if again or slot not in filled]
        if len(told.slots) < 20:
            due_times.backfill(self.house.context, self.job, Backfill(start=start, end=start + length, again=again))
        assert records(self.house, self.job) == before

    def done_or_going_on(self) -> set[datetime]:
        """The due times of all runs that have succeeded, wait or run, those outside of the ledger, too."""
        sql = "select scheduled_for from runs where state in ('succeeded', 'queued', 'running') and scheduled_for <> ''"
        with self.house.context.store.read() as db:
            return {moment(text) for (text,) in db.execute(sql).fetchall()}

    @invariant()
    def every_due_time_has_one_record(self) -> None:
        self.book.check(records(self.house, self.job), jobs.get(self.house.context, self.job))


@pytest.mark.timeout(900)
def test_it_covers_every_due_time_exactly_once(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random()
    monkeypatch.setattr(
        "secrets.randbits", chance.getrandbits
    )  # a job's spread comes from its id: the same story has the same one
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    chosen = settings(
        max_examples=EXAMPLES, stateful_step_count=30, deadline=None, phases=UNSHRUNK, suppress_health_check=slow
    )
    run_state_machine_as_test(lambda: Story(tmp_path_factory, chance), settings=chosen)  # type: ignore[arg-type]
