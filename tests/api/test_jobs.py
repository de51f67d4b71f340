from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from jupyter_notebook_sched.service.context import Context
from jupyter_notebook_sched.store import claims

from ..made import HERE, ME
from ..written import write_notebook
from .asking import Api

CRON = {"type": "cron", "cron": "0 7 * * 1-5", "timezone": "Europe/Berlin"}
FIELDS = {
    *("id", "name", "notebook", "source", "parameters", "templates", "kernel", "trigger", "starts_at", "ends_at"),
    *("max_runs", "on_missed", "late_limit_seconds", "max_catch_up", "on_overlap", "max_parallel", "spread_seconds"),
    *("retry", "timeout_seconds", "cell_timeout_seconds", "resources", "keep_kernel_seconds", "keep_runs", "keep_days"),
    *("notify", "deliver", "tags", "description", "paused", "source_version", "notebook_changed", "notebook_missing"),
    *("next_run_at", "last_run", "last_slot", "problem", "created_at", "updated_at", "revision"),
}


@pytest.fixture(autouse=True)
def notebook(workspace: Path) -> Path:
    return write_notebook(workspace / "daily.ipynb", "print(x)", parameters="x = 1\nregion = 'us'")


async def made(api: Api, **fields: Any) -> dict[str, Any]:
    sent = {"name": "Daily report", "notebook": "daily.ipynb", "trigger": CRON} | fields
    job: dict[str, Any] = (await api("POST", "jobs", sent)).ok(201)
    return job


async def test_it_answers_a_new_job_with_all_its_fields_and_defaults(api: Api) -> None:
    job = await made(api, parameters={"x": 5})
    assert set(job) == FIELDS | {"paused_until", "slots_run"}
    assert (job["source"], job["templates"], job["paused"], job["tags"], job["description"]) == (
        "pinned",
        True,
        False,
        [],
        "",
    )
    reasons = ["cell_error", "timeout", "cell_timeout", "kernel_died", "out_of_memory", "lost"]
    expected = {"max_attempts": 1, "delay_seconds": 30, "backoff": 2.0, "max_delay_seconds": 3600, "on": reasons}
    assert job["retry"] == expected
    assert job["trigger"] == CRON
    assert (job["revision"], job["problem"], job["last_run"], job["last_slot"]) == (1, None, None, None)
    assert (job["notebook_changed"], job["notebook_missing"]) == (False, False)
    assert job["next_run_at"].endswith("Z")
    assert (await api("GET", f"jobs/{job['id']}")).ok() == job


async def test_it_schedules_nothing_without_a_trigger_or_while_paused(api: Api) -> None:
    assert (await made(api, trigger=None))["next_run_at"] is None
    paused = await made(api, paused=True)
    assert (paused["paused"], paused["next_run_at"]) == (True, None)
    assert (await api("POST", f"jobs/{paused['id']}/resume")).ok()["next_run_at"]


async def test_it_notices_what_becomes_of_the_notebook(api: Api, notebook: Path) -> None:
    job = await made(api)
    write_notebook(notebook, "print('changed')")
    assert (await api("GET", f"jobs/{job['id']}")).ok()["notebook_changed"]
    notebook.unlink()
    gone = (await api("GET", f"jobs/{job['id']}")).ok()
    assert (gone["notebook_missing"], gone["notebook_changed"]) == (True, False)


async def test_it_merges_some_fields_and_replaces_the_others(api: Api) -> None:
    job = await made(api, retry={"max_attempts": 3}, parameters={"x": 5}, tags=["a", "b"])
    changed = (await api("PATCH", f"jobs/{job['id']}", {"retry": {"delay_seconds": 5}, "tags": ["c"]})).ok()
    assert (changed["retry"]["max_attempts"], changed["retry"]["delay_seconds"]) == (3, 5)
    assert (changed["tags"], changed["parameters"]) == (["c"], {"x": 5})
    changed = (await api("PATCH", f"jobs/{job['id']}", {"parameters": {"region": "fr"}})).ok()
    assert changed["parameters"] == {"region": "fr"}
    changed = (await api("PATCH", f"jobs/{job['id']}", {"trigger": None})).ok()
    assert (changed["trigger"], changed["next_run_at"]) == (None, None)
    assert changed["revision"] == 4
    assert changed["created_at"] == job["created_at"] < changed["updated_at"]


