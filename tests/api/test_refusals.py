"""Bad input: refused with a sentence that a person can act on, and nothing written anywhere."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest

from ..written import tree, write_notebook
from .asking import Api

CRON = {"type": "cron", "cron": "0 7 * * *", "timezone": "UTC"}

# What is no notebook, or none of this workspace: path → the reason code.
PATHS = {
    "../outside.ipynb": "bad_path",
    "folder/../../outside.ipynb": "bad_path",
    "..": "bad_path",
    "/etc/passwd": "bad_path",
    "/outside.ipynb": "bad_path",
    "C:/x.ipynb": "bad_path",
    "drive:x.ipynb": "bad_path",
    "RTC:../outside.ipynb": "bad_path",
    "": "bad_path",
    ".": "bad_path",
    "nul\0.ipynb": "bad_path",
    "%2e%2e/outside.ipynb": "no_such_notebook",
    "missing.ipynb": "no_such_notebook",
    "a.ipynb/b.ipynb": "no_such_notebook",
    "x" * 5000 + ".ipynb": "bad_path",
    "x" * 300 + ".ipynb": "notebook_unreadable",
    "text.txt": "not_a_notebook",
    "folder": "not_a_notebook",
    "folder.ipynb": "notebook_unreadable",
    "loop.ipynb": "notebook_unreadable",
    "pipe.ipynb": "notebook_unreadable",
    "broken.ipynb": "notebook_unreadable",
    "torn.ipynb": "notebook_unreadable",
    "bytes.ipynb": "notebook_unreadable",
    "list.ipynb": "notebook_unreadable",
    "deep.ipynb": "notebook_unreadable",
    "future.ipynb": "notebook_too_new",
    ".notebook-sched/archive/sources/x.ipynb": "bad_path",
    "link-to-state/x.ipynb": "bad_path",
}
NAMES = [path if len(path) < 40 else f"{len(path)} characters" for path in PATHS]


@pytest.fixture
def files(workspace: Path) -> dict[str, Any]:
    """A workspace with every kind of file in it; returned is all that must stay as it is."""
    write_notebook(workspace / "good.ipynb", "print(x)", parameters="x = 1\nname = 'us'\n")
    write_notebook(workspace / "plain.ipynb", "print(1)")
    write_notebook(workspace / "a.ipynb", "1")
    write_notebook(workspace / "kernel.ipynb", "1", kernelspec={"name": "gone", "display_name": "x", "language": "y"})
    write_notebook(workspace.parent / "outside.ipynb", "1")
    (workspace / "folder").mkdir()
    (workspace / "folder.ipynb").mkdir()
    (workspace / "text.txt").write_text("{}")
    (workspace / "loop.ipynb").symlink_to("loop.ipynb")
    (workspace / "link-to-state").symlink_to(".notebook-sched")
    os.mkfifo(workspace / "pipe.ipynb")
    broken = {"broken": b"{", "torn": b'{"cells": [{"cell_t', "bytes": b"\xff\xfe", "list": b"[]"}
    broken |= {"deep": b"[" * 100_000, "future": b'{"nbformat": 9, "cells": [], "metadata": {}}'}
    for name, content in broken.items():
        (workspace / f"{name}.ipynb").write_bytes(content)
    return everything(workspace)


def everything(workspace: Path) -> dict[str, Any]:
    return tree(workspace) | {"outside": (workspace.parent / "outside.ipynb").read_bytes()}


def untouched(workspace: Path, before: dict[str, Any]) -> bool:
    return not (workspace / ".notebook-sched").exists() and everything(workspace) == before


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
async def test_it_runs_schedules_and_reads_only_notebooks_of_the_workspace(
    api: Api, workspace: Path, files: dict[str, Any], path: str
) -> None:
    bodies: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "runs", {"notebook": path}),
        ("POST", "jobs", {"name": "n", "notebook": path, "trigger": CRON}),
        ("POST", "parameters/preview", {"notebook": path, "values": {}}),
        ("PUT", "parameters", {"notebook": path, "values": {"x": 2}, "last_modified": "2026-01-01T00:00:00Z"}),
    ]
    for method, address, body in bodies:
        answer = await api(method, address, body)
        assert answer.fields() == {"notebook"}, f"{method} {address}"
        assert answer.body["reason"] == PATHS[path], f"{method} {address}"
    asked = "".join(f"%{byte:02x}" for byte in path.encode())
    if len(asked) < 8000 and "\0" not in path:  # tornado takes control characters out of an address by itself
        answer = await api("GET", f"parameters?notebook={asked}")
        assert answer.refusal(404 if PATHS[path] == "no_such_notebook" else 422)["reason"] == PATHS[path]
    assert untouched(workspace, files)


RUNS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "an unknown parameter": ({"parameters": {"nope": 1}}, {"parameters.nope"}),
    "a value of the wrong type": ({"parameters": {"x": "text"}}, {"parameters.x"}),
    "a fraction for an integer": ({"parameters": {"x": 1.5}}, {"parameters.x"}),
    "a boolean for an integer": ({"parameters": {"x": True}}, {"parameters.x"}),
    "null for what is never null": ({"parameters": {"x": None}}, {"parameters.x"}),
    "several values at once": (
        {"parameters": {"x": "t", "name": 3, "nope": 1}},
        {"parameters.x", "parameters.name", "parameters.nope"},
    ),
    "values without a parameters cell": ({"notebook": "plain.ipynb", "parameters": {"x": 1}}, {"parameters.x"}),
    "an unknown kernel": ({"kernel": "none-such"}, {"kernel"}),
    "a notebook whose kernel is missing": ({"notebook": "kernel.ipynb"}, {"kernel"}),
    "an unknown field": ({"odd": 1}, {"odd"}),
    "a misspelt field": ({"parametres": {}}, {"parametres"}),
    "several things at once": ({"odd": 1, "name": "", "timeout_seconds": -1}, {"odd", "name", "timeout_seconds"}),
    "a number for a path": ({"notebook": 7}, {"notebook"}),
    "a cause of ours": ({"cause": "schedule"}, {"cause"}),
    "no time at all": ({"timeout_seconds": 0}, {"timeout_seconds"}),
    "an endless time": ({"cell_timeout_seconds": 1e300}, {"cell_timeout_seconds"}),
    "bad retries": ({"retry": {"max_attempts": 0, "on": ["whim"]}}, {"retry.max_attempts", "retry.on"}),
    "an unknown field inside": ({"retry": {"tries": 3}}, {"retry.tries"}),
    "a key that is too long": ({"idempotency_key": "k" * 201}, {"idempotency_key"}),
    "an empty key": ({"idempotency_key": ""}, {"idempotency_key"}),
    "a name that is too long": ({"name": "n" * 201}, {"name"}),
    "a value that is too large": ({"parameters": {"name": "v" * (256 * 1024 + 1)}}, {"parameters.name"}),
}


@pytest.mark.parametrize(("sent", "fields"), RUNS.values(), ids=list(RUNS))
async def test_it_refuses_a_run_and_names_every_field_that_is_wrong(
    api: Api, workspace: Path, files: dict[str, Any], sent: dict[str, Any], fields: set[str]
) -> None:
    answer = await api("POST", "runs", {"notebook": "good.ipynb"} | sent)
    assert answer.fields() == fields
    assert untouched(workspace, files)


JOBS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "no name": ({"name": None}, {"name"}),
    "an empty name": ({"name": ""}, {"name"}),
    "a cron that is none": ({"trigger": CRON | {"cron": "99 * * * *"}}, {"trigger.cron"}),
    "a cron that never fires": ({"trigger": CRON | {"cron": "0 0 31 2 *"}}, {"trigger.cron"}),
    "a cron with seconds": ({"trigger": CRON | {"cron": "0 0 7 * * *"}}, {"trigger.cron"}),
    "a zone that is none": ({"trigger": CRON | {"timezone": "Mars/Olympus"}}, {"trigger.timezone"}),
    "both": ({"trigger": CRON | {"cron": "x", "timezone": "x"}}, {"trigger.cron", "trigger.timezone"}),
    "no zone": ({"trigger": {"type": "cron", "cron": "0 7 * * *"}}, {"trigger.timezone"}),
    "no kind of trigger": ({"trigger": {"cron": "0 7 * * *"}}, {"trigger"}),
    "an unknown kind of trigger": ({"trigger": {"type": "moon"}}, {"trigger"}),
    "an unknown field in the trigger": ({"trigger": CRON | {"odd": 1}}, {"trigger.odd"}),
    "a bad trigger and a bad notebook": (
        {"notebook": "missing.ipynb", "trigger": CRON | {"cron": "x"}},
        {"trigger.cron", "notebook"},
    ),
    "a bad trigger and a bad value": (
        {"parameters": {"x": "t"}, "trigger": CRON | {"timezone": "x"}},
        {"trigger.timezone", "parameters.x"},
    ),
    "a source that is neither": ({"source": "moving"}, {"source"}),
    "an unknown kernel": ({"kernel": "none-such"}, {"kernel"}),
    "read-only fields": ({"id": "x", "next_run_at": None, "revision": 3}, {"id", "next_run_at", "revision"}),
    "a tag that is no text": ({"tags": ["ok", 7]}, {"tags"}),
}


@pytest.mark.parametrize(("sent", "fields"), JOBS.values(), ids=list(JOBS))
async def test_it_refuses_a_job_and_names_every_field_that_is_wrong(
    api: Api, workspace: Path, files: dict[str, Any], sent: dict[str, Any], fields: set[str]
) -> None:
    answer = await api("POST", "jobs", {"name": "Daily", "notebook": "good.ipynb", "trigger": CRON} | sent)
    assert answer.fields() == fields
    assert untouched(workspace, files)


QUERIES = {
    "runs?limit=0": {"limit"},
    "runs?limit=201": {"limit"},
    "runs?limit=many": {"limit"},
    "runs?state=bogus": {"state"},
    "runs?state=failed&state=bogus": {"state"},
    "runs?since=yesterday": {"since"},
    "runs?since=2026-01-01T00:00:00": {"since"},
    "runs?until=0001-01-01T00:00:00%2B14:00": {"until"},
    "runs?since=9999-12-31T23:59:59-14:00": {"since"},
    "runs?by=colour": {"by"},
    "runs?odd=1": {"odd"},
    "runs?limit=0&state=bogus&odd=1": {"limit", "state", "odd"},
    "runs?cursor=zzz": {"cursor"},
    "runs?cursor=": {"cursor"},
    "runs?cursor=%C3%A9": {"cursor"},
    "jobs?limit=0": {"limit"},
    "jobs?paused=perhaps": {"paused"},
    "jobs?cursor=zzz": {"cursor"},
    "parameters": {"notebook"},
    "parameters?path=a.ipynb": {"path", "notebook"},
    "archive/api/contents/?content=2": {"content"},
}


@pytest.mark.parametrize(("path", "fields"), QUERIES.items(), ids=list(QUERIES))
async def test_it_refuses_a_query_and_names_every_field_that_is_wrong(
    api: Api, workspace: Path, files: dict[str, Any], path: str, fields: set[str]
) -> None:
    assert (await api("GET", path)).fields() == fields
    assert untouched(workspace, files)


FORGED: list[Any] = [
    ["runs.created_at"],
    ["runs.created_at", "a", "b"],
    ["runs.scheduled_for", "a"],
    ["jobs", "x"],
    ["runs.created_at", 7],
    ["runs.created_at", "\ud800"],
    "runs.created_at",
    {"runs.created_at": 1},
    [],
]


@pytest.mark.parametrize("cursor", FORGED, ids=str)
async def test_it_refuses_a_cursor_that_is_forged_or_of_another_list(api: Api, cursor: Any) -> None:
    text = base64.urlsafe_b64encode(json.dumps(cursor).encode()).decode().rstrip("=")
    assert (await api("GET", f"runs?cursor={text}")).fields() == {"cursor"}
    jobs_cursor = base64.urlsafe_b64encode(b'["jobs"]').decode().rstrip("=")
    assert (await api("GET", f"jobs?cursor={jobs_cursor}")).fields() == {"cursor"}


async def test_it_refuses_what_is_not_utf8_in_an_address(api: Api) -> None:
    for path in ("parameters?notebook=%ff.ipynb", "runs?q=%ff", "runs/%ff", "archive/files/%ff"):
        assert (await api("GET", path)).refusal(400)["reason"] == "bad_request"


@pytest.mark.parametrize("path", ["runs/none", "jobs/none", "runs/none/output", "runs/%00", "runs/..%2f..", "jobs/'"])
async def test_it_knows_no_such_thing(api: Api, workspace: Path, files: dict[str, Any], path: str) -> None:
    assert (await api("GET", path)).refusal(404)["reason"] == "not_found"
    assert untouched(workspace, files)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "runs/none"),
        ("POST", "runs/none/cancel"),
        ("POST", "runs/none/rerun"),
        ("POST", "runs/none/debug"),
        ("PATCH", "jobs/none"),
        ("DELETE", "jobs/none"),
        ("POST", "jobs/none/run"),
        ("POST", "jobs/none/pause"),
        ("POST", "jobs/none/resume"),
    ],
)
async def test_it_changes_nothing_that_does_not_exist(
    api: Api, workspace: Path, files: dict[str, Any], method: str, path: str
) -> None:
    answer = await api(method, path, {} if method != "DELETE" else None)
    assert answer.refusal(404)["reason"] == "not_found"
    assert untouched(workspace, files)
