"""What goes wrong around a server while it runs: it goes on as well as it can, and always obeys SIGTERM."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from jupyter_notebook_sched.host.rendezvous import Rendezvous
from jupyter_notebook_sched.store.connection import Store

from ..living import lives, wait_until
from ..serving import Served, serving
from ..written import write_notebook


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    write_notebook(tmp_path / "work" / "a.ipynb", "print(1)")
    return tmp_path / "work"


@pytest.fixture
def server(workspace: Path, tmp_path: Path) -> Iterator[Served]:
    with ExitStack() as stack:
        yield stack.enter_context(serving(workspace, tmp_path / "home"))


def test_it_meets_its_worker_again_when_the_meeting_place_was_removed(server: Served, workspace: Path) -> None:
    assert server.ended(server.start("a.ipynb"))["state"] == "succeeded"
    first = server.worker()["pid"]
    place = Rendezvous(workspace / ".notebook-sched").directory
    shutil.rmtree(place)
    wait_until(lambda: server.worker()["pid"] is not None, 10, "a worker can be met again")
    assert server.ended(server.start("a.ipynb"), 20)["state"] == "succeeded"
    wait_until(lambda: list(place.glob("server-*.sock")), 10, "the server can be woken again")
    time.sleep(8)  # longer than a worker waits that believes itself forsaken
    assert server.worker()["state"] == "running"
    now = server.worker()["pid"]
    assert now == first or not lives(first), "there is one worker"
    assert server.stop() < 2.0


def test_it_obeys_while_the_meeting_place_cannot_be_made(server: Served, workspace: Path) -> None:
    place = Rendezvous(workspace / ".notebook-sched").directory
    worker = server.worker()["pid"]
    shutil.rmtree(place)
    place.write_text("in the way")
    try:
        time.sleep(2)
        assert server.call("GET", "notebook-sched/runs")["runs"] == []
        assert server.stop() < 2.0
    finally:
        place.unlink()
    wait_until(lambda: not lives(worker), 30, "the worker leaves, for nobody is left")


def test_it_steps_over_an_event_that_cannot_be_read(server: Served, workspace: Path) -> None:
    server.ended(server.start("a.ipynb"))
    worker = server.worker()["pid"]
    with contextlib.closing(sqlite3.connect(workspace / ".notebook-sched" / "store.db")) as db, db:
        db.execute("insert into events (kind, payload, at) values ('run', '{half', '2026-01-01T00:00:00.000Z')")
    assert server.ended(server.start("a.ipynb"))["state"] == "succeeded"
    time.sleep(7)  # longer than a worker waits that believes itself forsaken
    assert (server.worker()["pid"], server.worker()["state"]) == (worker, "running")
    assert server.stop() < 2.0


def test_it_ends_at_once_although_every_thread_waits_for_the_store(server: Served, workspace: Path) -> None:
    Store(workspace / ".notebook-sched" / "store.db", network=False).make()
    with contextlib.closing(sqlite3.connect(workspace / ".notebook-sched" / "store.db", isolation_level=None)) as db:
        db.execute("begin immediate")

        def ask() -> None:
            with contextlib.suppress(OSError):
                server.start("a.ipynb")

        asking = [threading.Thread(target=ask) for _ in range(6)]
        for thread in asking:
            thread.start()
        time.sleep(1.5)
        assert server.stop() < 2.0
        db.execute("rollback")
    for thread in asking:
        thread.join(10)
