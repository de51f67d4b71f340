"""A version keeps its source as long as somebody may want to go back to it, and not for ever."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from jupyter_notebook_sched.archive import sources
from jupyter_notebook_sched.domain.times import to_text
from jupyter_notebook_sched.retention import pruning
from jupyter_notebook_sched.service import jobs, versions
from jupyter_notebook_sched.store.pruning import KEPT_VERSIONS, MOST_VERSIONS

from ..house import House
from ..made import queued
from ..scheduler.ledgers import FRIDAY

DAY = timedelta(days=1)
NOON = FRIDAY.replace(hour=12)


def add_versions(house: House, job_id: str, number: int, at: datetime) -> list[str]:
    """So many versions with a source each, older than the job's own; the oldest first."""
    archive = house.context.archive
    made = [sources.version_of(str(n).encode()) for n in range(number)]
    (archive.root / "sources").mkdir(exist_ok=True)
    for n, version in enumerate(made):
        file = archive.root / "sources" / f"{version}.ipynb"
        file.write_bytes(str(n).encode())
        os.utime(file, (0, 0))
    with house.context.store.write() as db:
        db.execute("update versions set n = n + ? where job_id = ?", [number, job_id])
        db.conn.executemany(
            "insert into versions (job_id, n, source_version, made_at) values (?, ?, ?, ?)",
            [(job_id, n, version, to_text(at)) for n, version in enumerate(made, 1)],
        )
    return made


def prune(house: House) -> None:
    while pruning.prune_once(house.settings, house.context.store, house.context.archive, NOON):
        pass


def kept(house: House) -> set[str]:
    return {file.stem for file in Path(house.context.archive.root / "sources").glob("*.ipynb")}


def test_it_keeps_the_sources_of_all_that_can_be_gone_back_to(house: House) -> None:
    house.now = NOON
    job = house.job(house.notebook("a.ipynb", "1"))
    made = add_versions(house, job.id, 50, NOON - 89 * DAY)
    prune(house)
    assert kept(house) == {*made, job.source_version}


def test_it_forgets_old_ones_but_the_newest_the_jobs_own_and_those_that_ran(house: House) -> None:
    house.now = NOON
    job = house.job(house.notebook("a.ipynb", "1"))
    other = house.job(house.notebook("b.ipynb", "2"))
    made = add_versions(house, job.id, 60, NOON - 91 * DAY)
    queued(house.context.store, NOON - DAY, source_version=made[0])
    with house.context.store.write() as db:
        db.execute("update jobs set source_version = ? where id = ?", [made[1], job.id])
    prune(house)
    found = versions.of_job(house.context, job.id)
    newest = [job.source_version, *made[:-KEPT_VERSIONS:-1]]
    assert [version.source_version for version in found] == [*newest, made[1], made[0]]
    assert [version.source_version for version in found if version.current] == [made[1]]
    assert kept(house) == {*newest, made[0], made[1], other.source_version}
    assert len(newest) == KEPT_VERSIONS


def test_it_has_a_bound_for_a_notebook_that_is_never_twice_the_same(house: House) -> None:
    house.now = NOON
    job = house.job(house.notebook("a.ipynb", "1"), source="live")
    made = add_versions(house, job.id, MOST_VERSIONS + 700, NOON - DAY)
    assert len(versions.of_job(house.context, job.id)) == MOST_VERSIONS, "an answer has an end"
    prune(house)
    found = versions.of_job(house.context, job.id)
    assert len(found) == MOST_VERSIONS
    assert kept(house) == {version.source_version for version in found} == {job.source_version, *made[701:]}


def test_it_forgets_the_versions_of_a_job_that_is_gone(house: House) -> None:
    house.now = NOON
    job = house.job(house.notebook("a.ipynb", "1"))
    add_versions(house, job.id, 3, NOON)
    jobs.delete(house.context, job.id)
    gone = house.job(house.notebook("b.ipynb", "2"))
    with house.context.store.write() as db:  # by somebody's own hand
        assert db.execute("select count(*) from versions where job_id = ?", [job.id]).fetchone()[0] == 0
        db.execute("delete from jobs where id = ?", [gone.id])
    prune(house)
    with house.context.store.read() as db:
        assert db.execute("select count(*) from versions").fetchone()[0] == 0
