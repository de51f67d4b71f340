"""What the contract knows and this version does not do yet: there, guarded, and never silently passed over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ..written import tree, write_notebook
from .asking import Api

CRON = {"type": "cron", "cron": "0 7 * * *", "timezone": "UTC"}
OF_JOBS: list[dict[str, Any]] = [
    {"notify": [{"on": ["failed"], "url": "json://localhost"}]},
]
DEFAULTS: dict[str, Any] = {
    "starts_at": None,
    "ends_at": None,
    "max_runs": None,
    "on_missed": "run_latest",
    "late_limit_seconds": 86400,
    "max_catch_up": 10,
    "on_overlap": "queue_one",
    "max_parallel": 1,
    "spread_seconds": 0,
    "resources": {"memory_mb": None, "cpu_seconds": None},
    "keep_kernel_seconds": None,
    "keep_runs": None,
    "keep_days": None,
    "notify": [],
    "templates": True,
}


@pytest.fixture(autouse=True)
def notebook(workspace: Path) -> None:
    write_notebook(workspace / "n.ipynb", "print(name)", parameters="name = 'x'\nmany = []")


@pytest.mark.parametrize("sent", OF_JOBS, ids=str)
async def test_it_refuses_a_job_that_it_could_only_half_obey(api: Api, workspace: Path, sent: dict[str, Any]) -> None:
    before = tree(workspace)
    answer = await api("POST", "jobs", {"name": "n", "notebook": "n.ipynb", "trigger": CRON} | sent)
    assert answer.refusal(422)["reason"] == "not_available_yet"
    assert all(field.split(".")[0] in sent for field in answer.fields())
    assert tree(workspace) == before


async def test_it_takes_those_fields_where_they_say_what_is_done_anyway(api: Api) -> None:
    job = (await api("POST", "jobs", {"name": "n", "notebook": "n.ipynb", "trigger": CRON} | DEFAULTS)).ok(201)
    assert {name: job[name] for name in DEFAULTS} == DEFAULTS
    (await api("PATCH", f"jobs/{job['id']}", DEFAULTS)).ok()
    sent = {"notebook": "n.ipynb", "sweep": None, "keep_kernel_seconds": None, "resources": {}, "templates": True}
    (await api("POST", "runs", sent)).ok(201)


async def test_it_takes_braces_as_they_are_where_templates_are_off(api: Api) -> None:
    sent = {"notebook": "n.ipynb", "parameters": {"name": "{{ run_id }}"}}
    run = (await api("POST", "runs", sent)).ok(201)
    assert run["parameters"] == run["parameters_template"] == {"name": "{{ run_id }}"}
    job = (await api("POST", "jobs", {"name": "n", "templates": False} | sent)).ok(201)
    assert job["parameters"] == {"name": "{{ run_id }}"}
    (await api("POST", f"jobs/{job['id']}/run", {"parameters": {"name": "{{ other }}"}})).ok(201)


async def test_it_refuses_what_comes_with_later_versions_in_a_change_too(api: Api) -> None:
    job = (await api("POST", "jobs", {"name": "n", "notebook": "n.ipynb"})).ok(201)
    for sent in OF_JOBS:
        answer = await api("PATCH", f"jobs/{job['id']}", sent)
        assert answer.refusal(422)["reason"] == "not_available_yet"
    assert (await api("GET", f"jobs/{job['id']}")).ok() == job
