"""What runs and jobs may ask for: memory and processor time."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from ..written import tree, write_notebook
from .asking import Api

BOTH = {"memory_mb": 500, "cpu_seconds": 60}


@pytest.fixture(autouse=True)
def notebook(workspace: Path) -> None:
    write_notebook(workspace / "n.ipynb", "1")


async def test_it_keeps_what_a_job_asks_for_and_merges_changes(api: Api) -> None:
    sent = {"name": "n", "notebook": "n.ipynb", "resources": {"memory_mb": 500}}
    job = (await api("POST", "jobs", sent)).ok(201)
    assert job["resources"] == {"memory_mb": 500, "cpu_seconds": None}
    patched = (await api("PATCH", f"jobs/{job['id']}", {"resources": {"cpu_seconds": 60}})).ok()
    assert patched["resources"] == BOTH
    cleared = (await api("PATCH", f"jobs/{job['id']}", {"resources": {"memory_mb": None}})).ok()
    assert cleared["resources"] == {"memory_mb": None, "cpu_seconds": 60}
    (await api("POST", f"jobs/{job['id']}/run", {})).ok(201)


@pytest.mark.parametrize(
    ("resources", "fields"),
    [
        ({"memory_mb": 0, "cpu_seconds": -1}, ["resources.cpu_seconds", "resources.memory_mb"]),
        ({"memory_mb": 16_777_217, "cpu_seconds": 31_536_001}, ["resources.cpu_seconds", "resources.memory_mb"]),
        ({"memory_mb": "500", "cpu_seconds": 1.5}, ["resources.cpu_seconds", "resources.memory_mb"]),
        ({"memory_mb": True, "disk_mb": 5}, ["resources.disk_mb", "resources.memory_mb"]),
        ([], ["resources"]),
    ],
)
async def test_it_refuses_what_is_no_limit_and_names_each_field(
    api: Api, workspace: Path, resources: Any, fields: list[str]
) -> None:
    before = tree(workspace)
    for path, body in (("runs", {"notebook": "n.ipynb"}), ("jobs", {"name": "n", "notebook": "n.ipynb"})):
        answer = await api("POST", path, body | {"resources": resources})
        assert answer.refusal(422)["reason"] != "not_available_yet"
        assert sorted(answer.fields()) == fields
    assert tree(workspace) == before


async def test_a_run_takes_the_limits_of_the_one_that_it_repeats(api: Api, workspace: Path) -> None:
    run = (await api("POST", "runs", {"notebook": "n.ipynb", "resources": BOTH})).ok(201)
    again = (await api("POST", f"runs/{run['id']}/rerun", {})).ok(201)
    with sqlite3.connect(workspace / ".notebook-sched" / "store.db") as db:
        kept = db.execute("select id, policies ->> 'resources' from runs").fetchall()
    assert dict(kept) == {run["id"]: json.dumps(BOTH, separators=(",", ":"))} | {again["id"]: kept[0][1]}
