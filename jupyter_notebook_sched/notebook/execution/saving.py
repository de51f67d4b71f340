"""When the output notebook is saved while it runs: soon, but never for more than a twentieth of the time; and its
bytes, of which only those of changed cells are made anew."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import msgspec

SHORTEST_INTERVAL = 0.4
SHARE_OF_TIME = 0.05


class EncodedNotebook:
    """The bytes of a notebook that changes cell by cell: ``changed(index)`` tells which; the rest of the document is
    looked at each time."""

    def __init__(self, notebook: dict[str, Any]) -> None:
        self._notebook = notebook
        self._cells: list[bytes | None] = [None] * len(notebook["cells"])

    def changed(self, index: int) -> None:
        self._cells[index] = None

    def encoded(self) -> bytes:
        """As ``json.dumps(indent=1)`` writes it."""
        fields = []
        for name, value in self._notebook.items():
            content = self._encoded_cells() if name == "cells" else _encode(value, 1)
            fields.append(b" " + json.dumps(name).encode() + b": " + content)
        return b"{\n" + b",\n".join(fields) + b"\n}\n"

    def _encoded_cells(self) -> bytes:
        cells = self._notebook["cells"]
        for index, known in enumerate(self._cells):
            if known is None:
                self._cells[index] = _encode(cells[index], 2)
        return b"[\n  " + b",\n  ".join(self._cells) + b"\n ]" if cells else b"[]"  # type: ignore[arg-type]


class Saver:
    """Saves what ``snapshot`` gives through ``save``, each taking the whole notebook's bytes."""

    def __init__(self, snapshot: Callable[[], bytes], save: Callable[[bytes], None]) -> None:
        self._snapshot = snapshot
        self._save = save
        self._not_before = 0.0
        self._changed = True

    def changed(self) -> None:
        self._changed = True

    def save_if_due(self) -> None:
        """Saves if something changed and the last save was long enough ago for what it cost."""
        started = time.monotonic()
        if not self._changed or started < self._not_before:
            return
        self._save(self._snapshot())
        self._changed = False
        finished = time.monotonic()
        self._not_before = finished + max(SHORTEST_INTERVAL, (finished - started) / SHARE_OF_TIME)


def _encode(value: Any, depth: int) -> bytes:
    """JSON, for a place that is indented by ``depth``: a line break is never inside of a string."""
    try:
        written = msgspec.json.format(msgspec.json.encode(value), indent=1)
    except (UnicodeEncodeError, OverflowError, TypeError, ValueError):
        # Half of a surrogate pair, which UTF-8 cannot carry but JSON's escapes can; an integer beyond 64 bits.
        written = json.dumps(value, indent=1).encode()
    return written.replace(b"\n", b"\n" + b" " * depth)
