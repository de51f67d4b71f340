"""What a job's ledger has to hold, kept by the contract's words (API.md, *Slots*), and held against the rows."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from jupyter_notebook_sched.domain.job import JobAnswer
from jupyter_notebook_sched.domain.times import to_text

from ..house import House
from .second_opinion import Calendar, moment

MOMENT = timedelta(milliseconds=1)
HORIZON = timedelta(days=100)
REASONS = {"missed", "overlap", "superseded", "user"}


@dataclass(frozen=True)
class Record:
    """A row of the ledger; ``first`` and ``count`` where it stands for a span."""

    id: str
    due: datetime
    state: str
    reason: str | None
    message: str | None
    cause: str
    available_at: datetime
    first: datetime | None
    count: int


def records(house: House, job_id: str) -> list[Record]:
    sql = """select id, slot_key, scheduled_for, state, reason, message, cause, available_at, covers from runs
        where job_id = ? and slot_key is not null order by seq"""
    with house.context.store.read() as db:
        rows = db.execute(sql, [job_id]).fetchall()
    found = []
    for run_id, key, due, state, reason, message, cause, available_at, covers in rows:
        assert key == due
        span = json.loads(covers) if covers is not None else {"count": 1, "from": None, "to": key}
        assert moment(span["to"]) == moment(key), "a span is filed under its last due time"
        first = moment(span["from"]) if span["from"] else None
        shared = (state, reason, message, cause, moment(available_at), first, span["count"])
        found.append(Record(run_id, moment(key), *shared))
    return found


class Book:
    """``frontier``: how far the scheduler has come. ``covered``: each of these is on record once. ``asked``: due times
    that somebody skipped ahead. ``gone``: recorded, and the record was deleted. ``uncertain``: skipped ahead, and that
    record was deleted before its time: it may come again. ``passed``: deleted, and none before it was still to come."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.paused = False
        self.paused_until: datetime | None = None
        self.frontier = calendar.anchor
        self.covered: set[datetime] = set()
        self.asked: set[datetime] = set()
        self.gone: set[datetime] = set()
        self.uncertain: set[datetime] = set()
        self.passed: set[datetime] = set()

    @property
    def last(self) -> datetime | None:
        """The last due time that the scheduler itself recorded, or came by and whose record was deleted."""
        return max((self.covered - self.asked) | self.passed, default=None)

    def restart(self, at: datetime) -> None:
        """Due times count from then on, strictly later, and never before one that is on record."""
        self.frontier = max(moment for moment in (at, self.last) if moment is not None)

    def ticked(self, now: datetime) -> None:
        if self.paused:
            if self.paused_until is None or now < self.paused_until:
                return
            self.restart(self.paused_until - MOMENT)
            self.paused, self.paused_until = False, None
        if now > self.frontier:
            self.covered |= set(self.calendar.between(self.frontier, now))
            self.frontier = now

    def changed(self, now: datetime) -> None:
        """Somebody is about to change from when on due times count: what has come is on record first."""
        if not self.paused:
            self.ticked(now)

    def deleted(self, record: Record, recorded: set[datetime]) -> None:
        """``recorded``: the due times on record before."""
        if not self.paused and recorded.issuperset(self.calendar.between(self.frontier, record.due)):
            self.passed.add(record.due)
        if record.due in self.covered:
            self.gone |= self.span_of(record)
        else:
            self.uncertain.add(record.due)

    def span_of(self, record: Record) -> set[datetime]:
        """The due times that a record stands for."""
        if record.first is None:
            return {record.due}
        return {due for due in self.covered if record.first <= due <= record.due}

    def check(self, found: list[Record], answer: JobAnswer) -> None:
        """The rows, and what the job says of itself."""
        times = Counter(due for record in found for due in self.span_of(record))
        assert not (twice := [due for due, n in times.items() if n > 1]), f"on record twice: {told(twice)}"
        recorded = set(times)
        lost = self.covered - recorded - self.gone - self.uncertain
        assert not lost, f"lost: {told(lost)}"
        invented = recorded - self.covered - self.asked
        assert not invented, f"no due times: {told(invented)}"
        assert not (again := recorded & self.gone), f"recorded again after their deletion: {told(again)}"
        for record in found:
            self._check_record(record)
        if (last := self.last) is not None:
            assert answer.last_slot is not None, f"no last_slot, but {to_text(last)} is on record"
            assert answer.last_slot >= last, f"last_slot {to_text(answer.last_slot)} is before {to_text(last)}"
        if answer.last_slot is not None:
            assert answer.last_slot in self.covered | self.asked, f"{to_text(answer.last_slot)} was never due"
        self._check_next({record.due for record in found}, answer)

    def _check_record(self, record: Record) -> None:
        if record.first is not None:
            inside = self.span_of(record)
            assert (min(inside), max(inside), len(inside)) == (record.first, record.due, record.count), record
            assert record.count > 1, record
            assert (record.state, record.reason) == ("skipped", "missed")
        if record.state == "skipped":
            assert record.reason in REASONS, record
            assert record.message, record
        assert record.cause in ("schedule", "catch_up")
        assert record.state == "skipped" or record.available_at >= record.due, f"early: {record}"

    def _check_next(self, recorded: set[datetime], answer: JobAnswer) -> None:
        promised = answer.next_run_at
        if self.paused:
            assert promised is None, "a paused job promises nothing"
            return
        if promised is None:
            due = self.calendar.first(self.frontier, HORIZON)
            while due is not None and due in recorded | self.uncertain:
                due = self.calendar.first(due, HORIZON)
            assert due is None, f"nothing is promised, but {to_text(due)} is due"
            return
        assert promised not in recorded, f"next_run_at promises {to_text(promised)}, which is on record"
        until = self.calendar.between(self.frontier, promised)
        assert promised in until, f"next_run_at promises {to_text(promised)}, which is not due"
        passed_over = set(until) - {promised} - recorded - self.uncertain
        assert not passed_over, f"next_run_at {to_text(promised)} passes over {told(passed_over)}"


def told(moments: set[datetime] | list[datetime]) -> str:
    """The first few of them."""
    return ", ".join(map(to_text, sorted(moments)[:5])) + (f" and {len(moments) - 5} more" if len(moments) > 5 else "")
