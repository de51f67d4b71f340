"""Requests to one kernel and their answers; whoever asks learns at once when the kernel's process ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from .channels import Channel, Channels
from .wire import Message

log = logging.getLogger(__name__)
READY_PAUSE = 0.02
WITHOUT_IOPUB_SECONDS = 5.0
LATE_OUTPUT_SECONDS = 60.0
"""For so long after a cell's reply its output may be silent before its end is taken for granted; nbclient's default is
4 s in all."""
LAST_WORDS_SECONDS = 0.1


class KernelGone(Exception):
    """The kernel's process has ended without the answer."""


class Cell:
    """One executed request until it has been answered, and told to be over on the channel of outputs."""

    def __init__(self) -> None:
        self.replied: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self.idle: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class Conversation:
    """``published`` is called with every message of the channel of outputs."""

    def __init__(self, connection: dict[str, Any], published: Callable[[Message], None]) -> None:
        self._published = published
        self._channels = Channels(connection, self._heard)
        self._cells: dict[str, Cell] = {}
        self._info: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._something_published = asyncio.Event()
        self._last_published = 0.0

    async def ready(self) -> dict[str, Any]:
        """What the kernel says of itself (``kernel_info_reply``), once it hears requests and its outputs are heard
        here. KernelGone where it ends instead. It may take for ever."""
        self._channels.send("shell", "kernel_info_request", {})
        await self._unless_gone(self._info)
        # A subscription that has not arrived yet misses what is published until then: its first messages would be lost.
        loop = asyncio.get_running_loop()
        until = loop.time() + WITHOUT_IOPUB_SECONDS
        while not await self._soon(self._something_published, READY_PAUSE) and loop.time() < until:
            self._channels.send("shell", "kernel_info_request", {})
        return self._info.result()

    def execute(self, source: str, stop_on_error: bool, remembered: bool = True) -> tuple[str, Cell]:
        """Asks for the execution of ``source``; the id of the request, which its outputs answer. ``remembered``: in the
        kernel's history."""
        content = {
            "code": source,
            "silent": False,
            "store_history": remembered,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": stop_on_error,
        }
        cell = Cell()
        number = self._channels.send("shell", "execute_request", content)
        self._cells[number] = cell
        return number, cell

    async def end_of(self, cell: Cell) -> Message:
        """The cell's reply, once all its output is here. KernelGone where the kernel ends before its reply."""
        reply: Message = await self._unless_gone(cell.replied)
        loop, replied_at = asyncio.get_running_loop(), asyncio.get_running_loop().time()
        while not cell.idle.done():
            if self._gone.done():
                await self._last_words(cell.idle)
                break
            if loop.time() - max(replied_at, self._last_published) >= LATE_OUTPUT_SECONDS:
                break
            both = (cell.idle, self._gone)
            await asyncio.wait(both, timeout=LATE_OUTPUT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        return reply

    def answer(self, kind: str, content: dict[str, Any], parent: dict[str, Any], metadata: dict[str, Any]) -> None:
        """Something that a front end tells the kernel of its own accord (comm messages)."""
        self._channels.send("shell", kind, content, parent, metadata)

    def interrupt(self) -> None:
        self._channels.send("control", "interrupt_request", {})

    def ask_to_end(self) -> None:
        self._channels.send("control", "shutdown_request", {"restart": False})

    def kernel_is_gone(self) -> None:
        """Its process has ended."""
        if not self._gone.done():
            self._gone.set_result(None)

    def close(self) -> None:
        self._channels.close()

    def _heard(self, channel: Channel, message: Message) -> None:
        cell = self._cells.get(message.answers)
        if channel == "iopub":
            self._last_published = asyncio.get_running_loop().time()
            self._something_published.set()
            try:
                self._published(message)
            except Exception:  # one that nobody understands must not keep its cell from ending
                log.exception("an output of the kernel is passed over")
            is_idle = message.kind == "status" and message.content.get("execution_state") == "idle"
            if cell is not None and is_idle and not cell.idle.done():
                cell.idle.set_result(None)
        elif message.kind == "execute_reply" and cell is not None and not cell.replied.done():
            cell.replied.set_result(message)
        elif message.kind == "kernel_info_reply" and not self._info.done():
            self._info.set_result(message.content)

    async def _unless_gone(self, answer: asyncio.Future[Any]) -> Any:
        await asyncio.wait((answer, self._gone), return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            await self._last_words(answer)
        if not answer.done():
            raise KernelGone
        return answer.result()

    async def _last_words(self, answer: asyncio.Future[Any]) -> None:
        """What was sent before the process ended is still on its way."""
        loop = asyncio.get_running_loop()
        ended = loop.time()
        while not answer.done() and loop.time() - max(ended, self._last_published) < LAST_WORDS_SECONDS:
            await asyncio.sleep(LAST_WORDS_SECONDS / 5)

    async def _soon(self, event: asyncio.Event, seconds: float) -> bool:
        """Whether it happens within that time."""
        if event.is_set():
            return True
        happens = asyncio.ensure_future(event.wait())
        try:
            await asyncio.wait((happens,), timeout=seconds)  # wait_for swallows a cancellation before Python 3.12
        finally:
            happens.cancel()
        return event.is_set()
