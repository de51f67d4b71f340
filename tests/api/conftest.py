from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config

from jupyter_notebook_sched.app import NotebookSched
from jupyter_notebook_sched.host.rendezvous import Rendezvous
from jupyter_notebook_sched.service.context import Context

from ..serving import serving
from .asking import Api, Live


@pytest.fixture
def jp_server_config() -> Config:
    extensions = {"jupyter_notebook_sched": True, "jupyter_server_terminals": False}
    return Config({"ServerApp": {"jpserver_extensions": extensions}})


@pytest.fixture
def workspace(jp_root_dir: Path) -> Path:
    return jp_root_dir


@pytest.fixture
def nobody_works(workspace: Path) -> Iterator[None]:
    """The test holds the worker's place, so that runs wait and no process is started."""
    meeting = Rendezvous(workspace / ".notebook-sched")
    meeting.make()
    lock = meeting.lock()
    assert lock is not None
    yield
    os.close(lock)


@pytest.fixture
def api(nobody_works: None, http_server_client: Any, jp_base_url: str, jp_auth_header: dict[str, str]) -> Api:
    return Api(http_server_client, jp_base_url, jp_auth_header)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server process with its worker, one for all tests of a file."""
    root = tmp_path_factory.mktemp("live")
    (root / "work").mkdir()
    with serving(root / "work", root / "home") as served:
        yield Live(served, root / "work")


@pytest.fixture
def extension(jp_serverapp: Any) -> NotebookSched:
    (point,) = jp_serverapp.extension_manager.extensions["jupyter_notebook_sched"].extension_points.values()
    app: NotebookSched = point.app
    return app


@pytest.fixture
def context(extension: NotebookSched) -> Context:
    return extension.parts.context
