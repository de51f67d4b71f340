"""JupyterLab on a copy of the examples, and a person's hands in it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

EXAMPLES = Path(__file__).parents[2] / "examples"
TOKEN = "browser"
SETTINGS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
PATIENCE = 60_000


class Lab:
    """One JupyterLab in a browser page. Waits are Playwright's own: until it is so, or PATIENCE milliseconds."""

    def __init__(self, page: Page, base: str, workspace: Path) -> None:
        self.page = page
        self.base = base
        self.workspace = workspace
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)

    def open(self, notebook: str) -> None:
        """Opens a notebook in a freshly loaded JupyterLab."""
        self.page.goto(f"{self.base}/lab/tree/{notebook}?reset&token={TOKEN}")
        expect(self.page.locator(".jp-NotebookPanel:visible .jp-Notebook-cell").first).to_be_visible()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"token {TOKEN}"}
        request = urllib.request.Request(f"{self.base}/notebook-sched/{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")

    def side(self, panel: str) -> Locator:
        """The *Runs* or *Parameters* panel, opened."""
        found = self.page.locator(f"[data-jns='{panel.lower()}-panel']")
        if not found.is_visible():
            self.page.locator(f".jp-SideBar [data-id='jupyter-notebook-sched:{panel.lower()}']").click()
        expect(found).to_be_visible()
        return found

    def field(self, within: Locator, name: str) -> Locator:
        """A parameter's input by its label."""
        return within.get_by_label(name, exact=True)

    def cell_with(self, text: str) -> Locator:
        """The cell of the notebook in front that contains the text."""
        return self.page.locator(".jp-NotebookPanel:visible .jp-Notebook-cell").filter(has_text=text).first

    def saved_cell(self, notebook: str, text: str) -> str:
        """The source of the first cell with that text, as it is on disk."""
        cells = json.loads((self.workspace / notebook).read_text())["cells"]
        return next(source for cell in cells if text in (source := "".join(cell["source"])))

    def until(self, condition: Callable[[], Any], seconds: float = 60.0) -> Any:
        """The first true value of the condition; the page lives on meanwhile."""
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            assert time.monotonic() < deadline, "it did not come true in time"
            self.page.wait_for_timeout(100)
        return found


@contextlib.contextmanager
def lab_server(root: Path, **environment: str) -> Iterator[tuple[str, Path]]:
    """A JupyterLab server on a copy of the examples: its address and its workspace."""
    workspace, home = root / "examples", root / "home"
    shutil.copytree(EXAMPLES, workspace)
    overrides = home / "lab-settings"
    overrides.mkdir(parents=True)
    (overrides / "overrides.json").write_text(json.dumps(SETTINGS))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", f"--ServerApp.port={port}"]
    command += [f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={workspace}", "--ServerApp.port_retries=0"]
    command += [f"--LabServerApp.app_settings_dir={overrides}", f"--LabApp.app_settings_dir={overrides}"]
    folders = {name: str(home) for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}
    with open(root / "server.log", "w") as log:
        surroundings = os.environ | folders | environment
        process = subprocess.Popen(command, cwd=root, env=surroundings, stdout=log, stderr=log)
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{base}/api?token={TOKEN}", process, root / "server.log")
        yield base, workspace
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.1)
    raise TimeoutError(log.read_text())
