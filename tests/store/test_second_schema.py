"""The store as version 0.2.0 wrote it, opened by this one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.store import attempts, finding_runs, jobs, migrations, runs
from jupyter_notebook_sched.store.attempts import Ending
from jupyter_notebook_sched.store.connection import Store
from jupyter_notebook_sched.store.run_filter import RunFilter

from ..made import ME, NOON, claim, queued, stored
from .recounting import recounted

SECOND = (Path(__file__).parent / "schemas" / "m002.sql").read_text()
NEW = {"results", "rendering", "batch_index", "label", "kept_until", "resumption", "only_on", "delivery"}


@pytest.fixture(params=[False, True], ids=["local", "network"])
def old(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    """Four runs (succeeded, failed, running, queued) and a job. Not opened yet."""
    path = tmp_path / "state" / "store.db"
    path.parent.mkdir(mode=0o700)
    connection = sqlite3.connect(path)
    connection.execute(f"pragma journal_mode = {'truncate' if request.param else 'wal'}")
    connection.executescript(SECOND)
    connection.close()
    store = Store(path, network=request.param)
    yield store
    store.close()


def rows(path: Path) -> list[dict[str, Any]]:
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    found = [dict(row) for row in connection.execute("select * from runs_seen order by seq")]
    connection.close()
    return found


def test_it_keeps_every_run_as_it_was(old: Store) -> None:
    before = rows(old.path)
    with old.read() as db:
        assert migrations.schema_version(db) == migrations.NEWEST
        found = finding_runs.page(db, RunFilter(), 10, None)[::-1]
        assert recounted(db) == {}
        assert [job.id for job in jobs.scheduled(db)] == []
    after = rows(old.path)
    assert [{name: row[name] for name in was} for was, row in zip(before, after, strict=True)] == before
    assert set(after[0]) - set(before[0]) == NEW | {"plain_name", "taken_over"}
    assert all(row[name] is None for row in after for name in NEW)
    assert [(run.name, run.state.value, run.results) for run in found] == [
        ("Größe", "succeeded", {}),
        ("report", "failed", {}),
        ("long", "running", {}),
        ("report", "queued", {}),
    ]


def test_it_backs_it_up_first(old: Store) -> None:
    before = rows(old.path)
    with old.read():
        pass
    backup = old.path.with_name("store-before-migration-of-m002_the_ledger.db")
    assert rows(backup) == before


def test_it_goes_on_with_its_runs(old: Store) -> None:
    with old.read() as db:
        (going,) = attempts.held_by(db, ME)
    with old.write() as db:
        assert attempts.finish(db, going, Ending(RunState.SUCCEEDED, results={"n": 1}), NOON)
    assert stored(old, going.run.id).results == {"n": 1}
    waiting = claim(old)
    assert waiting is None or waiting.run.name == "report"
    made = queued(old, batch_id="b", batch_index=0, label="x=1")
    assert (made.name, made.batch_id) == ("report (x=1)", "b")
    with old.write() as db:
        assert runs.cancel_queued(db, made.id, NOON)
