"""Runs that wait, for nobody works here: made, found, repeated, cancelled, deleted."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from jupyter_notebook_sched.service.context import Context
from jupyter_notebook_sched.store import idempotency

from ..written import write_notebook
from .asking import Api

FIELDS = {
    *("id", "job_id", "batch_id", "parent_run_id", "name", "notebook", "source_version", "parameters", "kernel"),
    *("parameters_template", "cause", "scheduled_for", "covers", "state", "reason", "message", "attempt", "error"),
    *("max_attempts", "created_at", "available_at", "started_at", "finished_at", "duration_seconds", "progress"),
    *("cancel_requested_at", "output", "output_sha256", "kernel_alive_until", "host"),
}


@pytest.fixture(autouse=True)
def notebook(workspace: Path) -> Path:
    return write_notebook(workspace / "etl" / "load.ipynb", "print(x)", parameters="x = 1\nregion = 'us'")


async def made(api: Api, **fields: Any) -> dict[str, Any]:
    run: dict[str, Any] = (await api("POST", "runs", {"notebook": "etl/load.ipynb"} | fields)).ok(201)
    return run


async def names(api: Api, query: str) -> list[str]:
    return [run["name"] for run in (await api("GET", f"runs?{query}")).ok()["runs"]]


async def test_it_answers_a_new_run_with_all_its_fields(api: Api) -> None:
    run = await made(api, parameters={"x": 2})
    assert set(run) >= FIELDS
    assert (run["state"], run["attempt"], run["max_attempts"]) == ("queued", 1, 1)
    assert run["reason"] == "scheduler_stopped", "this server has no worker"
    assert (run["name"], run["notebook"], run["kernel"], run["cause"]) == ("load", "etl/load.ipynb", "python3", "api")
    assert run["parameters"] == run["parameters_template"] == {"x": 2}
    assert run["progress"] == {"done": 0, "total": 0, "current": None}
    assert run["created_at"].endswith("Z")
    alone = (await api("GET", f"runs/{run['id']}")).ok()
    assert set(alone) >= FIELDS | {"cells", "attempts", "files"}
    assert {name: alone[name] for name in run} == run


async def test_it_keeps_the_source_before_it_answers_and_reads_it_once(api: Api, context: Context) -> None:
    first, second = await made(api), await made(api, parameters={"x": 3})
    assert first["source_version"] == second["source_version"]
    (kept,) = (context.archive.root / "sources").iterdir()
    assert kept.name == f"{first['source_version']}.ipynb"


async def test_it_makes_a_private_state_directory_with_the_first_run(api: Api, workspace: Path) -> None:
    await made(api)
    state = workspace / ".notebook-sched"
    assert state.stat().st_mode & 0o777 == 0o700
    assert (state / ".gitignore").read_text() == "*\n"
    assert {path.name for path in state.iterdir()} <= {
        ".gitignore",
        "store.db",
        "store.db-wal",
        "store.db-shm",
        "archive",
    }
    assert (state / "archive").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("x", [10**40, -(2**63), 2**64, 0])
async def test_it_gives_whole_numbers_back_as_they_came(api: Api, x: int) -> None:
    run = await made(api, parameters={"x": x})
    assert (await api("GET", f"runs/{run['id']}")).ok()["parameters"] == {"x": x}


async def test_it_lists_pages_newest_first_with_counts(api: Api) -> None:
    for number in range(5):
        await made(api, name=f"r{number}")
    first = (await api("GET", "runs?limit=2")).ok()
    second = (await api("GET", f"runs?limit=2&cursor={first['next_cursor']}")).ok()
    third = (await api("GET", f"runs?limit=2&cursor={second['next_cursor']}")).ok()
    found = [run["name"] for page in (first, second, third) for run in page["runs"]]
    assert found == ["r4", "r3", "r2", "r1", "r0"]
    assert third["next_cursor"] is None
    assert first["counts"] == dict.fromkeys(("running", "succeeded", "failed", "cancelled", "skipped"), 0) | {
        "queued": 5
    }
    assert first["counts_capped"] is False
    assert (await api("GET", f"jobs?cursor={first['next_cursor']}")).fields() == {"cursor"}
    assert (await api("GET", f"runs?by=scheduled_for&cursor={first['next_cursor']}")).fields() == {"cursor"}


async def test_it_filters_as_the_contract_says(api: Api) -> None:
    await made(api, name="one", parameters={"x": 7, "region": "fr"})
    two = await made(api, name="two", cause="manual")
    (await api("POST", f"runs/{two['id']}/cancel")).ok(202)
    assert await names(api, "state=cancelled") == ["two"]
    assert await names(api, "state=cancelled&state=queued") == ["two", "one"]
    assert await names(api, "cause=manual") == ["two"]
    assert await names(api, "parameter.x=7") == await names(api, "parameter.region=fr&parameter.x=7") == ["one"]
    assert await names(api, "parameter.region=de") == []
    assert await names(api, "q=LOA+tw") == ["two"]
    assert await names(api, "notebook=RTC:etl/load.ipynb&limit=1") == ["two"]
    assert await names(api, "job=none") == await names(api, "batch=none") == await names(api, "tag=none") == []
    assert await names(api, f"since={two['created_at']}") == ["two"]
    assert await names(api, f"until={two['created_at']}") == ["one"]
    assert await names(api, "by=scheduled_for") == []
    counts = (await api("GET", "runs?state=cancelled")).ok()["counts"]
    assert (counts["queued"], counts["cancelled"]) == (1, 1)


async def test_it_answers_a_repeated_key_with_the_first_run(api: Api, context: Context) -> None:
    first = await made(api, idempotency_key="k", parameters={"x": 2})
    sent = {"notebook": "etl/load.ipynb", "idempotency_key": "k", "parameters": {"x": 2}}
    assert (await api("POST", "runs", sent)).ok(200)["id"] == first["id"]
    other = await api("POST", "runs", sent | {"parameters": {"x": 3}})
    assert other.refusal(422)["reason"] == "idempotency_mismatch"
    assert len(await names(api, "")) == 1
    with context.store.write() as db:
        db.execute("update idempotency set created_at = ?", ["2020-01-01T00:00:00.000Z"])
    assert (await api("POST", "runs", sent)).ok(201)["id"] != first["id"]


async def test_it_starts_one_run_when_a_request_comes_many_times_at_once(api: Api) -> None:
    sent = {"notebook": "etl/load.ipynb", "idempotency_key": "k"}
    answers = await asyncio.gather(*(api("POST", "runs", sent) for _ in range(8)))
    assert sorted(answer.status for answer in answers) == [200] * 7 + [201]
    assert len({answer.body["id"] for answer in answers}) == 1


async def test_it_answers_a_repeated_key_even_when_the_notebook_is_gone(api: Api, notebook: Path) -> None:
    first = await made(api, idempotency_key="k")
    notebook.unlink()
    sent = {"notebook": "etl/load.ipynb", "idempotency_key": "k"}
    assert (await api("POST", "runs", sent)).ok(200)["id"] == first["id"]


async def test_it_keeps_the_keys_of_different_requests_apart(api: Api) -> None:
    one, two = await made(api), await made(api)
    again = (await api("POST", f"runs/{one['id']}/rerun", {"idempotency_key": "k"})).ok(201)
    assert (await api("POST", f"runs/{one['id']}/rerun", {"idempotency_key": "k"})).ok(200)["id"] == again["id"]
    other = await api("POST", f"runs/{two['id']}/rerun", {"idempotency_key": "k"})
    assert other.refusal(422)["reason"] == "idempotency_mismatch"


async def test_it_cancels_and_deletes(api: Api, workspace: Path) -> None:
    run = await made(api)
    assert (await api("DELETE", f"runs/{run['id']}")).refusal(409)["reason"] == "not_ended"
    cancelled = (await api("POST", f"runs/{run['id']}/cancel")).ok(202)
    assert (cancelled["state"], cancelled["reason"]) == ("cancelled", "user")
    assert (await api("POST", f"runs/{run['id']}/cancel")).refusal(409)["reason"] == "already_ended"
    gone = await api("DELETE", f"runs/{run['id']}")
    assert (gone.status, gone.raw) == (204, b"")
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/cancel"), ("POST", "/rerun")):
        assert (await api(method, f"runs/{run['id']}{path}", {} if method == "POST" else None)).refusal(404)


async def test_it_has_no_output_before_a_run_begins(api: Api, workspace: Path) -> None:
    run = await made(api)
    assert (await api("GET", f"runs/{run['id']}/output")).refusal(409)["reason"] == "no_output"
    assert (await api("POST", f"runs/{run['id']}/debug")).refusal(409)["reason"] == "no_output"
    assert [path.name for path in (workspace / "etl").iterdir()] == ["load.ipynb"]


async def test_it_reruns_with_the_parents_values_and_others_on_top(api: Api) -> None:
    policies = {"retry": {"max_attempts": 4}, "timeout_seconds": 60, "cell_timeout_seconds": 5}
    parent = await made(api, parameters={"x": 2, "region": "fr"}, name="mine", **policies)
    run = (await api("POST", f"runs/{parent['id']}/rerun", {"parameters": {"x": 9}})).ok(201)
    assert (run["parent_run_id"], run["cause"], run["name"], run["state"]) == (parent["id"], "rerun", "mine", "queued")
    assert run["parameters"] == {"x": 9, "region": "fr"}
    assert (run["max_attempts"], run["source_version"]) == (4, parent["source_version"])
    assert (await api("POST", f"runs/{parent['id']}/rerun", {"parameters": {"x": "t"}})).fields() == {"parameters.x"}


async def test_it_reruns_the_same_version_or_the_current_file(api: Api, workspace: Path, notebook: Path) -> None:
    parent = await made(api)
    write_notebook(notebook, "print('changed')", parameters="x = 1\nregion = 'us'")
    same = (await api("POST", f"runs/{parent['id']}/rerun", {})).ok(201)
    assert same["source_version"] == parent["source_version"]
    current = (await api("POST", f"runs/{parent['id']}/rerun", {"source": "current"})).ok(201)
    assert current["source_version"] != parent["source_version"]
    write_notebook(workspace / "etl" / "copy.ipynb", "print('fixed')", parameters="x = 1\nregion = 'us'")
    fixed = (await api("POST", f"runs/{parent['id']}/rerun", {"notebook": "etl/copy.ipynb"})).ok(201)
    assert fixed["source_version"] not in (parent["source_version"], current["source_version"])
    assert fixed["notebook"] == "etl/load.ipynb"
    notebook.unlink()
    assert (await api("POST", f"runs/{parent['id']}/rerun", {"source": "current"})).fields() == {"notebook"}
    (await api("POST", f"runs/{parent['id']}/rerun", {})).ok(201)


async def test_it_forgets_a_key_that_was_taken_back(api: Api, context: Context) -> None:
    """A run that could not be made leaves no key behind that would answer for it."""
    refused = {"notebook": "etl/load.ipynb", "idempotency_key": "k", "parameters": {"nope": 1}}
    assert (await api("POST", "runs", refused)).status == 422
    await made(api)
    with context.store.read() as db:
        assert idempotency.find(db, "k", context.clock()) is None
    await made(api, idempotency_key="k")
