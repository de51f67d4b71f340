"""The OpenAPI document describes what there is: every route, every answer, every refusal."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from jupyter_notebook_sched.api.openapi import document
from jupyter_notebook_sched.api.operation import Operation
from jupyter_notebook_sched.api.routes import ROUTES

from ..written import write_notebook
from .asking import Answer, Api, Live

METHODS = ("get", "post", "put", "patch", "delete")
SPEC = json.loads(json.dumps(document(ROUTES)))


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, told) for path, methods in SPEC["paths"].items() for method, told in methods.items()]


def test_it_is_valid() -> None:
    OpenAPIV31SpecValidator(SPEC).validate()
    assert SPEC["openapi"].startswith("3.1")


def test_it_has_every_operation_of_every_route_and_no_other() -> None:
    declared = [
        getattr(handler, method).operation
        for _, handler in ROUTES
        for method in METHODS
        if isinstance(getattr(getattr(handler, method), "operation", None), Operation)
    ]
    assert len(declared) == len(operations())
    assert sorted(operation.summary for operation in declared) == sorted(told["summary"] for _, _, told in operations())


@pytest.mark.parametrize(
    ("path", "method", "told"), operations(), ids=lambda part: part if isinstance(part, str) else ""
)
def test_it_describes_each_operation_wholly(path: str, method: str, told: dict[str, Any]) -> None:
    assert told["summary"]
    assert told["x-right"] in ("read", "write", "execute")
    assert {"403", "422", "503"} <= set(told["responses"])
    if "requestBody" in told:
        assert {"400", "413"} <= set(told["responses"])
    in_path = {each["name"] for each in told["parameters"] if each["in"] == "path"}
    assert in_path == {part.strip("{}") for part in path.split("/") if part.startswith("{")}


async def test_it_is_served_as_it_is_made(api: Api) -> None:
    assert (await api("GET", "openapi.json")).ok() == SPEC


def schema_of(path: str, method: str, status: int) -> dict[str, Any]:
    content = SPEC["paths"][f"/notebook-sched/{path}"][method]["responses"][str(status)].get("content", {})
    schema: dict[str, Any] = content.get("application/json", {}).get("schema", {})
    return schema | {"components": SPEC["components"]}


def conforms(answer: Answer, path: str, method: str) -> Any:
    body = answer.body
    Draft202012Validator(schema_of(path, method, answer.status)).validate(body)
    return body


def test_it_describes_the_answers_that_are_given(live: Live) -> None:
    source = "x = 1"
    write_notebook(live.workspace / "a.ipynb", "1 / x", parameters=source)
    cron = {"type": "cron", "cron": "0 7 * * *", "timezone": "UTC"}
    sent = {"name": "Daily", "notebook": "a.ipynb", "trigger": cron}
    job = conforms(live("POST", "jobs", sent), "jobs", "post")
    one = f"jobs/{job['id']}"
    conforms(live("GET", one), "jobs/{id}", "get")
    conforms(live("PATCH", one, {"name": "Other"}), "jobs/{id}", "patch")
    conforms(live("POST", f"{one}/pause"), "jobs/{id}/pause", "post")
    conforms(live("POST", f"{one}/resume"), "jobs/{id}/resume", "post")
    started = conforms(live("POST", f"{one}/run", {"parameters": {"x": 0}}), "jobs/{id}/run", "post")
    conforms(live("POST", "runs", {"notebook": "a.ipynb", "idempotency_key": "k"}), "runs", "post")
    conforms(live("POST", "runs", {"notebook": "a.ipynb", "idempotency_key": "k"}), "runs", "post")
    run = f"runs/{live.served.ended(started['id'])['id']}"
    failed = conforms(live("GET", run), "runs/{id}", "get")
    assert failed["error"]["name"] == "ZeroDivisionError"
    conforms(live("GET", "runs?limit=1&state=failed"), "runs", "get")
    swept = {"notebook": "a.ipynb", "sweep": {"mode": "grid", "values": {"x": [0, 1]}}}
    batch = f"batches/{conforms(live('POST', 'runs', swept), 'runs', 'post')['batch_id']}"
    conforms(live("GET", batch), "batches/{id}", "get")
    conforms(live("POST", f"{batch}/cancel"), "batches/{id}/cancel", "post")
    conforms(live("GET", "jobs"), "jobs", "get")
    copy = conforms(live("POST", f"{run}/debug"), "runs/{id}/debug", "post")
    conforms(live("POST", f"{run}/rerun", {}), "runs/{id}/rerun", "post")
    conforms(live("GET", f"{run}/diff?against=source"), "runs/{id}/diff", "get")
    conforms(live("GET", f"{one}/versions"), "jobs/{id}/versions", "get")
    both = f"left={job['source_version']}&right=notebook"
    conforms(live("GET", f"{one}/versions/diff?{both}"), "jobs/{id}/versions/diff", "get")
    conforms(live("POST", f"{one}/publish", {"dry_run": True}), "jobs/{id}/publish", "post")
    fix = {"notebook": copy["notebook"], "dry_run": True}
    conforms(live("POST", f"{run}/publish-fix", fix), "runs/{id}/publish-fix", "post")
    conforms(live("GET", "status"), "status", "get")
    seen = conforms(live("GET", "parameters?notebook=a.ipynb"), "parameters", "get")
    values = {"notebook": "a.ipynb", "values": {"x": 2}, "last_modified": seen["last_modified"]}
    conforms(live("PUT", "parameters", values), "parameters", "put")
    cells = {"cells": [{"source": source, "tags": ["parameters"]}], "values": {"x": 3}}
    conforms(live("POST", "parameters/inspect", cells), "parameters/inspect", "post")
    conforms(live("POST", "parameters/candidates", {"cells": cells["cells"]}), "parameters/candidates", "post")
    wish = {"cells": [{"source": source}], "take": [{"cell": 0, "name": "x"}], "add": [{"name": "y", "value": 1}]}
    conforms(live("POST", "parameters/arrange", wish), "parameters/arrange", "post")
    modified = live("GET", "parameters?notebook=a.ipynb").ok()["last_modified"]
    presets = {"notebook": "a.ipynb", "presets": {"one": {"x": "no number"}}, "last_modified": modified}
    conforms(live("PUT", "parameters/presets", presets), "parameters/presets", "put")
    conforms(live("POST", "parameters/preview", {"notebook": "a.ipynb"}), "parameters/preview", "post")
    conforms(live("POST", "triggers/preview", {"trigger": cron}), "triggers/preview", "post")
    conforms(live("GET", "archive/api/contents/"), "archive/api/contents/{path}", "get")
    for refused, path, method in (
        (live("GET", "runs/none"), "runs/{id}", "get"),
        (live("POST", "runs", {"odd": 1}), "runs", "post"),
        (live("PUT", "parameters", values), "parameters", "put"),
        (live("POST", "pause", {}), "pause", "post"),
        (live("POST", f"{run}/rerun", {"from_failed_cell": True}), "runs/{id}/rerun", "post"),
        (live("POST", f"{run}/kernel", {"keep_seconds": 60}), "runs/{id}/kernel", "post"),
        (live("POST", f"{run}/take-over"), "runs/{id}/take-over", "post"),
        (live("POST", f"{run}/replay", {"kernel_id": "none"}), "runs/{id}/replay", "post"),
        (live("GET", f"{one}/output"), "jobs/{id}/output", "get"),
    ):
        conforms(refused, path, method)


def test_it_describes_what_may_be_sent() -> None:
    schema = SPEC["paths"]["/notebook-sched/runs"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    validator = Draft202012Validator(schema | {"components": SPEC["components"]})
    assert validator.is_valid({"notebook": "a.ipynb"})
    assert not validator.is_valid({"notebook": "a.ipynb", "odd": 1})
    assert not validator.is_valid({})


def test_it_promises_no_default_for_fields_that_a_patch_leaves_as_they_are() -> None:
    assert not [
        name for name, field in SPEC["components"]["schemas"]["PatchJob"]["properties"].items() if "default" in field
    ]
    assert "notebook" not in SPEC["components"]["schemas"]["PatchJob"].get("required", [])
