"""The soak's own arithmetic finds what it is there to find: a ledger is damaged by hand, and it says so."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from jupyter_notebook_sched.domain.job import JobAnswer
from soak.ledger import Findings, Promise, examine, ledger_of
from soak.outputs import examine_lines, examine_outputs

from ..house import House
from ..scheduler.ledgers import FRIDAY, MINUTE, job_of, tick
from .breaking import TELL

TEN = 10 * MINUTE
DUE = [FRIDAY + number * TEN for number in range(1, 7)]


@pytest.fixture
def job(house: House) -> JobAnswer:
    """Six due times, the first three of them missed: one record covers these."""
    job = job_of(house, "*/10 * * * *", on_missed="skip")
    for now in DUE[2:]:
        tick(house, now + (5 * MINUTE if now == DUE[2] else timedelta()))
    return job


def count(house: House, job: JobAnswer, *damage: str) -> Findings:
    with house.context.store.write() as db:
        for statement in damage:
            db.execute(statement)
    found = Findings()
    with ledger_of(house.context.store.path) as ledger:
        promise = Promise(job.id, job.name, DUE[0], 600, DUE[-1])
        examine(ledger, [promise], set(), found)
    return found


def test_it_finds_nothing_where_every_due_time_has_its_record(house: House, job: JobAnswer) -> None:
    found = count(house, job)
    assert (found.slots, found.runs) == (6, 4)
    assert found.lost + found.doubled + found.finished_twice == []
    assert [one for one in found.others if "is still queued" not in one] == []


def test_it_misses_a_due_time_without_a_record(house: House, job: JobAnswer) -> None:
    found = count(house, job, "delete from runs where covers is null and seq = (select min(seq) + 1 from runs)")
    assert [one.startswith("Daily: 2026-05-01 07:10") for one in found.lost] == [True]
    found = count(house, job, "delete from runs where covers is not null")
    assert len(found.lost) == 4


def test_it_misses_what_came_after_the_last_record(house: House, job: JobAnswer) -> None:
    found = count(
        house, job, "update jobs set last_slot = null", "delete from runs where seq = (select max(seq) from runs)"
    )
    assert [one.startswith("Daily: 2026-05-01 07:30") for one in found.lost] == [True]


def test_it_finds_a_due_time_that_two_records_cover(house: House, job: JobAnswer) -> None:
    longer = json.dumps({"count": 4, "from": "2026-05-01T06:40:00.000Z", "to": "2026-05-01T07:10:00.000Z"})
    found = count(house, job, f"update runs set covers = '{longer}' where covers is not null")
    assert [one.startswith("Daily: 2026-05-01 07:10") for one in found.doubled] == [True]


def test_it_finds_a_record_of_what_was_never_due(house: House, job: JobAnswer) -> None:
    found = count(house, job, "update runs set slot_key = '2026-05-01T07:11:00.000Z' where slot_key like '%07:10%'")
    assert len(found.lost) == 1
    assert any("07:11:00+00:00 was never due" in one for one in found.others)


def test_it_finds_an_end_that_was_told_twice(house: House, job: JobAnswer) -> None:
    again = "insert into events (kind, payload, at) select kind, payload, at from events where payload like '%skipped%'"
    assert len(count(house, job, again).finished_twice) >= 1


def test_it_finds_outputs_that_are_not_as_recorded_and_attempts_that_were_made_twice(house: House) -> None:
    house.notebook("a.ipynb", TELL)
    house.start_worker()
    runs = [house.ended(house.run("a.ipynb").id) for _ in range(3)]
    house.leave()
    archive = house.context.archive.root
    gone, changed, _ = files = [Path(archive, str(run.output)) for run in runs]
    assert told(house) == ([], [], [])

    gone.unlink()
    changed.chmod(0o600)
    changed.write_text(changed.read_text() + " ")
    (files[2].parent / "stray").touch()
    (house.workspace / "a.lines").write_text(f"{runs[0].id} 1\n{runs[0].id} 1\n{runs[1].id} 1\n")
    lost, twice, others = told(house)
    assert len(lost) == 2, "an output, and one that was never executed"
    assert len(twice) == 1
    assert len(others) == 3, "another hash, another mode, a stray file"


def told(house: House) -> tuple[list[str], list[str], list[str]]:
    found = Findings()
    with ledger_of(house.context.store.path) as ledger:
        examine_outputs(ledger, house.context.archive.root, found)
        examine_lines(ledger, house.workspace, found)
    return found.lost, found.finished_twice, found.others
