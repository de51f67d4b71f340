"""JupyterLab on a copy of the examples, and a person's hands in it."""

from __future__ import annotations

import contextlib
import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from ..serving import TOKEN, Served, serving

EXAMPLES = Path(__file__).parents[2] / "examples"
RESULTS = Path(__file__).parents[2] / "test-results"
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

    def form(self) -> Locator:
        """The *Schedule* form of the notebook in front, opened from its toolbar."""
        toolbar = self.page.locator(".jp-NotebookPanel:visible .jp-Toolbar")
        toolbar.get_by_role("button", name="Run or schedule").click()
        form = self.page.locator("[data-jns='schedule-form']:visible")
        expect(form.get_by_label("number", exact=True)).to_be_visible()
        return form

    def job_row(self, name: str) -> Locator:
        """A job in the *Runs* panel, selected, so that it offers its actions."""
        row = self.side("Runs").locator("[data-jns='job']").filter(has_text=name)
        row.locator(".jns-Row-main").click()
        return row

    def choose(self, menu: Locator, command: str) -> None:
        """Opens a menu and takes one of its commands."""
        menu.click()
        self.page.locator(f".lm-Menu-item[data-command='jupyter-notebook-sched:{command}']").click()

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

    def reload(self) -> None:
        """Loads the page anew, once JupyterLab has stored which tabs are open."""
        tabs = self.page.locator("#jp-main-dock-panel .lm-TabBar-tab").count()
        self.until(lambda: self._stored_tabs() == tabs)
        self.page.reload()

    def _stored_tabs(self) -> int:
        workspace = self.server.call("GET", "lab/api/workspaces/default")["data"]
        areas = [workspace.get("layout-restorer:data", {}).get("main", {}).get("dock") or {}]
        for area in areas:
            areas.extend(area.get("children", []))
        return sum(len(area.get("widgets", [])) for area in areas)

    def leave_dialogs(self) -> None:
        """Clears the page of what a test that failed half-way has left open."""
        if self.page.locator(".jp-Dialog, .lm-Menu, [data-jns='schedule-form']").count():
            self.page.reload()

    def take_picture(self, name: str) -> None:
        """Keeps what is seen in test-results."""
        RESULTS.mkdir(exist_ok=True)
        self.page.screenshot(path=RESULTS / f"{name}.png")


@contextlib.contextmanager
def lab_server(root: Path, *options: str, **environment: str) -> Iterator[tuple[Served, Path]]:
    """A JupyterLab server on a copy of the examples, and its workspace."""
    workspace = root / "examples"
    shutil.copytree(EXAMPLES, workspace)
    with lab_server_of(workspace, root, *options, **environment) as server:
        yield server, workspace


@contextlib.contextmanager
def lab_server_of(workspace: Path, root: Path, *options: str, port: int = 0, **environment: str) -> Iterator[Served]:
    """A JupyterLab server on that workspace; ``root`` takes its settings and its log."""
    overrides = root / "overrides"
    overrides.mkdir(exist_ok=True)
    (overrides / "overrides.json").write_text(json.dumps(SETTINGS))
    folders = [f"--{app}.app_settings_dir={overrides}" for app in ("LabServerApp", "LabApp")]
    with serving(workspace, root / "home", *folders, *options, app="lab", port=port, **environment) as server:
        yield server


@contextlib.contextmanager
def opened(browser: Browser, server: Served, workspace: Path) -> Iterator[Lab]:
    """A page of its own for a JupyterLab, in the time zone of Berlin; no error was left uncaught in it."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, timezone_id="Europe/Berlin")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield Lab(page, server, workspace)
    context.close()
    assert not errors, f"uncaught errors in the page: {errors}"
