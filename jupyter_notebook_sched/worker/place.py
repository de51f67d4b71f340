"""What this host has to offer to a run: places, kernels, memory, disk."""

from __future__ import annotations

import logging
import time

from ..config import Settings
from ..host.capacity import places
from ..host.kernels import kernel_names
from ..host.memory import free_disk, free_memory
from ..store.claims import Place

log = logging.getLogger(__name__)
KERNELS_KEPT_SECONDS = 2.0


class HostPlace:
    def __init__(self, settings: Settings, host: str) -> None:
        self.settings = settings
        self.host = host
        self.capacity = places(settings.capacity)
        self._kernels: frozenset[str] = frozenset()
        self._looked = float("-inf")
        self._full = False

    def kernels(self) -> frozenset[str]:
        """Looked up anew every other second: kernels come and go."""
        if time.monotonic() - self._looked > KERNELS_KEPT_SECONDS:
            self._kernels, self._looked = kernel_names(), time.monotonic()
        return self._kernels

    def now(self) -> Place | None:
        """None while the disk is too full for another run."""
        free = free_disk(self.settings.state_dir)
        full = free is not None and free < self.settings.disk_reserve
        if full != self._full:
            log.warning("no run starts: too little free disk" if full else "there is free disk again")
            self._full = full
        return None if full else Place(self.host, self.capacity, self.kernels(), free_memory())
