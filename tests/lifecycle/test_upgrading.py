"""Two versions side by side: the old worker drains before its store is migrated, and what is newer is not touched."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_notebook_sched.config import STATE_DIR_NAME
from jupyter_notebook_sched.host.rendezvous import Rendezvous
from jupyter_notebook_sched.store.connection import Store

from ..api.asking import Live
from ..house import House
from ..living import lives, wait_until
from ..serving import Served, serving
from ..written import tree, write_notebook

FIRST_SCHEMA = Path(__file__).parent.parent / "store" / "schemas" / "m001.sql"
OLD_WORKER = Path(__file__).with_name("old_worker.py")
OLD_RUNS = 11


def answers(server: Served) -> bool:
    """Whether the server is up, whatever its worker does."""
    return bool(server.call("GET", "api/status"))


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """As version 0.1.0 left it."""
    workspace = tmp_path / "work"
    state = workspace / STATE_DIR_NAME
    state.mkdir(mode=0o700, parents=True)
    write_notebook(workspace / "a.ipynb", "print(1)")
    connection = sqlite3.connect(state / "store.db")
    connection.execute("pragma journal_mode = wal")
    connection.executescript(FIRST_SCHEMA.read_text())
    connection.close()
    return workspace


@pytest.fixture
def old_worker(workspace: Path, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """At work, with a run of its own that goes on until somebody removes the file ``busy``."""
    state = workspace / STATE_DIR_NAME
    (state / "busy").touch()
    meeting = Rendezvous(state)
    meeting.make()
    with open(tmp_path / "heard", "wb") as heard:
        command = [sys.executable, str(OLD_WORKER), str(state), str(meeting.directory)]
        process = subprocess.Popen(command, stdout=heard, cwd=tmp_path)
    wait_until(lambda: (meeting.published() or {}).get("pid") == process.pid, 20, "the old worker")
    yield process
    process.kill()
    process.wait()


def test_it_waits_for_the_old_worker_and_then_goes_on(
    workspace: Path, tmp_path: Path, old_worker: subprocess.Popen[bytes]
) -> None:
    state = workspace / STATE_DIR_NAME
    keep_all = "--NotebookSched.keep_days=100000"  # the old rows are of one day, which passes
    with serving(workspace, tmp_path / "home", keep_all, ready=answers) as server:
        live = Live(server, workspace)
        wait_until(lambda: "drain" in (tmp_path / "heard").read_text().splitlines(), 10, "it is asked to drain")
        for method, path, body in (("POST", "runs", {"notebook": "a.ipynb"}), ("GET", "runs", None)):
            refusal = live(method, path, body).refusal(503)
            assert refusal["reason"] == "upgrading"
            assert "0.1.0" in refusal["message"]
        assert lives(old_worker.pid), "its run has not ended"
        assert not list(state.glob("*before-migration*")), "nothing was begun"

        (state / "busy").unlink()
        old_worker.wait(20)
        wait_until(lambda: live("GET", "runs").status == 200, 20, "the store is upgraded")
        assert len(list(state.glob("*before-migration*"))) == 1, "a backup was kept"
        wait_until(lambda: server.worker()["state"] == "running", 20, "a worker of this version")
        assert server.ended(server.start("a.ipynb"))["state"] == "succeeded"
        known = live("GET", "runs?limit=200").ok()["runs"]
        assert len([run for run in known if run["created_at"] < "2026-06"]) == OLD_RUNS, "the old runs are there"
        assert "stay" not in (tmp_path / "heard").read_text().splitlines(), "nobody called the drain off"


def test_it_leaves_a_newer_store_as_it_is(house: House, tmp_path: Path) -> None:
    house.notebook("a.ipynb", "print(1)")
    house.run("a.ipynb")
    state = house.workspace / STATE_DIR_NAME
    house.context.store.close()
    with contextlib.closing(sqlite3.connect(state / "store.db")) as db, db:
        db.execute("insert into _sqlite_migrations (migration_set, name) values ('notebook_sched', 'm999_the_future')")
    before = tree(state)
    worker = house.start_worker()
    with serving(house.workspace, tmp_path / "home", ready=answers) as server:
        live = Live(server, house.workspace)
        for method, path, body in (
            ("POST", "runs", {"notebook": "a.ipynb"}),
            ("POST", "jobs", {"notebook": "a.ipynb", "name": "a"}),
            ("GET", "runs", None),
            ("GET", "status", None),
        ):
            refusal = live(method, path, body).refusal(503)
            assert refusal["reason"] == "newer_store", path
            assert "install that version" in refusal["message"]
        wait_until(lambda: "newer version" in (house.root / "worker.out").read_text(), 20, "the worker says so, too")
        time.sleep(2.5)  # both look again and again
    worker.terminate()
    worker.wait(20)
    after = tree(state)
    assert {name: after.get(name) for name in before} == before
    assert set(after) - set(before) <= {"store.db-wal", "store.db-shm"}, "readers of a WAL leave these at most"


def test_a_store_of_a_newer_version_is_known_by_its_own_words(tmp_path: Path) -> None:
    """What the test above writes is what a newer version would have: one step more than this one knows."""
    store = Store(tmp_path / "state" / "store.db", network=False)
    store.make()
    with store.read() as db:
        sets = db.execute("select distinct migration_set from _sqlite_migrations").fetchall()
    store.close()
    assert sets == [("notebook_sched",)]