async def test_it_moves_the_next_run_only_with_the_trigger(api: Api) -> None:
    job = await made(api)
    assert (await api("PATCH", f"jobs/{job['id']}", {"name": "Other"})).ok()["next_run_at"] == job["next_run_at"]
    moved = (await api("PATCH", f"jobs/{job['id']}", {"trigger": CRON | {"cron": "30 7 * * 1-5"}})).ok()
    assert moved["next_run_at"] != job["next_run_at"]


async def test_it_refuses_a_change_of_what_has_changed_meanwhile(api: Api) -> None:
    job = await made(api)
    seen = {"revision": job["revision"]}
    (await api("PATCH", f"jobs/{job['id']}", seen | {"name": "First"})).ok()
    stale = await api("PATCH", f"jobs/{job['id']}", seen | {"name": "Second"})
    assert stale.refusal(409)["reason"] == "stale_revision"
    assert (await api("GET", f"jobs/{job['id']}")).ok()["name"] == "First"
    (await api("PATCH", f"jobs/{job['id']}", {"name": "Third"})).ok()


async def test_it_loses_no_change_when_many_come_at_once(api: Api) -> None:
    job = await made(api)
    changes: list[dict[str, Any]] = [{"description": str(number)} for number in range(8)]
    answers = await asyncio.gather(*(api("PATCH", f"jobs/{job['id']}", change) for change in changes))
    assert {answer.status for answer in answers} <= {200, 409}
    done = sum(answer.status == 200 for answer in answers)
    assert done >= 1
    assert (await api("GET", f"jobs/{job['id']}")).ok()["revision"] == 1 + done


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({"odd": 1}, {"odd"}),
        ({"id": "x", "next_run_at": None, "last_run": None}, {"id", "next_run_at", "last_run"}),
        ({"name": "", "notebook": ""}, {"name", "notebook"}),
        ({"name": None}, {"name"}),
        ({"retry": None}, {"retry"}),
        ({"retry": {"odd": 1}}, {"retry.odd"}),
        ({"retry": {"backoff": 0.5}, "tags": "a"}, {"retry.backoff", "tags"}),
        ({"trigger": CRON | {"cron": "x"}}, {"trigger.cron"}),
        ({"parameters": {"x": "t"}}, {"parameters.x"}),
        ({"notebook": "../x.ipynb"}, {"notebook"}),
        ({"notebook": "missing.ipynb"}, {"notebook"}),
        ({"kernel": "none-such"}, {"kernel"}),
        ({"revision": "first"}, {"revision"}),
    ],
)
async def test_it_changes_nothing_when_a_field_is_wrong(api: Api, sent: dict[str, Any], fields: set[str]) -> None:
    job = await made(api)
    assert (await api("PATCH", f"jobs/{job['id']}", sent)).fields() == fields
    assert (await api("GET", f"jobs/{job['id']}")).ok() == job


async def test_it_keeps_a_pinned_version_until_the_job_moves_to_another_notebook(
    api: Api, workspace: Path, notebook: Path
) -> None:
    job = await made(api, parameters={"x": 5})
    write_notebook(notebook, "print('changed')", parameters="y = 1")
    same = (await api("PATCH", f"jobs/{job['id']}", {"parameters": {"x": 6}})).ok()
    assert same["source_version"] == job["source_version"]
    write_notebook(workspace / "other.ipynb", "print(x)", parameters="x = 2")
    moved = (await api("PATCH", f"jobs/{job['id']}", {"notebook": "other.ipynb"})).ok()
    assert moved["source_version"] != job["source_version"]
    assert moved["notebook"] == "other.ipynb"


