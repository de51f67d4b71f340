"""Sweeps and batches over HTTP: begun, seen side by side, cancelled together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ..written import tree, write_notebook
from .asking import Api

GRID: dict[str, Any] = {"mode": "grid", "values": {"alpha": [1, 2], "beta": [3, 4]}}
FIELDS = {
    *("id", "name", "notebook", "source_version", "kernel", "created_at", "finished_at", "total", "counts", "varied"),
    *("results", "runs"),
}
RUN_FIELDS = {
    *("id", "state", "reason", "message", "attempt", "progress", "parameters", "results", "created_at", "started_at"),
    *("finished_at", "duration_seconds", "error", "output"),
}
COUNTS = {"queued": 0, "running": 0, "succeeded": 0, "failed": 0, "cancelled": 0, "skipped": 0}


@pytest.fixture(autouse=True)
def notebook(workspace: Path) -> Path:
    return write_notebook(workspace / "n.ipynb", "alpha", parameters="alpha = 1\nbeta = 2\nname = 'x'")


async def begun(api: Api, sweep: Any = GRID, status: int = 201, **fields: Any) -> dict[str, Any]:
    answer: dict[str, Any] = (await api("POST", "runs", {"notebook": "n.ipynb", "sweep": sweep} | fields)).ok(status)
    return answer


async def test_it_answers_a_sweep_with_its_runs(api: Api) -> None:
    answer = await begun(api, parameters={"name": "b"})
    assert set(answer) == {"batch_id", "runs"}
    assert [run["parameters"] for run in answer["runs"]] == [
        {"name": "b", "alpha": alpha, "beta": beta} for alpha in (1, 2) for beta in (3, 4)
    ]
    for run in answer["runs"]:
        assert run["batch_id"] == answer["batch_id"]
        assert run["results"] == {}
        alone = (await api("GET", f"runs/{run['id']}")).ok()
        assert {name: alone[name] for name in run} == run
    assert len({run["id"] for run in answer["runs"]}) == 4


async def test_it_answers_a_batch_with_all_its_fields(api: Api) -> None:
    answer = await begun(api)
    batch = (await api("GET", f"batches/{answer['batch_id']}")).ok()
    assert set(batch) == FIELDS
    assert all(set(run) == RUN_FIELDS for run in batch["runs"])
    assert [run["id"] for run in batch["runs"]] == [run["id"] for run in answer["runs"]]
    assert (batch["id"], batch["name"], batch["varied"]) == (answer["batch_id"], "n", ["alpha", "beta"])
    assert (batch["total"], batch["counts"]) == (4, COUNTS | {"queued": 4})
    assert (batch["finished_at"], batch["results"]) == (None, [])
    assert batch["created_at"] == answer["runs"][0]["created_at"]
    assert {run["reason"] for run in batch["runs"]} == {"scheduler_stopped"}


async def test_it_lists_and_counts_the_runs_of_a_batch(api: Api) -> None:
    answer = await begun(api)
    (await api("POST", "runs", {"notebook": "n.ipynb"})).ok(201)
    page = (await api("GET", f"runs?batch={answer['batch_id']}&limit=3")).ok()
    assert [run["id"] for run in page["runs"]] == [run["id"] for run in answer["runs"][:0:-1]]
    assert (page["counts"], page["counts_capped"]) == (COUNTS | {"queued": 4}, False)
    rest = (await api("GET", f"runs?batch={answer['batch_id']}&cursor={page['next_cursor']}")).ok()
    assert [run["id"] for run in rest["runs"]] == [answer["runs"][0]["id"]]
    found = (await api("GET", "runs?parameter.alpha=2&parameter.beta=4")).ok()["runs"]
    assert [run["id"] for run in found] == [answer["runs"][3]["id"]]


async def test_it_cancels_a_batch_again_and_again(api: Api) -> None:
    answer = await begun(api)
    (await api("POST", f"runs/{answer['runs'][0]['id']}/cancel")).ok(202)
    for _ in range(2):
        batch = (await api("POST", f"batches/{answer['batch_id']}/cancel", {})).ok(202)
        assert batch["counts"] == COUNTS | {"cancelled": 4}
        assert batch["finished_at"] is not None
    assert (await api("GET", f"batches/{answer['batch_id']}")).ok() == batch


async def test_it_says_that_nothing_has_changed(api: Api) -> None:
    answer = await begun(api)
    first = await api("GET", f"batches/{answer['batch_id']}")
    api.headers = api.headers | {"If-None-Match": first.headers["Etag"]}
    assert (await api("GET", f"batches/{answer['batch_id']}")).status == 304
    (await api("POST", f"runs/{answer['runs'][0]['id']}/cancel")).ok(202)
    assert (await api("GET", f"batches/{answer['batch_id']}")).status == 200


async def test_it_knows_no_other_batch(api: Api) -> None:
    for method, path in (("GET", "batches/none"), ("POST", "batches/none/cancel"), ("GET", "batches/%00")):
        assert (await api(method, path)).refusal(404)["reason"] == "not_found"
    assert (await api("GET", "runs?batch=none")).ok()["runs"] == []


async def test_it_answers_a_repeated_sweep_with_the_first(api: Api) -> None:
    first = await begun(api, idempotency_key="k")
    assert await begun(api, status=200, idempotency_key="k") == first
    other = {"notebook": "n.ipynb", "sweep": GRID | {"mode": "zip"}, "idempotency_key": "k"}
    assert (await api("POST", "runs", other)).refusal(422)["reason"] == "idempotency_mismatch"
    assert (await api("GET", "runs")).ok()["counts"]["queued"] == 4


@pytest.mark.parametrize(
    ("sweep", "wrong"),
    [
        (5, {"sweep"}),
        ({}, {"sweep.mode", "sweep.values"}),
        ({"mode": "random", "values": {"alpha": [1]}}, {"sweep.mode"}),
        ({"mode": "grid", "values": "alpha"}, {"sweep.values"}),
        ({"mode": "grid", "values": None}, {"sweep.values"}),
        (GRID | {"seed": 1}, {"sweep.seed"}),
        ({"mode": "grid", "values": {"alpha": [1, "x"]}}, {"sweep.values.alpha.1"}),
        ({"mode": "list", "values": [{"alpha": 1}, {"beta": "x"}]}, {"sweep.values.1.beta"}),
        ({"mode": "zip", "values": {"alpha": [1, 2], "beta": [1]}}, {"sweep.values.beta"}),
        ({"mode": "grid", "values": {name: list(range(900)) for name in ("alpha", "beta", "name")}}, {"sweep.values"}),
    ],
)
async def test_it_refuses_a_sweep_that_is_none(api: Api, workspace: Path, sweep: Any, wrong: set[str]) -> None:
    before = tree(workspace)
    assert (await api("POST", "runs", {"notebook": "n.ipynb", "sweep": sweep})).fields() == wrong
    assert tree(workspace) == before, "nothing is written"


async def test_it_names_what_is_wrong_in_the_sweep_and_beside_it(api: Api) -> None:
    sweep = {"mode": "grid", "values": {"alpha": ["x"]}}
    sent = {"notebook": "n.ipynb", "sweep": sweep, "parameters": {"beta": "y"}, "timeout_seconds": -1}
    answer = await api("POST", "runs", sent)
    assert answer.fields() == {"sweep.values.alpha.0", "parameters.beta", "timeout_seconds"}
    answer = await api("POST", "runs", {"notebook": "no.ipynb", "sweep": {"mode": "grid", "values": {}}})
    assert answer.fields() == {"notebook", "sweep.values"}


async def test_it_begins_a_thousand_runs_at_once(api: Api) -> None:
    sweep = {"mode": "grid", "values": {"alpha": list(range(100)), "beta": list(range(10))}}
    answer = await begun(api, sweep)
    assert len(answer["runs"]) == 1000
    batch = (await api("GET", f"batches/{answer['batch_id']}")).ok()
    assert [run["parameters"] for run in batch["runs"][9:11]] == [{"alpha": 0, "beta": 9}, {"alpha": 1, "beta": 0}]
    assert (await api("POST", f"batches/{answer['batch_id']}/cancel")).ok(202)["counts"]["cancelled"] == 1000
