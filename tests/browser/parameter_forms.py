"""Notebooks with parameters of each kind, and what a person does beside them."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator

from ..written import write_notebook
from .lab import Lab

KINDS = """\
import datetime
from typing import Annotated, Literal

text: str = "hello"  # A word
maybe: str | None = "abc"
long = "first\\nsecond"
count: int = 3
ratio: float = 0.5
on: bool = True
three: bool | None = None
region: Literal["us", "fr"] = "us"
day: datetime.date = datetime.date(2026, 11, 20)
when: datetime.datetime = datetime.datetime(2026, 11, 20, 7, 0)
names: list[str] = ["a", "b"]
options = {"a": 1}
anything = None
home = str(3)
"""

EDITED = {
    "text": '"good day"  # A word',
    "maybe": "None",
    "count": "4",
    "ratio": "2.5",
    "on": "False",
    "three": "True",
    "region": '"fr"',
    "day": "datetime.date(2026, 12, 24)",
    "when": "datetime.datetime(2026, 12, 24, 18, 30)",
    "names": '["a", "c", "d"]',
    "options": '{"a": [2]}',
    "anything": "5",
    "home": '"there"',
}

COLAB = """\
#@title Report settings
#@markdown What the report is about.
region = "us" #@param ["us", "fr"]
free = "x" #@param ["x", "y"] {allow-input: true}
level = 30 #@param {type:"slider", min:0, max:100, step:5}
day = "2026-11-20" #@param {type:"date"}
on = True #@param {type:"boolean"}
"""


def beside(lab: Lab, name: str, *cells: Any, **more: Any) -> Locator:
    """The parameters panel beside a new notebook."""
    write_notebook(lab.workspace / name, *cells, **more)
    lab.open(name)
    return lab.side("Parameters")


def retype(lab: Lab, cell: Locator, source: str) -> None:
    """Types another text into a cell."""
    cell.locator(".cm-content").click()
    lab.page.keyboard.press("Control+a")
    lab.page.keyboard.insert_text(source)


def choose(lab: Lab, item: str | re.Pattern[str]) -> None:
    lab.page.locator(".lm-Menu-item").filter(has_text=item).click()


def error_of(panel: Locator, name: str) -> Locator:
    return panel.locator(".jns-Field", has=panel.page.get_by_label(name, exact=True)).get_by_role("alert")
