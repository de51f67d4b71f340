"""The sockets of a kernel's client, read as soon as something arrives and without a bound on what waits there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Literal

import zmq

from .wire import Message, Wire

log = logging.getLogger(__name__)
Channel = Literal["shell", "control", "iopub"]
AT_ONCE = 200
"""So many messages are read before anybody else has a turn."""
RECONNECT_MILLISECONDS = 10


class Channels:
    """``connection``: a connection file's content (jupyter-client, *Connection files*). ``heard`` is called with every
    message, in the order of its channel."""

    def __init__(self, connection: dict[str, Any], heard: Callable[[Channel, Message], None]) -> None:
        self._heard = heard
        self._wire = Wire(connection["key"])
        self._loop = asyncio.get_running_loop()
        self._sockets: dict[Channel, zmq.Socket[bytes]] = {
            "shell": self._connect(zmq.DEALER, connection, "shell_port"),
            "control": self._connect(zmq.DEALER, connection, "control_port"),
            "iopub": self._connect(zmq.SUB, connection, "iopub_port"),
        }
        for channel, socket in self._sockets.items():
            self._loop.add_reader(socket.FD, self._read, channel)

    def send(
        self,
        channel: Channel,
        kind: str,
        content: dict[str, Any],
        parent: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> str:
        """The message's id."""
        number, frames = self._wire.pack(kind, content, parent, metadata)
        self._sockets[channel].send_multipart(frames)
        # A descriptor of ZeroMQ tells of a change once; sending may have used it up (zmq_getsockopt, ZMQ_FD).
        self._loop.call_soon(self._read, channel)
        return number

    def close(self) -> None:
        for socket in self._sockets.values():
            self._loop.remove_reader(socket.FD)
            socket.close(linger=0)
        self._sockets.clear()

    def _connect(self, kind: int, connection: dict[str, Any], port: str) -> zmq.Socket[bytes]:
        context: zmq.Context[zmq.Socket[bytes]] = zmq.Context.instance()
        socket = context.socket(kind)
        # What a kernel sends while nobody reads must wait, not vanish: the default is to keep 1,000 messages.
        socket.setsockopt(zmq.RCVHWM, 0)
        socket.setsockopt(zmq.SNDHWM, 0)
        socket.setsockopt(zmq.RECONNECT_IVL, RECONNECT_MILLISECONDS)
        if kind == zmq.SUB:
            socket.setsockopt(zmq.SUBSCRIBE, b"")
        separator = "-" if connection["transport"] == "ipc" else ":"
        socket.connect(f"{connection['transport']}://{connection['ip']}{separator}{connection[port]}")
        return socket

    def _read(self, channel: Channel) -> None:
        socket = self._sockets.get(channel)
        for _ in range(AT_ONCE):
            if socket is None or socket.closed:
                return
            try:
                frames = socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            try:
                message = self._wire.unpack(frames)
                if message is not None:
                    self._heard(channel, message)
            except Exception:  # one message that nobody understands must not cost those behind it
                log.exception("a message of the kernel is passed over")
        self._loop.call_soon(self._read, channel)
