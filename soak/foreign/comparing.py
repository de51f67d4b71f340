"""What two executions of one notebook left, without what differs from one process to the next, and where they differ.

Each rule says why it is there. A name that is made by chance becomes the number of its first appearance, so that two
that were exchanged, or one in the place of another, still show.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

LENGTH = r"[\d.]+ (?:ns|µs|μs|us|ms|s)"
RULES = (
    # Where an object lies in memory, as repr shows it.
    (re.compile(r"\b0x[0-9a-f]{6,16}\b"), "<address>"),
    # What the clock said, to the microsecond, as datetime prints it; a date alone stays.
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.\d{6}(?!\d)"), "<moment>"),
    # The file that ipykernel pretends a cell to be is named after the kernel's pid and the cell's text.
    (re.compile(r"/ipykernel_\d+/"), "/ipykernel_<pid>/"),
    # matplotlib writes into an SVG when it was made.
    (re.compile(r"<dc:date>[^<]*</dc:date>"), "<dc:date><time></dc:date>"),
    # %time, %timeit and %%timeit: how long something took; not how often, and not what it printed.
    (re.compile(rf"((?:CPU times: user|sys:|total:|Wall time:) ){LENGTH}"), r"\1<time>"),
    (re.compile(rf"{LENGTH} ± {LENGTH} per loop"), "<time> per loop"),
)
CHANCE = (
    # Widgets, comms and displays are named by a random UUID (RFC 9562, version 4), with hyphens or without.
    re.compile(
        r"(?<![0-9a-zA-Z])[0-9a-f]{8}(-?)[0-9a-f]{4}\1?4[0-9a-f]{3}\1?[89ab][0-9a-f]{3}\1?[0-9a-f]{12}(?![0-9a-zA-Z])"
    ),
    # The parts of an SVG that refer to each other: matplotlib salts their names with a UUID (svg.hashsalt).
    re.compile(r"(?<=[\"#])[mp][0-9a-f]{10}(?=[\")])"),
)


@dataclass
class Executed:
    """``cells``: the code cells, each its source, count and outputs. ``failed``: index (among them) and error name of
    the cell that ended it, the name ``kernel died`` where the kernel did; None where nothing failed."""

    cells: list[dict[str, Any]]
    metadata: dict[str, Any] = field(default_factory=dict)
    failed: tuple[int, str] | None = None


def seen_in(notebook: dict[str, Any], failed: tuple[int, str] | None) -> Executed:
    """What a version 4 document shows of its execution."""
    cells = [
        {"source": cell["source"], "count": cell["execution_count"], "outputs": cell["outputs"]}
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]
    return Executed(cells, {name: notebook["metadata"].get(name) for name in ("language_info", "widgets")}, failed)


def differences(one: Executed, other: Executed, folders: tuple[str, str]) -> list[str]:
    """In words; none where nobody could tell the two apart. ``folders``: where each was executed."""
    first, second = (_plain(run, folder) for run, folder in zip((one, other), folders, strict=True))
    found = []
    if first.failed != second.failed:
        found.append(f"ended otherwise: {first.failed} | {second.failed}")
    if len(first.cells) != len(second.cells):
        found.append(f"{len(first.cells)} | {len(second.cells)} code cells")
    for index, (a, b) in enumerate(zip(first.cells, second.cells, strict=False)):
        found += [f"code cell {index}, {what}: {_apart(a[what], b[what])}" for what in a if a[what] != b[what]]
    for name, told in first.metadata.items():
        if told != second.metadata.get(name):
            found.append(f"metadata.{name}: {_apart(told, second.metadata.get(name))}")
    return found


def _plain(run: Executed, folder: str) -> Executed:
    rules = _Rules(folder)
    cells = [{**cell, "outputs": rules.apply(_merged(cell["outputs"]))} for cell in run.cells]
    return Executed(cells, rules.apply(run.metadata), run.failed)


def _merged(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Into how many chunks a stream is cut is chance, and saved notebooks of this project have one for neighbours."""
    found: list[dict[str, Any]] = []
    for output in outputs:
        last = found[-1] if found else {}
        if output["output_type"] == "stream" == last.get("output_type") and output["name"] == last["name"]:
            found[-1] = {**last, "text": last["text"] + output["text"]}
        else:
            found.append(dict(output))
    return found


class _Rules:
    """For one execution: the names of chance that it has shown so far."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._names: dict[str, str] = {}

    def apply(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self.apply(key): self.apply(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.apply(item) for item in value]
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> str:
        # Each is executed in a fresh copy of its folder.
        text = text.replace(self._folder, "<folder>")
        for pattern, plain in RULES:
            text = pattern.sub(plain, text)
        for pattern in CHANCE:
            text = pattern.sub(lambda found: self._number(found[0]), text)
        return text

    def _number(self, name: str) -> str:
        return self._names.setdefault(name, f"<name {len(self._names) + 1}>")


def _apart(one: Any, other: Any) -> str:
    """Both from a little before where they part."""
    a, b = (json.dumps(value, ensure_ascii=False) for value in (one, other))
    start = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    start = max(0, start - 40)
    return f"{a[start : start + 160]} | {b[start : start + 160]}"
