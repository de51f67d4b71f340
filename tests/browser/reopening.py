"""Failed runs as a person reopens them, and the kernels that are kept of them."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, expect

from ..serving import Served
from .lab import Lab, opened

KEPT = "--NotebookSched.keep_kernel_seconds=259200"


@contextlib.contextmanager
def reopening(browser: Browser, server: Served, workspace: Path) -> Iterator[Lab]:
    """JupyterLab with no kernel left once it is closed."""
    with opened(browser, server, workspace) as lab:
        yield lab
    server.end_kernels()


def row_of(lab: Lab, run: dict[str, Any]) -> Locator:
    """A run in the *Runs* panel, selected, so that it offers its actions."""
    row = lab.side("Runs").locator(f"[data-run='{run['id']}']")
    row.locator(".jns-Row-main").focus()
    return row


def reopened(lab: Lab, run: dict[str, Any]) -> Locator:
    """The bar above the run's debug copy, by way of its output notebook."""
    row_of(lab, run).locator("[data-jns='open']").click()
    header(lab, run).page.locator("[data-jns='output-debug']:visible").click()
    return bar(lab)


def header(lab: Lab, run: dict[str, Any]) -> Locator:
    told = lab.page.locator(f"[data-jns='circumstances'][data-run='{run['id']}']:visible")
    expect(told).to_be_visible()
    expect(lab.page.locator(f"[data-jns='outcome'][data-state='{run['state']}']:visible")).to_be_visible()
    return told


def bar(lab: Lab) -> Locator:
    found = lab.page.locator("[data-jns='copy-bar']:visible")
    expect(found).to_be_visible()
    return found


def executed(lab: Lab, source: str, shows: str, key: str = "b") -> None:
    """Executes a new cell below the one that is active in the notebook in front (``key`` a: above it)."""
    lab.page.locator(".jp-NotebookPanel:visible .jp-mod-active .jp-InputPrompt").click()
    lab.page.keyboard.press(key)
    lab.page.keyboard.press("Enter")
    lab.page.keyboard.type(source)
    lab.page.keyboard.press("Control+Enter")
    expect(lab.cell_with(source).locator(".jp-OutputArea-output")).to_have_text(re.compile(re.escape(shows)))


def mend(lab: Lab, wrong: str, right: str) -> None:
    lab.cell_with(wrong).locator(".cm-line").filter(has_text=wrong).click()
    lab.page.keyboard.press("Home")
    lab.page.keyboard.press("Shift+End")
    lab.page.keyboard.type(right)
