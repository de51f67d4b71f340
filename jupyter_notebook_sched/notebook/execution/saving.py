"""When the output notebook is saved while it runs: soon, but never for more than a twentieth of the time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

SHORTEST_INTERVAL = 0.5
SHARE_OF_TIME = 0.05


def encode(notebook: dict[str, Any]) -> bytes:
    """A notebook as the JSON bytes of its file."""
    try:
        return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode()
    except UnicodeEncodeError:
        # A kernel can print half of a surrogate pair, which UTF-8 cannot carry but JSON's escapes can.
        return (json.dumps(notebook, indent=1) + "\n").encode()


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
