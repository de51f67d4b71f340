"""Messages over a stream socket: four bytes of length (big-endian), then MessagePack."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TypeVar

import msgspec

# To a runner, after its order, a line each:
CANCEL = b"cancel"  # end the attempt and everything it started
HELD = b"held"  # and since when: the worker has renewed its lease (seconds of host.clock), this attempt included
_LENGTH = struct.Struct(">I")
_encoder = msgspec.msgpack.Encoder()
Message = TypeVar("Message")


def frame(message: object) -> bytes:
    body = _encoder.encode(message)
    return _LENGTH.pack(len(body)) + body


def receive(connection: socket.socket, kind: type[Message]) -> Message | None:
    """The next message from a blocking socket; None when the other side is gone."""
    head = _exactly(connection, _LENGTH.size)
    body = None if head is None else _exactly(connection, _LENGTH.unpack(head)[0])
    return None if body is None else msgspec.msgpack.decode(body, type=kind)


async def read(reader: asyncio.StreamReader, decoder: msgspec.msgpack.Decoder[Message]) -> Message | None:
    """The next message from a stream; None when the other side is gone."""
    try:
        (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
        return decoder.decode(await reader.readexactly(length))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


def _exactly(connection: socket.socket, size: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < size:
        part = connection.recv(size - len(parts))
        if not part:
            return None
        parts += part
    return bytes(parts)
