"""The kernels that this server knows."""

from __future__ import annotations

import threading
import time
from typing import Any

KEPT_SECONDS = 5.0


class ServerKernels:
    """Kernelspec name → language, asked of the server's own kernelspec manager at most every few seconds."""

    def __init__(self, manager: Any) -> None:
        self._manager = manager
        self._lock = threading.Lock()
        self._found: dict[str, str] = {}
        self._asked_at = float("-inf")

    def languages(self) -> dict[str, str]:
        with self._lock:
            if time.monotonic() - self._asked_at > KEPT_SECONDS:
                specs = self._manager.get_all_specs()
                self._found = {name: str(found["spec"].get("language", "")).lower() for name, found in specs.items()}
                self._asked_at = time.monotonic()
            return self._found
