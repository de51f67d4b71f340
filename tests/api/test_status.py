"""How it stands, and what is answered when the store cannot be used."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from jupyter_notebook_sched import __version__
from jupyter_notebook_sched.host.rendezvous import Rendezvous
from jupyter_notebook_sched.store.connection import Store

from ..written import tree, write_notebook
from .asking import Api

CRON = {"type": "cron", "cron": "0 7 * * *", "timezone": "UTC"}


async def test_it_says_how_it_stands_and_writes_nothing(api: Api, workspace: Path) -> None:
    found = (await api("GET", "status")).ok()
    assert found["version"] == __version__
    assert found["queue"] == {"queued": 0, "running": 0}
    assert found["jobs"] == {"total": 0, "paused": 0, "next_run_at": None}
    assert found["store"] == {
        "path": str(workspace / ".notebook-sched" / "store.db"),
        "journal_mode": "wal",
        "network_filesystem": False,
        "archive_bytes": 0,
    }
    assert found["tzdata"].startswith("20")
    assert tree(workspace) == {}


async def test_it_counts_what_waits_and_what_is_scheduled(api: Api, workspace: Path) -> None:
    write_notebook(workspace / "a.ipynb", "1")
    (await api("POST", "runs", {"notebook": "a.ipynb"})).ok(201)
    job = (await api("POST", "jobs", {"name": "j", "notebook": "a.ipynb", "trigger": CRON})).ok(201)
    (await api("POST", "jobs", {"name": "k", "notebook": "a.ipynb", "trigger": CRON, "paused": True})).ok(201)
    found = (await api("GET", "status")).ok()
    assert found["queue"] == {"queued": 1, "running": 0}
    assert found["jobs"] == {"total": 2, "paused": 1, "next_run_at": job["next_run_at"]}


async def test_it_keeps_a_state_directory_elsewhere_where_it_is_told_to(
    tmp_path: Path, workspace: Path, jp_server_config: Any, request: pytest.FixtureRequest
) -> None:
    jp_server_config.NotebookSched.state_dir = str(tmp_path / "elsewhere")
    meeting = Rendezvous(tmp_path / "elsewhere")
    meeting.make()
    lock = meeting.lock()
    context = request.getfixturevalue("context")
    assert context.store.path == tmp_path / "elsewhere" / "store.db"
    assert not (workspace / ".notebook-sched").exists()
    assert lock is not None
    os.close(lock)


def newer(path: Path) -> None:
    store = Store(path, network=False)
    store.make()
    with store.write() as db:
        db.execute(
            "insert into _sqlite_migrations values ((select max(id) + 1 from _sqlite_migrations), ?, ?, ?)",
            [
                "notebook_sched",
                "m999_from_the_future",
                "2099-01-01",
            ],
        )
    store.close()


def damaged(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"this is no database" * 1000)


@pytest.fixture(params=[newer, damaged])
def unusable(request: pytest.FixtureRequest, workspace: Path) -> dict[str, Any]:
    """A store that cannot be used, made before the server comes; its files must stay as they are."""
    request.param(workspace / ".notebook-sched" / "store.db")
    write_notebook(workspace / "a.ipynb", "1", parameters="x = 1")
    return tree(workspace)


async def test_it_answers_503_with_the_way_out_and_leaves_the_store_alone(
    unusable: dict[str, Any], api: Api, workspace: Path
) -> None:
    for method, path, body in (
        ("GET", "runs", None),
        ("GET", "runs/x", None),
        ("GET", "jobs", None),
        ("GET", "status", None),
        ("POST", "runs", {"notebook": "a.ipynb"}),
        ("POST", "jobs", {"name": "j", "notebook": "a.ipynb", "trigger": CRON}),
        ("POST", "runs/x/cancel", {}),
        ("DELETE", "jobs/x", None),
    ):
        error = (await api(method, path, body)).refusal(503)
        assert error["reason"] in ("newer_store", "damaged"), f"{method} {path}"
    (await api("GET", "parameters?notebook=a.ipynb")).ok()
    left = tree(workspace)
    assert {name: left[name] for name in unusable} == unusable
    assert not (workspace / ".notebook-sched" / "archive").exists()
