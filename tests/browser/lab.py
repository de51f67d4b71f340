"""JupyterLab on a copy of the examples, and a person's hands in it."""

from __future__ import annotations

import contextlib
import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from ..serving import TOKEN, Served, serving

EXAMPLES = Path(__file__).parents[2] / "examples"
SETTINGS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
PATIENCE = 60_000


class Lab:
    """One JupyterLab in a browser page. Waits are Playwright's own: until it is so, or PATIENCE milliseconds."""

    def __init__(self, page: Page, server: Served, workspace: Path) -> None:
        self.page = page
        self.server = server
        self.base = server.base
        self.workspace = workspace
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)

    def open(self, notebook: str) -> None:
        """Opens a notebook in a freshly loaded JupyterLab."""
        self.page.goto(f"{self.base}/lab/tree/{notebook}?reset&token={TOKEN}")
        expect(self.page.locator(".jp-NotebookPanel:visible .jp-Notebook-cell").first).to_be_visible()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        return self.server.call(method, f"notebook-sched/{path}", body)

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
def lab_server(root: Path, **environment: str) -> Iterator[tuple[Served, Path]]:
    """A JupyterLab server on a copy of the examples, and its workspace."""
    workspace, overrides = root / "examples", root / "overrides"
    shutil.copytree(EXAMPLES, workspace)
    overrides.mkdir()
    (overrides / "overrides.json").write_text(json.dumps(SETTINGS))
    options = [f"--{app}.app_settings_dir={overrides}" for app in ("LabServerApp", "LabApp")]
    with serving(workspace, root / "home", *options, app="lab", **environment) as server:
        yield server, workspace
