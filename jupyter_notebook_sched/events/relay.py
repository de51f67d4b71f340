"""Relays committed events of the outbox, each server from its own position."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import time
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

from ..errors import Unavailable
from ..host.rendezvous import Rendezvous
from ..host.waking import woken
from ..store import outbox
from ..store.connection import Store
from .schemas import IDS

log = logging.getLogger(__name__)
POLL_SECONDS = {False: 1.0, True: 5.0}
LOOK_SECONDS = 1.0
BATCH = 500
AT_A_STRETCH = 10


class Relay:
    """``emit(schema_id, fields)`` is called on the loop, in order; ``observe(events)`` in the thread, afterwards.
    Waking is a datagram, polling the safety net."""

    def __init__(
        self,
        store: Store,
        meeting: Rendezvous,
        thread: Executor,
        emit: Callable[[str, dict[str, Any]], None],
        observe: Callable[[list[outbox.Event]], None],
    ) -> None:
        self.store = store
        self.meeting = meeting
        self.thread = thread
        self.emit = emit
        self.observe = observe
        self.position: int | None = None
        self._wake = asyncio.Event()
        self._listener: socket.socket | None = None
        self._deaf = False

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                self._listen()
                self._wake.clear()
                try:
                    more = await self._relay_once()
                except Exception:
                    log.exception("events could not be told; tried again")
                    more = False
                if not more:
                    await self._wait(POLL_SECONDS[self.store.network])
        finally:
            self._stop_listening()

    async def _wait(self, seconds: float) -> None:
        """Until woken, or until the time is over; meanwhile the socket stays where the others look for it."""
        until = time.monotonic() + seconds
        while not self._wake.is_set() and (left := until - time.monotonic()) > 0:
            self._listen()
            await woken(self._wake, min(left, LOOK_SECONDS))

    def _listen(self) -> None:
        """Binds the socket, again where somebody removed it; without one, events are told later, by polling."""
        if self._listener is not None and self.meeting.is_reachable(self._listener):
            return
        try:
            self._stop_listening()
            self.meeting.make()
            self._listener = self.meeting.listen("server")
            asyncio.get_running_loop().add_reader(self._listener, self._heard, self._listener)
            self._deaf = False
        except Exception as error:
            if not self._deaf:
                log.error("the scheduler's worker cannot be heard, and none can be started: %s", error)
            self._deaf = True

    def _stop_listening(self) -> None:
        if self._listener is not None:
            listener, self._listener = self._listener, None
            asyncio.get_running_loop().remove_reader(listener)
            self.meeting.leave(listener)

    async def _relay_once(self) -> bool:
        """True when there may be more."""
        try:
            events = await asyncio.get_running_loop().run_in_executor(self.thread, self._read)
        except Unavailable as error:
            log.warning("%s", error)
            return False
        for begin in range(0, len(events), AT_A_STRETCH):
            started = time.monotonic()
            for event in events[begin : begin + AT_A_STRETCH]:
                self._tell(event)
            if begin + AT_A_STRETCH < len(events):  # requests come first: at most half of the loop is ours
                await asyncio.sleep(time.monotonic() - started)
        if events:
            await self._observe(events)
        return len(events) == BATCH

    async def _observe(self, events: list[outbox.Event]) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(self.thread, self.observe, events)
        except Unavailable as error:
            log.warning("these events are missing from the metrics: %s", error)

    def _tell(self, event: outbox.Event) -> None:
        try:
            self.emit(IDS[event.kind], event.fields)
        except Exception:
            log.exception("the event %s could not be told", event.seq)
        self.position = event.seq

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
