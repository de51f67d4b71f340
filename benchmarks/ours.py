"""Notebook Sched as a contender: a real server with its worker, asked over REST."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jupyter_notebook_sched.config import STATE_DIR_NAME
from tests.serving import Served

from .asking import Asker
from .contender import AT_A_TIME
from .group import Group, group
from .live_server import live_server

LOOK_SECONDS = 0.002
PATIENCE_SECONDS = 300.0


@dataclass(frozen=True)
class Asked:
    """When a run was asked for and when that was answered, seconds of the wall clock."""

    run_id: str
    at: float
    answered: float


class Ours:
    name = "notebook sched"

    def __init__(self, server: Served, folder: Path, members: Group) -> None:
        self.server = server
        self.folder = folder
        self.group = members
        self.worker: int = server.worker()["pid"]
        self._asker = Asker(server)
        self._asking = threading.Lock()
        self._store = f"file:{folder / STATE_DIR_NAME / 'store.db'}?mode=ro"

    def run(self, notebook: str) -> float:
        started = time.perf_counter()
        self.ended(self.start(notebook))
        return time.perf_counter() - started

    def warm_up(self, notebook: str) -> None:
        """The first run asks for a fork server; from the second on kernels are forked."""
        for _ in range(2):
            self.run(notebook)
            self.group.settle()

    def asked(self, notebook: str) -> Asked:
        """A new run, just asked for."""
        at = time.time()
        run_id = str(self._ask("runs", {"notebook": notebook})["id"])
        return Asked(run_id, at, time.time())

    def start(self, notebook: str) -> str:
        """The id of a new run."""
        return self.asked(notebook).run_id

    def ended(self, run_id: str) -> dict[str, Any]:
        """The run once it has ended, as the API tells it. The store is what is looked at until then: a server that is
        asked again and again would be part of what is measured."""
        with contextlib.closing(sqlite3.connect(self._store, uri=True)) as store:
            sql = "select state in ('queued', 'running') from runs where id = ?"
            _wait_while(lambda: bool(store.execute(sql, [run_id]).fetchone()[0]))
        run: dict[str, Any] = self._ask(f"runs/{run_id}")
        assert run["state"] == "succeeded", f"{run['state']} {run['reason']} {run['message']}"
        return run

    def queue(self, notebook: str, count: int) -> float:
        """Wall seconds from the first request to the last end of so many runs, all asked for at once."""
        started = time.time()
        ids = [self.start(notebook) for _ in range(count)]
        with contextlib.closing(sqlite3.connect(self._store, uri=True)) as store:
            sql = "select count(*) from runs where state in ('queued', 'running')"
            _wait_while(lambda: store.execute(sql).fetchone()[0] > 0, 0.02)
            sql = "select count(*), max(finished_at) from runs where state = 'succeeded' and id >= ?"
            succeeded, last = store.execute(sql, [min(ids)]).fetchone()
        assert succeeded == count, f"{succeeded} of {count} runs succeeded"
        return moment(last) - started

    def output(self, run: dict[str, Any]) -> Path:
        """Its output notebook."""
        return self.folder / STATE_DIR_NAME / "archive" / str(run["output"])

    def executed(self, run: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.output(run).read_bytes())
        return found

    def _ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        with self._asking:
            return self._asker.ask(path, body)[1]


@contextlib.contextmanager
def ours(places: int = AT_A_TIME, *options: str) -> Iterator[Ours]:
    """``options``: of the server."""
    with (
        group() as members,
        live_server(None, f"--NotebookSched.capacity={places}", *options, within=members.within) as found,
    ):
        yield Ours(*found, members)


def moment(text: str) -> float:
    """Seconds of the wall clock."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def _wait_while(condition: Callable[[], bool], pause: float = LOOK_SECONDS) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while condition():
        assert time.monotonic() < until, f"it did not end within {PATIENCE_SECONDS:g} s"
        time.sleep(pause)
