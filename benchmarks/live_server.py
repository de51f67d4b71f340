"""A real Jupyter server on a scratch workspace, with its worker, and with what a measurement puts there first."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from jupyter_notebook_sched.config import STATE_DIR_NAME
from jupyter_notebook_sched.store.connection import Store
from tests.living import lives, wait_until
from tests.serving import Served, serving

TRIVIAL = ("import math", "x = 2", "y = math.sqrt(x)", "print(y)", "[y] * 3")
JOURNALS = {"wal": False, "truncate": True}
"""SQLite's journal mode → whether it is that of network file systems."""
# Python runs a module of this name at its start: the server and the worker that it starts know no local disk then.
NO_LOCAL_DISK = "from jupyter_notebook_sched.host import filesystem\nfilesystem.LOCAL = frozenset()\n"


@contextlib.contextmanager
def live_server(
    prepare: Callable[[Path, Store], None] | None = None,
    *options: str,
    journal: str = "wal",
    within: Sequence[str] = (),
) -> Iterator[tuple[Served, Path]]:
    """Up with its worker running, and its workspace; both gone at the end. ``prepare`` fills workspace and store
    before. ``within``: a command that the server is run by."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        workspace, home = Path(folder) / "workspace", Path(folder) / "home"
        workspace.mkdir()
        home.mkdir()
        if prepare is not None:
            store = store_of(workspace, journal)
            prepare(workspace, store)
            store.close()
        surroundings = _surroundings(home, journal)
        with serving(workspace, home, *options, within=within, **surroundings) as server:  # type: ignore[arg-type]
            assert server.call("GET", "notebook-sched/status")["store"]["journal_mode"] == journal
            worker = server.worker()["pid"]
            yield server, workspace
        wait_until(lambda: not lives(worker), 120, "the worker's end")


@contextlib.contextmanager
def bare_server(folder: Path) -> Iterator[Served]:
    """A server without the extension, from its first answer on."""
    without = """--ServerApp.jpserver_extensions={'jupyter_notebook_sched': False}"""
    workspace = folder / "workspace"
    workspace.mkdir()
    with serving(workspace, folder / "home", without, ready=_answers) as server:
        yield server


@contextlib.contextmanager
def just_started(folder: Path) -> Iterator[Served]:
    """A server with the extension, from its first answer on; its worker need not be up."""
    workspace = folder / "workspace"
    workspace.mkdir()
    with serving(workspace, folder / "home", ready=_answers) as server:
        yield server
        wait_until(lambda: server.worker()["state"] == "running")
        worker = server.worker()["pid"]
    wait_until(lambda: not lives(worker), 120, "the worker's end")


def store_of(workspace: Path, journal: str = "wal") -> Store:
    return Store(workspace / STATE_DIR_NAME / "store.db", JOURNALS[journal])


def _answers(server: Served) -> bool:
    """Waits in small steps for the first answer."""
    while server.process.poll() is None:
        try:
            server.call("GET", "api")
            return True
        except OSError:
            time.sleep(0.003)
    return False


def _surroundings(home: Path, journal: str) -> dict[str, str]:
    if not JOURNALS[journal]:
        return {}
    (home / "sitecustomize.py").write_text(NO_LOCAL_DISK)
    return {"PYTHONPATH": os.pathsep.join([str(home), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)}
