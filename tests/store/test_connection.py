from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from jupyter_notebook_sched.errors import Unavailable
from jupyter_notebook_sched.store import connection, jobs, runs
from jupyter_notebook_sched.store.connection import Store

from ..made import Interrupted, new_job, queued, write_half
from ..written import tree


def test_it_reads_a_store_that_was_never_made_and_leaves_no_trace(tmp_path: Path) -> None:
    store = Store(tmp_path / "work" / ".notebook-sched" / "store.db", network=False)
    with store.read() as db:
        assert jobs.totals(db) == (0, 0)
        assert runs.get(db, "none") is None
    assert not store.exists()
    assert tree(tmp_path) == {}


@pytest.mark.parametrize(("network", "mode"), [(False, "wal"), (True, "truncate")])
def test_it_journals_as_the_file_system_allows_and_always_syncs_fully(tmp_path: Path, network: bool, mode: str) -> None:
    store = Store(tmp_path / "state" / "store.db", network)
    queued(store)
    with store.read() as db:
        assert db.execute("pragma journal_mode").fetchone()[0] == mode == store.journal_mode
        assert db.execute("pragma synchronous").fetchone()[0] == 2
        beside = {file.name for file in store.path.parent.iterdir()}
    assert ("store.db-wal" in beside) is not network
    store.close()


def test_it_makes_a_private_directory_that_git_ignores(tmp_path: Path) -> None:
    store = Store(tmp_path / "work" / ".notebook-sched" / "store.db", network=False)
    store.make()
    directory = store.path.parent
    assert directory.stat().st_mode & 0o777 == 0o700
    assert store.path.stat().st_mode & 0o777 == 0o600
    assert (directory / ".gitignore").read_text() == "*\n"


def test_it_closes_a_state_directory_that_was_open_to_others(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir(mode=0o755)
    Store(tmp_path / "state" / "store.db", network=False).make()
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory to somebody else")
def test_it_refuses_a_state_directory_of_somebody_else(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    os.chown(tmp_path / "state", 12345, 12345)
    with pytest.raises(Unavailable, match="another user"):
        Store(tmp_path / "state" / "store.db", network=False).make()
    assert tree(tmp_path / "state") == {}


def test_it_takes_everything_back_when_a_block_fails(store: Store) -> None:
    with pytest.raises(Interrupted):
        write_half(store, lambda db: jobs.insert(db, new_job()))
    with store.read() as db:
        assert jobs.totals(db) == (0, 0)


def test_it_sees_one_moment_in_one_block_of_reads(tmp_path: Path) -> None:
    # Only with WAL: otherwise a reader holds writers up, and there is no other moment to see.
    store = Store(tmp_path / "state" / "store.db", network=False)
    store.make()
    with store.read() as db:
        assert jobs.totals(db) == (0, 0)
        thread = threading.Thread(target=queued, args=[store])
        thread.start()
        thread.join()
        assert db.execute("select count(*) from runs").fetchone()[0] == 0
    with store.read() as db:
        assert db.execute("select count(*) from runs").fetchone()[0] == 1


def test_it_says_that_it_is_busy_when_somebody_holds_it_too_long(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.2)
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("begin exclusive" if store.network else "begin immediate")
    impatient = Store(store.path, store.network)
    with pytest.raises(Unavailable) as refused, impatient.write():
        raise AssertionError("the block must not be entered")
    assert refused.value.reason == "busy"
    other.execute("rollback")
    queued(impatient)
    other.close()
    impatient.close()


def test_it_says_that_the_disk_is_full_and_keeps_what_was_there(store: Store) -> None:
    before = queued(store)
    with store.read() as db:
        pages = db.execute("pragma page_count").fetchone()[0]
        db.execute(f"pragma max_page_count = {pages}")
    with pytest.raises(Unavailable) as refused:
        queued(store, parameters={"x": "y" * 500_000})
    assert refused.value.reason == "disk_full"
    with store.read() as db:
        assert [row[0] for row in db.execute("select id from runs").fetchall()] == [before.id]


@pytest.mark.parametrize("content", [b"this is no database" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
@pytest.mark.parametrize("network", [False, True])
def test_it_says_that_a_file_is_damaged_and_leaves_it_alone(tmp_path: Path, content: bytes, network: bool) -> None:
    (tmp_path / "store.db").write_bytes(content)
    store = Store(tmp_path / "store.db", network)
    with pytest.raises(Unavailable), store.write():
        raise AssertionError("the block must not be entered")
    with pytest.raises(Unavailable), store.read():
        raise AssertionError("the block must not be entered")
    assert (tmp_path / "store.db").read_bytes() == content


def test_it_tells_of_damage_that_only_reading_finds(store: Store) -> None:
    for _ in range(20):
        queued(store, parameters={"x": "y" * 4000})
    store.close()
    with store.read() as db:
        assert runs.get(db, "none") is None
    content = bytearray(store.path.read_bytes())
    content[-40_000:] = b"\x5a" * 40_000
    store.path.write_bytes(content)
    with pytest.raises(Unavailable) as refused, store.read() as db:
        db.execute("select sum(length(parameters)), max(kernel) from runs").fetchall()
    assert refused.value.reason == "damaged"


def test_it_notices_that_the_file_is_another_one(store: Store) -> None:
    queued(store)
    for file in store.path.parent.glob("store.db*"):
        file.unlink()
    with store.read() as db:
        assert db.execute("select count(*) from runs").fetchone()[0] == 0
    queued(store)
    with store.read() as db:
        assert db.execute("select count(*) from runs").fetchone()[0] == 1


def test_it_loses_no_write_when_many_threads_write_together(store: Store) -> None:
    def write() -> None:
        for _ in range(10):
            queued(store)
        store.close()

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as db:
        assert db.execute("select count(*) from runs").fetchone()[0] == 60
        assert db.execute("select count(*), max(seq) from events").fetchone() == (60, 60)


MAKE = """
import sys, time
from pathlib import Path
from jupyter_notebook_sched.store.connection import Store
store = Store(Path(sys.argv[1]), network=sys.argv[2] == "True")
time.sleep(max(0, float(sys.argv[3]) - time.time()))
store.make()
with store.write() as db:
    db.execute("insert into idempotency values (?, '', '[]', '')", [sys.argv[4]])
"""


@pytest.mark.parametrize("network", [False, True])
def test_it_is_made_once_when_several_processes_come_at_the_same_moment(tmp_path: Path, network: bool) -> None:
    path, at = tmp_path / "state" / "store.db", time.time() + 1.5
    made = [
        subprocess.Popen([sys.executable, "-c", MAKE, str(path), str(network), str(at), str(number)])
        for number in range(4)
    ]
    assert [process.wait(60) for process in made] == [0, 0, 0, 0]
    store = Store(path, network)
    with store.read() as db:
        assert db.execute("select count(*) from idempotency").fetchone()[0] == 4
    store.close()
