"""The store as version 0.3.0 wrote it, opened by this one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from jupyter_notebook_sched.domain.job import Job
from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.domain.version import Signature
from jupyter_notebook_sched.store import attempts, finding_runs, jobs, migrations, versions
from jupyter_notebook_sched.store.attempts import Ending
from jupyter_notebook_sched.store.connection import Store
from jupyter_notebook_sched.store.run_filter import RunFilter

from ..made import ME, NOON, SECOND, stored
from .recounting import recounted
from .test_second_schema import rows

THIRD = (Path(__file__).parent / "schemas" / "m003.sql").read_text()
NEW = {"kept_until", "resumption", "only_on", "delivery"}


@pytest.fixture(params=[False, True], ids=["local", "network"])
def old(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    """A sweep of two runs, a pinned job with three, a live one with none. Not opened yet."""
    path = tmp_path / "state" / "store.db"
    path.parent.mkdir(mode=0o700)
    connection = sqlite3.connect(path)
    connection.execute(f"pragma journal_mode = {'truncate' if request.param else 'wal'}")
    connection.executescript(THIRD)
    connection.close()
    store = Store(path, network=request.param)
    yield store
    store.close()


def test_it_keeps_every_run_as_it_was(old: Store) -> None:
    before = rows(old.path)
    with old.read() as db:
        assert migrations.schema_version(db) == migrations.NEWEST
        found = finding_runs.page(db, RunFilter(), 10, None)[::-1]
        assert recounted(db) == {}
    after = rows(old.path)
    assert [{name: row[name] for name in was} for was, row in zip(before, after, strict=True)] == before
    assert set(after[0]) - set(before[0]) == NEW | {"taken_over"}
    assert all(row[name] is None for row in after for name in NEW)
    assert not any(row["taken_over"] for row in after)
    assert [(run.name, run.state.value, run.results) for run in found] == [
        ("train (rate=0.1)", "succeeded", {"accuracy": 0.93}),
        ("train (rate=0.2)", "failed", {}),
        ("Täglich", "succeeded", {}),
        ("Täglich", "running", {}),
        ("Täglich", "queued", {}),
    ]
    assert rows(old.path.with_name("store-before-migration-of-m003_batches.db")) == before


def test_it_begins_the_versions_of_every_job_with_the_one_that_it_has(old: Store) -> None:
    with old.read() as db:
        found = {job.name: job for job in jobs.page(db, None, None, (), 10, None) if isinstance(job, Job)}
        assert set(found) == {"Täglich", "Live"}
        for job in found.values():
            (first,) = versions.of_job(db, job.id, job.source_version)
            assert (first.source_version, first.created_at) == (job.source_version, job.created_at)
            assert (first.by, first.message, first.n, first.current) == (None, "", 1, True)
        assert versions.was_run(db, "b" * 64, found["Täglich"].id), "others can be gone back to by their runs"


def test_it_goes_on_with_its_runs_and_its_versions(old: Store) -> None:
    with old.read() as db:
        (going,) = attempts.held_by(db, ME)
        job = next(job for job in jobs.page(db, None, None, ("täglich",), 1, None))
    assert isinstance(job, Job)
    with old.write() as db:
        assert attempts.finish(db, going, Ending(RunState.SUCCEEDED), NOON + 9 * SECOND)
        after = msgspec.structs.replace(job, source_version="c" * 64)
        assert jobs.update(db, after, "published", NOON, signed=Signature("ada", "why"))
    assert stored(old, going.run.id).state == "succeeded"
    with old.read() as db:
        newest, first = versions.of_job(db, job.id, "c" * 64)
    assert (newest.n, newest.by, newest.message, newest.current) == (2, "ada", "why", True)
    assert (first.n, first.current, first.runs) == (1, False, 2)
