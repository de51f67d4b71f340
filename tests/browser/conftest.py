"""A browser for all tests; a workspace with its own server for each of them, or one that many share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from ..written import write_notebook
from .lab import Lab, lab_server, opened

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("needs Chromium (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def lab(browser: Browser, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """JupyterLab on a workspace of its own."""
    with lab_server(tmp_path_factory.mktemp("lab")) as (server, workspace), opened(browser, server, workspace) as lab:
        yield lab
        lab.take_picture(request.node.name)


@pytest.fixture(scope="session")
def shared_lab(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab with the notebook ``quick.ipynb`` open, for all tests that need no other workspace."""
    with lab_server(tmp_path_factory.mktemp("lab")) as (server, workspace), opened(browser, server, workspace) as lab:
        write_notebook(workspace / "quick.ipynb", "print(number)", parameters="number: int = 1")
        lab.open("quick.ipynb")
        yield lab


@pytest.fixture
def desk(shared_lab: Lab, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """The shared JupyterLab, with no jobs in it."""
    yield shared_lab
    shared_lab.take_picture(request.node.name)
    shared_lab.leave_dialogs()
    for job in shared_lab.call("GET", "jobs")["jobs"]:
        shared_lab.call("DELETE", f"jobs/{job['id']}")
