"""A server starts without waiting for most of the package, and nothing is reached around its handlers' own rules."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from jupyter_server.serverapp import _has_tornado_web_authenticated
from tornado.httpclient import HTTPClientError
from tornado.web import RequestHandler

from jupyter_notebook_sched.app import NotebookSched

HEAVY = ("sqlite_utils", "croniter", "jupyter_notebook_sched.service", "jupyter_notebook_sched.api")


def test_it_is_loaded_by_a_server_without_importing_what_only_requests_need() -> None:
    program = (
        "import sys, jupyter_notebook_sched as package\npackage._jupyter_server_extension_points()\nprint(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()
    assert "jupyter_notebook_sched.app.extension" in loaded
    assert not set(HEAVY) & set(loaded)


async def test_its_handlers_come_with_the_first_request(jp_fetch: Any, extension: NotebookSched) -> None:
    assert "parts" not in vars(extension)
    await jp_fetch("api", "status")
    assert "parts" not in vars(extension)
    assert (await jp_fetch("notebook-sched", "status")).code == 200
    assert "parts" in vars(extension)


@pytest.mark.parametrize("path", ["status", "runs", "no-such-thing", "archive/files/a"])
async def test_nobody_without_a_name_makes_them_answer(jp_fetch: Any, path: str) -> None:
    with pytest.raises(HTTPClientError) as refused:
        await jp_fetch("notebook-sched", *path.split("/"), headers={"Authorization": "token wrong"})
    assert refused.value.code == 403


def test_each_method_of_each_handler_asks_who_calls(extension: NotebookSched) -> None:
    """What Jupyter Server checks of handlers that it is given at its start."""
    for pattern, handler in extension.parts.routes:
        for name in handler.SUPPORTED_METHODS:
            method = getattr(handler, name.lower())
            implemented = method != RequestHandler._unimplemented_method
            allowed = hasattr(method, "__allow_unauthenticated")
            assert not implemented or allowed or _has_tornado_web_authenticated(method), (pattern, name)
