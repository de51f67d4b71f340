"""Relays committed events of the outbox, each server from its own position."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ..errors import Unavailable
from ..host.rendezvous import Rendezvous
from ..store import outbox
from ..store.connection import Store
from .schemas import IDS

log = logging.getLogger(__name__)
POLL_SECONDS = {False: 1.0, True: 5.0}
BATCH = 500


class Relay:
    """``emit(schema_id, fields)`` is called on the loop, in order; waking is a datagram, polling the safety net."""

    def __init__(
        self,
        store: Store,
        meeting: Rendezvous,
        threads: ThreadPoolExecutor,
        emit: Callable[[str, dict[str, Any]], None],
    ) -> None:
        self.store = store
        self.meeting = meeting
        self.threads = threads
        self.emit = emit
        self.position: int | None = None
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled."""
        loop = asyncio.get_running_loop()
        listener = self.meeting.listen("server")
        loop.add_reader(listener, self._heard, listener)
        try:
            while True:
                self._wake.clear()
                if not await self._relay_once():
                    with contextlib.suppress(asyncio.TimeoutError):
                        await asyncio.wait_for(self._wake.wait(), POLL_SECONDS[self.store.network])
        finally:
            loop.remove_reader(listener)
            self.meeting.leave(listener)

    async def _relay_once(self) -> bool:
        """True when there may be more."""
        try:
            events = await asyncio.get_running_loop().run_in_executor(self.threads, self._read)
        except Unavailable as error:
            log.warning("%s", error)
            return False
        for event in events:
            try:
                self.emit(IDS[event.kind], event.fields)
            except Exception:
                log.exception("the event %s could not be told", event.seq)
            self.position = event.seq
        return len(events) == BATCH

    def _read(self) -> list[outbox.Event]:
        """What is new; at the first look only the position, for what was told before is not news."""
        if not self.store.exists():
            self.position = 0
            return []
        with self.store.read() as db:
            if self.position is None:
                self.position = outbox.last_seq(db)
            return outbox.after(db, self.position, BATCH)

    def _heard(self, listener: socket.socket) -> None:
        with contextlib.suppress(BlockingIOError):
            while listener.recv(64):
                pass
        self._wake.set()
