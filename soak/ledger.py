"""The store's own rows, read with plain SQL and counted with arithmetic of its own: nothing of the product's code."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ENDED = ("succeeded", "failed", "cancelled", "skipped")
COUNTED = "select state, sum(n) as n from run_counts where kind = 'all' group by state having sum(n) <> 0"
EVENTS = """select json_extract(payload, '$.run_id') as run, json_extract(payload, '$.state') as state
    from events where kind = 'run' order by seq"""

# Moments are taken before the lock is, which may be waited for.
TRIED_AFTER_CANCEL = """select runs.id from runs join attempts on attempts.run = runs.seq
    where n > 1 and julianday(attempts.started_at) > julianday(cancel_requested_at) + 10.0 / 86400"""


@dataclass(frozen=True)
class Promise:
    """A job as it was asked for: its first due time, and the seconds from each to the next. ``settled``: when
    everything was up again, so that its ledger must reach that far."""

    job_id: str
    name: str
    first: datetime
    every: int
    settled: datetime


@dataclass
class Findings:
    """``others``: whatever else must not be, in words."""

    slots: int = 0
    runs: int = 0
    attempts: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    finished_twice: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.finished_twice or self.others)


class Ledger:
    def __init__(self, store: Path) -> None:
        self._db = sqlite3.connect(store)
        self._db.row_factory = sqlite3.Row

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        return self._db.execute(sql, values).fetchall()

    def close(self) -> None:
        self._db.close()


@contextlib.contextmanager
def ledger_of(store: Path) -> Iterator[Ledger]:
    ledger = Ledger(store)
    try:
        yield ledger
    finally:
        ledger.close()


def examine(ledger: Ledger, promises: list[Promise], acknowledged: set[str], found: Findings) -> None:
    """Every promise against what is on record."""
    for promise in promises:
        _examine_slots(ledger, promise, found)
    _examine_acknowledged(ledger, acknowledged, found)
    _examine_ends(ledger, found)
    _examine_events(ledger, found)
    _examine_file(ledger, found)


def _examine_slots(ledger: Ledger, promise: Promise, found: Findings) -> None:
    """Every due time from the first one on is covered by exactly one record, alone or in a span of missed ones."""
    job = ledger.rows("select * from jobs where id = ?", promise.job_id)[0]
    step, last = timedelta(seconds=promise.every), promise.settled
    if job["last_slot"] is not None:
        last = max(last, moment(job["last_slot"]))
    expected = {promise.first + number * step for number in range((last - promise.first) // step + 1)}
    found.slots += len(expected)
    covered: Counter[datetime] = Counter()
    records = ledger.rows("select * from runs where job_id = ? and slot_key is not null", promise.job_id)
    for record in records:
        covered.update(_covered_by(record, step, found))
    # One that was skipped ahead of time, and had not come when the job was paused, is no due time yet.
    ahead = {due for due in covered if due > last and (due - promise.first) % step == timedelta()}
    found.lost += [f"{promise.name}: {due} has no record" for due in sorted(expected - set(covered))]
    found.doubled += [f"{promise.name}: {due} has {n} records" for due, n in sorted(covered.items()) if n > 1]
    found.others += [f"{promise.name}: {due} was never due" for due in sorted(set(covered) - expected - ahead)]
    became_runs = sum(record["state"] != "skipped" for record in records)
    if job["slots_run"] != became_runs:
        found.others.append(f"{promise.name}: slots_run is {job['slots_run']}, but {became_runs} became runs")


def _covered_by(record: sqlite3.Row, step: timedelta, found: Findings) -> list[datetime]:
    if record["covers"] is None:
        return [moment(record["slot_key"])]
    span = json.loads(record["covers"])
    first, last = moment(span["from"]), moment(span["to"])
    dues = [first + number * step for number in range((last - first) // step + 1)]
    if span["count"] != len(dues) or record["state"] != "skipped":
        found.others.append(f"the record {record['id']} covers {len(dues)} due times, and says {span['count']}")
    return dues


def _examine_acknowledged(ledger: Ledger, acknowledged: set[str], found: Findings) -> None:
    known = {row["id"] for row in ledger.rows("select id from runs")}
    found.lost += [f"the run {run}, which somebody was promised" for run in sorted(acknowledged - known)]
    for row in ledger.rows(TRIED_AFTER_CANCEL):
        found.others.append(f"the run {row['id']} was tried again after somebody cancelled it")


def _examine_ends(ledger: Ledger, found: Findings) -> None:
    """Each run has ended, once; its attempts count from one, and only the last of them may have been the end."""
    for run in ledger.rows("select * from runs"):
        found.runs += 1
        attempts = ledger.rows("select * from attempts where run = ? order by n", run["seq"])
        found.attempts += len(attempts)
        if run["state"] not in ENDED:
            found.others.append(f"the run {run['id']} is still {run['state']}: {run['reason']} {run['message']}")
            continue
        if [attempt["n"] for attempt in attempts] != list(range(1, run["tried"] + 1)):
            found.others.append(f"the run {run['id']} has attempts {[a['n'] for a in attempts]}, tried {run['tried']}")
        ends = [attempt["n"] for attempt in attempts if attempt["state"] in ("succeeded", "cancelled")]
        if len(ends) > 1 or (ends and ends[0] != run["tried"]):
            found.finished_twice.append(f"the run {run['id']}: its attempts {ends} of {run['tried']} were its end")
        if any(attempt["state"] == "running" for attempt in attempts):
            found.others.append(f"the run {run['id']} has ended, but an attempt of it has not")
        if run["state"] == "succeeded" and (not attempts or attempts[-1]["state"] != "succeeded"):
            found.others.append(f"the run {run['id']} succeeded without an attempt that did")


def _examine_events(ledger: Ledger, found: Findings) -> None:
    """The end of every run was told once, and nothing of it afterwards."""
    told: dict[str, list[str]] = {}
    for event in ledger.rows(EVENTS):
        told.setdefault(event["run"], []).append(event["state"])
    for run in ledger.rows("select id, state from runs where finished_at is not null"):
        states = told.get(run["id"], [])
        ends = [state for state in states if state in ENDED]
        if len(ends) > 1:
            found.finished_twice.append(f"the run {run['id']} was told to have ended {ends}")
        elif ends != [run["state"]] or states[-1] != run["state"]:
            found.others.append(f"the run {run['id']} is {run['state']}, but was told {states}")


def _examine_file(ledger: Ledger, found: Findings) -> None:
    for row in ledger.rows("pragma integrity_check"):
        if row[0] != "ok":
            found.others.append(f"the store: {row[0]}")
    counted = {row["state"]: row["n"] for row in ledger.rows(COUNTED)}
    are = {row["state"]: row["n"] for row in ledger.rows("select state, count(*) as n from runs group by state")}
    if counted != are:
        found.others.append(f"the counters say {counted}, the rows {are}")
    held: list[Any] = [row["identity"] for row in ledger.rows("select identity from workers")]
    if held:
        found.others.append(f"workers that left are still on record: {held}")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
