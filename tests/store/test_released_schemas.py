"""Every schema that was ever released migrates with all its rows."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from jupyter_notebook_sched.domain.job import Job
from jupyter_notebook_sched.domain.retry import Retry
from jupyter_notebook_sched.domain.run import CellError, CellOutcome, Covers, Progress, RunPolicies
from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.domain.times import to_text
from jupyter_notebook_sched.errors import Unavailable
from jupyter_notebook_sched.host.identity import own_identity, start_time
from jupyter_notebook_sched.host.watching import looking_out
from jupyter_notebook_sched.scheduler.zone_rules import follow_zone_rules
from jupyter_notebook_sched.store import attempts, claims, finding_runs, idempotency, jobs, ledger, outbox, runs
from jupyter_notebook_sched.store.connection import Store
from jupyter_notebook_sched.store.run_filter import RunFilter

from ..made import ME, NOON, SECOND, claim, stored
from ..written import tree
from .recounting import recounted

FIRST = (Path(__file__).parent / "schemas" / "m001.sql").read_text()
DAY = timedelta(days=1)


@pytest.fixture(params=[False, True], ids=["local", "network"])
def old(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    """The store of a workspace that the first release wrote: a few rows of every kind. Not opened yet."""
    path = tmp_path / "state" / "store.db"
    path.parent.mkdir(mode=0o700)
    connection = sqlite3.connect(path)
    connection.execute(f"pragma journal_mode = {'truncate' if request.param else 'wal'}")
    connection.executescript(FIRST)
    connection.close()
    store = Store(path, network=request.param)
    yield store
    store.close()


MILLISECOND = timedelta(milliseconds=1)


def rows(path: Path, sql: str) -> list[dict[str, Any]]:
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    found = [dict(row) for row in connection.execute(sql)]
    connection.close()
    return found


def test_it_keeps_every_run_as_it_was(old: Store) -> None:
    before = rows(old.path, "select * from runs order by seq")
    with old.read() as db:
        found = finding_runs.page(db, RunFilter(), 200, None)[::-1]
        after = rows(old.path, "select * from runs_seen order by seq")
    assert len(before) == len(after) == len(found) == 11
    for was, is_now, run in zip(before, after, found, strict=True):
        same = set(was) & set(is_now) - {"parameters_template", "cells"}
        assert {name: is_now[name] for name in same} == {name: was[name] for name in same}
        assert (run.id, run.name, run.notebook) == (was["id"], was["name"], was["notebook"])
        assert run.parameters_template == json.loads(was["parameters_template"])
        assert json.loads(is_now["cells"] or "[]") == json.loads(was["cells"])
    assert {was["state"] for was in before} == {state.value for state in RunState}


def test_it_keeps_the_attempts_with_their_cells_and_errors(old: Store) -> None:
    told = rows(old.path, "select * from attempts order by run_id, n")
    with old.read() as db:
        (failed,) = (run for run in finding_runs.page(db, RunFilter(states=("failed",)), 9, None) if run.attempt == 2)
        detail = runs.get_detail(db, failed.id)
        policies = runs.policies(db, failed.id)
        kept = [
            (run.id, past.n, past.state, past.reason, past.message, past.output)
            for run in finding_runs.page(db, RunFilter(), 200, None)
            for past in getattr(runs.get_detail(db, run.id), "attempts", [])
            if past.state != "running"
        ]
    assert detail is not None
    assert detail.error == CellError(1, "c1", "ZeroDivisionError", "division by zero", "Traceback …\n  1 / 0")
    assert detail.cells == [CellOutcome(0, "ok", 0.5), CellOutcome(1, "failed", 0.125)]
    assert (detail.progress, detail.output_sha256) == (Progress(1, 2), "c" * 64)
    assert [past.n for past in detail.attempts] == [1, 2]
    assert policies == RunPolicies(Retry(max_attempts=3, delay_seconds=0), 60.0, 5.5)
    assert sorted(kept) == [
        (row["run_id"], row["n"], row["state"], row["reason"], row["message"], row["output"]) for row in told
    ]


def test_it_keeps_the_jobs_and_the_record_of_their_due_times(old: Store) -> None:
    before = {row["id"]: row for row in rows(old.path, "select * from jobs")}
    with old.read() as db:
        found = {job.id: job for job in jobs.page(db, None, None, (), 10, None)}
        assert set(found) == set(before)
        for job in found.values():
            assert isinstance(job, Job)
            was = before[job.id]
            assert (job.name, job.notebook, job.revision) == (was["name"], was["notebook"], was["revision"])
            assert (job.paused, job.problem) == (bool(was["paused"]), was["problem"])
            assert job.anchor == job.created_at
            counts_from = job.next_run_at - MILLISECOND if job.next_run_at else job.updated_at
            assert job.restarted_at == counts_from, "what was before the next one is not caught up"
            moments = (job.next_run_at, job.last_slot)
            assert [moment and to_text(moment) for moment in moments] == [was["next_run_at"], was["last_slot"]]
        daily = next(job for job in found.values() if job.name == "Daily report")
        assert isinstance(daily, Job)
        assert daily.parameters == {"x": [1, 2.5, None, "Zürich 😀"]}
        assert (daily.tags, daily.retry.max_attempts, daily.slots_run) == (["etl", "日次"], 3, 4)
        record = ledger.record_of(db, daily.id, NOON)
        assert record is not None
        assert (record.state, record.reason, record.attempts) == ("failed", "invalid", 0)
        (missed,) = (run for run in finding_runs.page(db, RunFilter(job=daily.id), 9, None) if run.covers)
        assert missed.covers == Covers(3, NOON - 3 * DAY, NOON - DAY)


def test_it_finds_and_counts_the_runs_as_if_they_had_been_made_now(old: Store) -> None:
    with old.read() as db:
        assert [run.name for run in finding_runs.page(db, RunFilter(words=("größ",)), 9, None)] == ["Größe"]
        assert [run.name for run in finding_runs.page(db, RunFilter(parameters={"region": "eu-ü"}), 9, None)]
        assert len(finding_runs.page(db, RunFilter(tag="日次"), 9, None)) == 1
        assert len(finding_runs.page(db, RunFilter(notebook="ordner/größe.ipynb"), 9, None)) == 1
        counts, _ = finding_runs.counts(db, RunFilter())
        assert counts == {"succeeded": 1, "failed": 2, "cancelled": 2, "skipped": 2, "queued": 3, "running": 1}
        assert recounted(db) == {}


def test_it_goes_on_with_what_waits_and_knows_what_ran(old: Store) -> None:
    with old.write() as db:
        (orphan,) = attempts.held_by(db, replace(ME, epoch=0))
        assert attempts.owners(db) == [orphan.owner]
        assert attempts.last_cells(db, orphan.run.id) == [CellOutcome(0, "ok", 0.5), CellOutcome(1, "not_run")]
        assert orphan.run.progress == Progress(1, 3, 1)
        assert attempts.finish(db, orphan, attempts.Ending(RunState.FAILED, "lost", "its worker vanished"), NOON)
    behind, retried = (stored(old, run_id) for run_id in waiting(old))
    first = claim(old, now=NOON + timedelta(minutes=30))
    assert first is not None
    assert first.run.parameters == {"x": None}
    assert claim(old, now=NOON + timedelta(minutes=30)) is None, "one waits for its time, one for that one"
    with old.read() as db:
        assert claims.active_of_job(db, behind.id) == [retried.id]
    second = claim(old, now=NOON + timedelta(hours=1))
    assert second is not None
    assert (second.run.id, second.run.attempt) == (retried.id, 2)
    assert claim(old, now=NOON + timedelta(hours=1)) is None
    with old.write() as db:
        assert runs.skip(db, behind.id, "superseded", "a newer one came", NOON)


def waiting(store: Store) -> list[str]:
    """The waiting runs of jobs, the newest first."""
    with store.read() as db:
        return [run.id for run in finding_runs.page(db, RunFilter(states=("queued",)), 9, None) if run.job_id]


def test_it_keeps_the_keys_and_the_position_of_events(old: Store) -> None:
    with old.write() as db:
        assert idempotency.find(db, "schlüssel", NOON) == idempotency.Answered("digest", ["r1"])
        assert outbox.last_seq(db) == 32
        outbox.tell_job(db, "j", "created", NOON + SECOND)
        assert [event.seq for event in outbox.after(db, 31)] == [32, 33]


def test_it_keeps_a_whole_backup_beside_the_store(old: Store) -> None:
    before = rows(old.path, "select * from runs")
    with old.read():
        pass
    (backup,) = old.path.parent.glob("*before-migration*")
    assert backup.name == "store-before-migration-of-m001_the_first_schema.db"
    assert rows(backup, "select * from runs") == before
    assert backup.stat().st_mode & 0o077 == 0, "it holds what the store holds"


def test_it_waits_for_a_worker_of_the_old_version_to_leave(old: Store) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    started = start_time(child.pid)
    assert started is not None
    identity = replace(own_identity(), pid=child.pid, started=started)
    connection = sqlite3.connect(old.path)
    with connection:
        connection.execute("update workers set identity = ?", [str(identity)])
    connection.close()
    before = tree(old.path.parent)
    watching = Store(old.path, old.network, looking_out())
    for use in (watching.read, watching.write):
        with pytest.raises(Unavailable) as refused, use():
            raise AssertionError("the block must not be entered")
        assert (refused.value.reason, refused.value.status) == ("upgrading", 503)
        assert "0.1.0" in refused.value.message
    assert {name: tree(old.path.parent).get(name) for name in before} == before
    assert not list(old.path.parent.glob("*before-migration*"))
    child.kill()
    child.wait()
    with watching.read() as db:
        assert len(finding_runs.page(db, RunFilter(), 20, None)) == 11
    watching.close()


def test_it_waits_for_one_on_another_host_until_that_is_known_to_be_gone(old: Store) -> None:
    asked: list[tuple[str, int]] = []

    def lives(identity: str, beat: int) -> bool:
        asked.append((identity, beat))
        return len(asked) < 2

    watching = Store(old.path, old.network, lives)
    with pytest.raises(Unavailable, match="has ended its runs"), watching.read():
        raise AssertionError("the block must not be entered")
    with watching.read() as db:
        assert runs.get(db, "none") is None
    assert set(asked) == {("here/boot/1/10/100", 0)}
    watching.close()


def test_it_catches_nothing_up_that_came_before_the_next_due_time(old: Store) -> None:
    """Of jobs that were resumed or edited by the version before, which did not write down since when they count."""
    with old.read() as db:
        before = {job.id: job.next_run_at for job in jobs.scheduled(db) if isinstance(job, Job)}
    assert before
    assert follow_zone_rules(old, NOON) == 0
    with old.read() as db:
        assert {job.id: job.next_run_at for job in jobs.scheduled(db) if isinstance(job, Job)} == before