async def test_it_pauses_and_resumes_as_often_as_asked(api: Api) -> None:
    job = await made(api)
    for _ in range(2):
        paused = (await api("POST", f"jobs/{job['id']}/pause")).ok()
        assert (paused["paused"], paused["next_run_at"], paused["revision"]) == (True, None, 2)
    for _ in range(2):
        resumed = (await api("POST", f"jobs/{job['id']}/resume")).ok()
        assert (resumed["paused"], resumed["next_run_at"], resumed["revision"]) == (False, job["next_run_at"], 3)


async def test_it_runs_a_job_by_hand_with_its_policies(api: Api, notebook: Path) -> None:
    job = await made(api, parameters={"x": 5}, retry={"max_attempts": 3}, tags=["etl"])
    write_notebook(notebook, "print('changed')")
    run = (await api("POST", f"jobs/{job['id']}/run", {"parameters": {"region": "fr"}})).ok(201)
    assert (run["job_id"], run["name"], run["cause"]) == (job["id"], "Daily report", "manual")
    assert (run["parameters"], run["max_attempts"]) == ({"x": 5, "region": "fr"}, 3)
    assert (run["source_version"], run["scheduled_for"]) == (job["source_version"], None)
    assert (await api("GET", f"jobs/{job['id']}")).ok()["last_run"]["id"] == run["id"]
    assert (await api("POST", f"jobs/{job['id']}/run", {"parameters": {"x": "t"}})).fields() == {"parameters.x"}
    tagged = (await api("GET", "runs?tag=etl")).ok()["runs"]
    assert [each["id"] for each in tagged] == [run["id"]]


async def test_it_cancels_what_waits_and_lets_finish_what_runs_when_a_job_is_deleted(
    api: Api, context: Context
) -> None:
    job = await made(api)
    running = (await api("POST", f"jobs/{job['id']}/run")).ok(201)
    with context.store.write() as db:
        assert claims.claim(db, ME, HERE, context.clock(), lambda run: "out.ipynb")
    waiting = (await api("POST", f"jobs/{job['id']}/run")).ok(201)
    gone = await api("DELETE", f"jobs/{job['id']}")
    assert (gone.status, gone.raw) == (204, b"")
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/run"), ("POST", "/pause"), ("PATCH", "")):
        body = {} if method in ("POST", "PATCH") else None
        assert (await api(method, f"jobs/{job['id']}{path}", body)).refusal(404)
    history = {run["id"]: run for run in (await api("GET", f"runs?job={job['id']}")).ok()["runs"]}
    assert (history[waiting["id"]]["state"], history[waiting["id"]]["reason"]) == ("cancelled", "user")
    assert history[running["id"]]["state"] == "running"
    assert history[running["id"]]["name"] == "Daily report"


async def test_it_lists_jobs_with_filters_and_pages(api: Api, workspace: Path) -> None:
    write_notebook(workspace / "other.ipynb", "1")
    one = await made(api, name="Sales")
    two = await made(api, name="Stock", notebook="other.ipynb", paused=True)
    three = await made(api, name="Stock takes")

    async def found(query: str) -> list[str]:
        return [job["id"] for job in (await api("GET", f"jobs?{query}")).ok()["jobs"]]

    assert await found("") == [three["id"], two["id"], one["id"]]
    assert await found("notebook=other.ipynb") == await found("notebook=RTC:other.ipynb") == [two["id"]]
    assert await found("paused=true") == [two["id"]]
    assert await found("paused=false&q=stock") == [three["id"]]
    page = (await api("GET", "jobs?limit=2")).ok()
    rest = (await api("GET", f"jobs?limit=2&cursor={page['next_cursor']}")).ok()
    assert [job["id"] for job in rest["jobs"]] == [one["id"]]
    assert rest["next_cursor"] is None
