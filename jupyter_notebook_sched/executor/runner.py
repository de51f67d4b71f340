"""The process of one attempt after another: reads its orders and carries them out, one at a time.

As a subreaper it is the parent of every process that a run starts, and kills them all before it says that it is free.
When the worker is gone (its end of the channel closes) it throws its work away: somebody else may have the run by now.
"""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import os
import resource
import shutil
import socket
import sys
import traceback
from pathlib import Path

import msgspec

from ..host import processes
from ..notebook.execution import provenance
from . import framing, scratch
from .carrying import Carrying
from .interface import Order
from .limiting import Limiting
from .local_messages import Cancel, Free, FromRunner, Held, KeepKernel, Kept, Secrets, ToRunner

PIECE = 65536
MOST_ORDERS = 100
MOST_GROWTH = 100 * 1024**2
TO_RUNNER: msgspec.msgpack.Decoder[ToRunner] = msgspec.msgpack.Decoder(ToRunner)


def warm_up() -> None:
    """Pays, before any fork, for what the first execution would import or read."""
    import jupyter_client.provisioning  # noqa: F401
    from jupyter_client.kernelspec import KernelSpecManager

    if sys.platform == "linux":
        from ..notebook.execution.fork_server import start

        start.warm_up()
    specs = KernelSpecManager()
    for name in specs.find_kernel_specs():
        with contextlib.suppress(Exception):  # a broken one is told by the run that asks for it
            specs.get_kernel_spec(name)
    provenance.environment(sys.executable)


def main(channel_fd: int, again: bool = False) -> None:
    """Carries out the order that arrives on the channel, and those that follow it where ``again``."""
    os.setsid()
    faulthandler.enable()
    processes.become_subreaper()
    asyncio.run(Runner(socket.socket(fileno=channel_fd), again).serve())


class Runner:
    def __init__(self, channel: socket.socket, again: bool) -> None:
        self._channel = channel
        self._again = again
        self._inbox = framing.Inbox(TO_RUNNER)
        self._orders: asyncio.Queue[tuple[Order, dict[str, str]] | None] = asyncio.Queue()
        self._given: dict[str, str] = {}  # secrets for the order that comes next
        self._carrying: Carrying | None = None
        self._early: list[Cancel | Held | KeepKernel] = []  # for an order that is not begun yet
        self._left_no_trace = False
        self._sending: asyncio.Future[None] | None = None
        self._size_at_start = _peak_size()

    async def serve(self) -> None:
        """Until the worker is gone, or this process is not to be used again."""
        self._channel.setblocking(False)
        asyncio.get_running_loop().add_reader(self._channel, self._hear)
        carried_out = 0
        while (asked := await self._orders.get()) is not None:
            order, secrets = asked
            if carried_out == 0:
                Limiting(order.terms).give_way()  # the worker hands it orders of the same terms only
            await self._carry_out(order, secrets)
            carried_out += 1
            fit = carried_out < MOST_ORDERS and _peak_size() - self._size_at_start < MOST_GROWTH
            if not (self._again and fit and self._left_no_trace):
                return
            await self._tell(Free())

    async def _carry_out(self, order: Order, secrets: dict[str, str]) -> None:
        processes.name_process(f"nbsched-{order.run_id[-6:]}")
        private = scratch.make(Path.cwd())  # this process was started in the meeting place
        self._carrying = Carrying(order, private, self._tell, secrets)
        while self._early:
            self._obey(self._early.pop(0), self._carrying)
        try:
            await self._carrying.carry_out()
        finally:
            carried, self._carrying = self._carrying, None
            self._left_no_trace = carried.left_no_trace
            if carried.kept is not None and carried.becomes_supervisor:
                await self._tell(Kept())
                carried.kept.become_supervisor()
            processes.end_descendants(os.getpid())
            shutil.rmtree(private, ignore_errors=True)
            processes.name_process("nbsched-idle")

    def _hear(self) -> None:
        try:
            piece = self._channel.recv(PIECE)
        except BlockingIOError:
            return
        except ConnectionError:
            piece = b""
        try:
            for said in self._inbox.add(piece):
                self._heed(said)
        except msgspec.MsgspecError:  # a worker that speaks otherwise must not wait for us for ever
            traceback.print_exc()
            piece = b""
        if not piece:
            self._worker_is_gone()

    def _heed(self, said: ToRunner) -> None:
        if isinstance(said, Order):
            self._orders.put_nowait((said, self._given))
            self._given = {}
        elif isinstance(said, Secrets):
            self._given = said.texts()
        elif self._carrying is not None:
            self._obey(said, self._carrying)
        elif not self._orders.empty():
            self._early.append(said)

    @staticmethod
    def _obey(said: Cancel | Held | KeepKernel, carrying: Carrying) -> None:
        if isinstance(said, Cancel):
            carrying.cancel()
        elif isinstance(said, KeepKernel):
            carrying.keep_kernel(said.seconds)
        else:
            carrying.hold.renewed(said.clock)

    def _worker_is_gone(self) -> None:
        asyncio.get_running_loop().remove_reader(self._channel)
        # A run whose final file is whole is finished from it, and its kernel is kept as it says there.
        if self._carrying is not None and not self._carrying.is_sealed:
            self._carrying.vanish()
        self._orders.put_nowait(None)

    async def _tell(self, news: FromRunner) -> None:
        """After what was told before. Whoever waits for it may be cancelled: a message is sent whole, or not begun."""
        self._sending = asyncio.ensure_future(self._send(framing.frame(news), self._sending))
        await asyncio.shield(self._sending)

    async def _send(self, message: bytes, before: asyncio.Future[None] | None) -> None:
        if before is not None:
            await asyncio.wait((before,))
        with contextlib.suppress(ConnectionError):
            await asyncio.get_running_loop().sock_sendall(self._channel, message)


def _peak_size() -> int:
    """Bytes of this process at its height."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
