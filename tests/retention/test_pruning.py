"""What is kept no longer goes, with its files and the versions that nobody refers to; nothing else does."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jupyter_notebook_sched.archive import sources
from jupyter_notebook_sched.archive.layout import output_path, run_folder
from jupyter_notebook_sched.config import Settings
from jupyter_notebook_sched.domain.states import RunState
from jupyter_notebook_sched.domain.times import utc_now
from jupyter_notebook_sched.errors import NotFound
from jupyter_notebook_sched.retention import pruning
from jupyter_notebook_sched.scheduler import versions
from jupyter_notebook_sched.service import due_times, jobs, runs
from jupyter_notebook_sched.service.forms import RunsQuery, SkipSlot
from jupyter_notebook_sched.store import attempts
from jupyter_notebook_sched.store.attempts import Ending

from ..house import House
from ..made import HERE, ME, claim, queued
from ..scheduler.ledgers import FRIDAY, HOUR, SEVEN, job_of, tick
from ..written import tree

DAY = timedelta(days=1)
NOON = FRIDAY.replace(hour=12)


def ended(house: House, at: datetime, state: str = "succeeded", size: int = 1000, **fields: Any) -> str:
    """The id of a run that ended at that moment and left so many bytes."""
    run = queued(house.context.store, at, **fields)
    claimed = claim(house.context.store, ME, at, HERE)
    assert claimed is not None
    assert claimed.run.id == run.id
    file = house.context.archive.root / output_path(run.id, 1, run.notebook)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"x" * size)
    file.chmod(0o444)
    reason = {"failed": "cell_error", "cancelled": "user"}.get(state)
    with house.context.store.write() as db:
        assert attempts.finish(db, claimed, Ending(RunState(state), reason, bytes=size), at)
    return run.id


def prune(house: House, now: datetime = NOON, **settings: int) -> None:
    chosen = replace(house.settings, **settings)
    while pruning.prune_once(chosen, house.context.store, house.context.archive, now):
        pass


def left(house: House) -> set[str]:
    """The runs that have a row; each of them, and no other, has its files."""
    house.now = NOON
    found = runs.find(house.context, RunsQuery(limit=200), {}).runs
    folders = {path.name for path in house.context.archive.root.glob("runs/*/*/*/*")}
    assert folders == {run.id for run in found if run.state in ("succeeded", "failed", "cancelled")}
    return {run.id for run in found}


def test_it_keeps_ninety_days_and_five_gigabytes_by_default(house: House) -> None:
    assert (Settings.keep_days, Settings.keep_megabytes) == (90, 5 * 1024)
    old, new = ended(house, NOON - 91 * DAY), ended(house, NOON - 89 * DAY)
    prune(house)
    assert left(house) == {new}
    prune(house, keep_days=89)
    assert left(house) == {new}, "to the day"
    prune(house, NOON + timedelta(milliseconds=1), keep_days=89)
    assert left(house) == set()
    assert old != new


def test_it_keeps_a_jobs_last_success_and_last_failure_however_old(house: House) -> None:
    states = ["succeeded", "failed", "succeeded", "failed", "cancelled"]
    made = [ended(house, NOON - (400 - n) * DAY, state, job_id="job") for n, state in enumerate(states)]
    prune(house)
    prune(house, keep_megabytes=0)
    assert left(house) == {made[2], made[3]}


def test_it_never_touches_what_waits_or_runs(house: House) -> None:
    long_ago = NOON - 1000 * DAY
    waits, runs_on = queued(house.context.store, long_ago).id, queued(house.context.store, long_ago).id
    with house.context.store.write() as db:
        db.execute("update runs set queue_at = '1970-01-01T00:00:00.000Z' where id = ?", [runs_on])
    claimed = claim(house.context.store, ME, long_ago, HERE)
    assert claimed is not None
    assert claimed.run.id == runs_on
    file = house.context.archive.root / output_path(runs_on, 1, "report.ipynb")
    file.parent.mkdir(parents=True)
    file.write_bytes(b"half of it")
    prune(house, keep_days=1, keep_megabytes=0)
    assert file.read_bytes() == b"half of it"
    assert {run.id for run in runs.find(house.context, RunsQuery(), {}).runs} == {waits, runs_on}


def test_it_lets_the_oldest_files_go_until_the_rest_fits(house: House) -> None:
    made = [ended(house, NOON - (9 - n) * DAY, size=400_000) for n in range(5)]
    skipped = queued(house.context.store, NOON - 30 * DAY, state=RunState.SKIPPED, reason="missed", message="m").id
    prune(house, keep_megabytes=1)
    assert left(house) == {*made[3:], skipped}, "what has no files frees nothing"


def retained(house: House, **fields: Any) -> str:
    house.now = NOON - 300 * DAY
    house.notebook("kept.ipynb", "1")
    return house.job("kept.ipynb", **fields).id


def test_it_goes_by_the_jobs_own_count(house: House) -> None:
    job = retained(house, keep_runs=2)
    failed = ended(house, NOON - 9 * HOUR, "failed", job_id=job)
    missed = queued(
        house.context.store, NOON - 8 * HOUR, job_id=job, state=RunState.SKIPPED, reason="missed", message="m"
    )
    made = [ended(house, NOON - (7 - n) * HOUR, job_id=job) for n in range(4)]
    others = [ended(house, NOON - HOUR, job_id="another"), ended(house, NOON - HOUR)]
    assert missed.id in left(house)
    prune(house)
    assert left(house) == {failed, *made[2:], *others}


@pytest.mark.parametrize(("keep_days", "kept"), [(1, 1), (365, 3)])
def test_it_goes_by_the_jobs_own_days_shorter_or_longer(house: House, keep_days: int, kept: int) -> None:
    job = retained(house, keep_days=keep_days)
    made = [ended(house, NOON - days * DAY, job_id=job) for days in (200, 100, 2)]
    stranger = ended(house, NOON - 89 * DAY)
    prune(house)
    assert left(house) == {*made[-kept:], stranger}


@pytest.mark.parametrize("fields", [{"keep_runs": 1}, {"keep_days": 1}, {}], ids=str)
def test_it_keeps_what_was_skipped_ahead_until_its_time_is_long_past(house: House, fields: dict[str, int]) -> None:
    """Its record is what keeps it from running."""
    job = job_of(house, "0 7 * * *", **fields)
    skipped = due_times.skip(house.context, job.id, SkipSlot(scheduled_for=SEVEN + 3 * DAY))
    for day in range(3):
        tick(house, SEVEN + day * DAY)
        claimed = claim(house.context.store, ME, SEVEN + day * DAY, HERE)
        assert claimed is not None
        with house.context.store.write() as db:
            attempts.finish(db, claimed, Ending(RunState.SUCCEEDED), SEVEN + day * DAY)
        prune(house, SEVEN + day * DAY + HOUR, keep_days=1)
    assert runs.get(house.context, skipped.id).reason == "user"
    tick(house, SEVEN + 3 * DAY)
    assert [run.id for run in runs.find(house.context, RunsQuery(state=["queued"]), {}).runs] == []
    prune(house, SEVEN + 3 * DAY + HOUR, keep_days=1)
    if "keep_runs" not in fields:
        assert runs.get(house.context, skipped.id).reason == "user", "its days count from its due time"
    prune(house, SEVEN + 40 * DAY, keep_days=1)
    with pytest.raises(NotFound):
        runs.get(house.context, skipped.id)


def test_it_takes_many_batch_by_batch_with_all_that_leads_to_them(house: House) -> None:
    for _ in range(1201):
        queued(house.context.store, NOON - 200 * DAY, state=RunState.SKIPPED, reason="missed", tags=["t"])
    kept = queued(house.context.store, NOON, state=RunState.SKIPPED, reason="missed", tags=["t"])
    settings = house.settings
    batches = 0
    while pruning.prune_once(settings, house.context.store, house.context.archive, NOON):
        batches += 1
    assert batches == 3, "500 rows in one transaction, no more"
    assert left(house) == {kept.id}
    with house.context.store.read() as db:
        assert db.execute("select count(*) from run_terms").fetchone()[0] == 1
        assert db.execute("select count(*) from attempts").fetchone()[0] == 0


def test_it_goes_on_beside_a_job_that_nobody_can_read(house: House) -> None:
    job = retained(house, keep_runs=1)
    old = ended(house, NOON - 200 * DAY, job_id=job), ended(house, NOON - 199 * DAY, job_id=job)
    with house.context.store.write() as db:
        db.execute("update jobs set spec = '{'")
    prune(house)
    assert left(house) == {old[1]}, "by the default then"


def test_it_removes_files_whose_rows_went_before_it_was_killed(house: House) -> None:
    old, new = ended(house, NOON - 200 * DAY), ended(house, NOON)
    folder = house.context.archive.root / run_folder(old)
    with house.context.store.read() as db:
        rows = pruning.pruning.older_than(db, NOON - 90 * DAY, [], NOON)
    with house.context.store.write() as db:
        pruning.pruning.remove(db, rows, {old: run_folder(old)})
    assert folder.exists(), "as far as a worker came that was killed here"
    prune(house)
    assert not folder.exists()
    assert not folder.parent.exists(), "and a day without runs"
    assert left(house) == {new}


def link_inside(folder: Path) -> None:
    (folder / "1" / "out.csv").symlink_to(folder.parents[6] / "precious" / "data.csv")
    (folder / "1" / "all").symlink_to(folder.parents[6] / "precious")


def link_instead(folder: Path) -> None:
    os.rename(folder, folder.with_name("moved"))
    folder.symlink_to(folder.parents[6] / "precious")


def link_above(folder: Path) -> None:
    day = folder.parent
    os.rename(day, folder.parents[6] / "precious" / "day")
    day.symlink_to(folder.parents[6] / "precious" / "day")


@pytest.mark.parametrize("place", [link_inside, link_instead, link_above])
def test_it_follows_no_link(house: House, place: Callable[[Path], None]) -> None:
    run_id = ended(house, NOON - 200 * DAY)
    precious = house.context.archive.root.parents[1] / "precious"
    assert (house.context.archive.root / run_folder(run_id)).parents[6] == precious.parent
    precious.mkdir()
    (precious / "data.csv").write_text("precious")
    place(house.context.archive.root / run_folder(run_id))
    before = tree(precious)
    prune(house)
    assert tree(precious) == before
    assert runs.find(house.context, RunsQuery(), {}).runs == []


def aged(house: House, version: str, by: timedelta) -> Path:
    """The file of a version that was last wanted so long ago."""
    file = house.context.archive.root / "sources" / f"{version}.ipynb"
    moment = (utc_now() - by).timestamp()
    os.utime(file, (moment, moment))
    return file


def test_it_removes_a_version_only_when_nothing_refers_to_it(house: House) -> None:
    by_job = house.job(house.notebook("job.ipynb", "1")).source_version
    by_run = house.run(house.notebook("run.ipynb", "2")).source_version
    by_both = house.job(house.notebook("both.ipynb", "3"))
    house.run("both.ipynb")
    nobodys, new = (sources.store(house.context.archive, text) for text in (b"nobody's", b"new"))
    files = {version: aged(house, version, 2 * HOUR) for version in (by_job, by_run, by_both.source_version, nobodys)}
    aged(house, new, timedelta(minutes=50))
    prune(house, utc_now())
    assert [version for version, file in files.items() if not file.exists()] == [nobodys]
    assert sources.is_kept(house.context.archive, new), "the row that names it may be on its way"
    jobs.delete(house.context, by_both.id)
    prune(house, utc_now())
    assert files[by_both.source_version].exists(), "a run still has it"


def test_it_removes_the_version_of_a_run_that_is_kept_no_longer(house: House) -> None:
    version = sources.store(house.context.archive, b"old")
    ended(house, NOON - 200 * DAY, source_version=version)
    file = aged(house, version, 2 * HOUR)
    prune(house, utc_now())
    assert not file.exists()


def test_it_leaves_a_version_that_was_wanted_again(house: House) -> None:
    version = sources.store(house.context.archive, b"again")
    file = aged(house, version, 2 * HOUR)
    sources.store(house.context.archive, b"again")
    prune(house, utc_now())
    assert file.exists()


def test_it_starts_no_run_without_its_version(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The version was kept, then removed as unused, before the row that names it was written."""
    keep, forgotten = versions.keep, []

    def keep_and_forget(archive: Any, snapshot: versions.Snapshot) -> None:
        keep(archive, snapshot)
        if not forgotten:
            forgotten.append(snapshot.version)
            aged(house, snapshot.version, 2 * HOUR)
            prune(house, utc_now())
            assert not sources.is_kept(archive, snapshot.version)

    house.context.store.make()
    monkeypatch.setattr(versions, "keep", keep_and_forget)
    run = house.run(house.notebook("a.ipynb", "1"))
    assert run.source_version in forgotten
    assert sources.is_kept(house.context.archive, run.source_version)


def test_it_sweeps_what_was_left_half_written(house: House) -> None:
    house.run(house.notebook("a.ipynb", "1"))
    folder = house.context.archive.root / "sources"
    old, new = folder / ".nbs-tmp-old", folder / ".nbs-tmp-new"
    for file in (old, new):
        file.write_bytes(b"half")
    moment = (utc_now() - 25 * HOUR).timestamp()
    os.utime(old, (moment, moment))
    prune(house, utc_now())
    assert (old.exists(), new.exists()) == (False, True)
