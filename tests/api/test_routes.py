"""Every address: nobody in without a token, nobody past the authorizer, nothing but what it declares."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from jupyter_server.auth import Authorizer
from traitlets.config import Config

from jupyter_notebook_sched.api.operation import Operation
from jupyter_notebook_sched.api.routes import ROUTES

from ..written import tree, write_notebook
from .asking import Api

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

# API.md, Rights: read = GETs, inspect, previews; execute = run, cancel, rerun, debug, pause, resume, backfill (and the
# kernels of runs); write = the rest.
RIGHTS = {
    ("POST", "parameters/inspect"): "read",
    ("POST", "parameters/candidates"): "read",
    ("POST", "parameters/arrange"): "read",
    ("PUT", "parameters/presets"): "write",
    ("POST", "parameters/preview"): "read",
    ("POST", "triggers/preview"): "read",
    ("PUT", "parameters"): "write",
    ("POST", "runs"): "execute",
    ("DELETE", "runs/x"): "write",
    ("POST", "runs/x/cancel"): "execute",
    ("POST", "runs/x/rerun"): "execute",
    ("POST", "runs/x/debug"): "execute",
    ("POST", "runs/x/kernel"): "execute",
    ("POST", "runs/x/take-over"): "execute",
    ("POST", "runs/x/replay"): "execute",
    ("POST", "runs/x/publish-fix"): "write",
    ("GET", "batches/x"): "read",
    ("POST", "batches/x/cancel"): "execute",
    ("POST", "jobs"): "write",
    ("PATCH", "jobs/x"): "write",
    ("DELETE", "jobs/x"): "write",
    ("POST", "jobs/x/run"): "execute",
    ("POST", "jobs/x/pause"): "execute",
    ("POST", "jobs/x/resume"): "execute",
    ("POST", "jobs/x/skip"): "write",
    ("POST", "jobs/x/publish"): "write",
    ("POST", "jobs/x/backfill"): "execute",
    ("POST", "pause"): "execute",
    ("POST", "resume"): "execute",
}


def address(pattern: str) -> str:
    text = pattern.removeprefix("notebook-sched/").replace(r"\.", ".").replace("/?", "/")
    return text.replace("([^/]+)", "x").replace("(.*)", "x.ipynb")


ADDRESSES = [address(pattern) for pattern, _ in ROUTES]
DECLARED = {
    (method, address(pattern)): operation
    for pattern, handler in ROUTES
    for method in METHODS
    if isinstance(operation := getattr(getattr(handler, method.lower()), "operation", None), Operation)
}


class Refusing(Authorizer):
    """Allows nobody anything, and remembers what was asked."""

    asked: ClassVar[list[tuple[str, str]]] = []

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        self.asked.append((action, resource))
        return False


@pytest.fixture
def refusing(jp_server_config: Config) -> list[tuple[str, str]]:
    jp_server_config.ServerApp.authorizer_class = Refusing
    Refusing.asked.clear()
    return Refusing.asked


def test_it_knows_every_address_of_the_contract() -> None:
    of_the_contract = {path for _, path in RIGHTS} | {
        *(
            "status",
            "openapi.json",
            "runs/x",
            "runs/x/output",
            "runs/x/diff",
            "jobs/x/versions",
            "jobs/x/versions/diff",
            "jobs/x/output",
            "jobs/x/moved",
        ),
        *("archive/api/contents/x.ipynb", "archive/api/contents/x.ipynb/checkpoints", "archive/files/x.ipynb"),
    }
    assert {path for _, path in DECLARED} == of_the_contract


@pytest.mark.parametrize(("method", "path"), DECLARED, ids=lambda part: part)
def test_it_declares_the_right_of_every_operation_as_the_contract_has_it(method: str, path: str) -> None:
    assert DECLARED[method, path].right == RIGHTS.get((method, path), "read" if method == "GET" else None)


async def test_it_lets_nobody_in_without_a_token(api: Api) -> None:
    api.headers = {}
    for path in ADDRESSES:
        for method in METHODS:
            answer = await api(method, path, b"{}" if method != "GET" else None)
            assert answer.status == 403, f"{method} {path}: {answer.status}"


async def test_it_asks_the_authorizer_before_anything_else(refusing: list[tuple[str, str]], api: Api) -> None:
    """Even before it looks at the body: who may not do it learns nothing of what would be wrong with it."""
    for (method, path), operation in DECLARED.items():
        refusing.clear()
        answer = await api(method, path, b"{ no JSON" if method not in ("GET", "DELETE") else None)
        assert answer.refusal(403)["reason"] == "forbidden", f"{method} {path}"
        assert refusing == [(operation.right, "notebook-sched")], f"{method} {path}"


async def test_it_refuses_methods_that_an_address_does_not_have(api: Api) -> None:
    for path in ADDRESSES[:-1]:
        for method in METHODS:
            if (method, path) not in DECLARED:
                answer = await api(method, path, b"{}" if method != "GET" else None)
                assert answer.refusal(405)["reason"] == "method_not_allowed", f"{method} {path}"


@pytest.mark.parametrize(
    "path",
    ["nothing", "", "runs/", "runs/x/y", "jobs/x/y/z", "status/", "archive", "archive/api", "openapi.yaml", "%00"],
)
async def test_it_answers_an_unknown_address_in_its_own_format(api: Api, path: str) -> None:
    for method in METHODS:
        answer = await api(method, path, b"{}" if method != "GET" else None)
        assert answer.refusal(404)["reason"] == "not_found"


async def test_it_passes_over_what_jupyterlab_adds_to_every_request(api: Api, workspace: Any) -> None:
    write_notebook(workspace / "a.ipynb", "1")
    for path in ("runs", "jobs?limit=5", "parameters?notebook=a.ipynb", "archive/api/contents/?content=1&hash=0"):
        joined = f"{path}{'&' if '?' in path else '?'}1760000000000"
        (await api("GET", joined)).ok()
    assert list(tree(workspace)) == ["a.ipynb"]
