"""What is said over the sockets: one JSON object a line. The first line of a connection carries descriptors 1 and 2."""

from __future__ import annotations

import json
import socket
from typing import Any

KEEPER = "nbsched-keeper"  # how ps shows a keeper; a worker knows those by it whose fork server has died
PIECE = 65536
LONGEST_REQUEST = 16 * 1024**2


def send(connection: socket.socket, message: dict[str, Any]) -> None:
    """Says it, or nothing where nobody listens any more."""
    try:
        connection.sendall(encode(message))
    except OSError:
        pass


def encode(message: dict[str, Any]) -> bytes:
    return json.dumps(message).encode() + b"\n"


def receive_request(connection: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """The request and the two descriptors; None for anything else. The connection's own timeout bounds the wait."""
    data, descriptors, _, _ = socket.recv_fds(connection, PIECE, 2)
    while data and not data.endswith(b"\n") and len(data) < LONGEST_REQUEST:
        piece = connection.recv(PIECE)
        data = data + piece if piece else b""
    if not data.endswith(b"\n") or len(descriptors) != 2:
        return None
    request = json.loads(data)
    return (request, descriptors) if isinstance(request, dict) else None


class Lines:
    """Pieces of a stream → the messages that are complete."""

    def __init__(self) -> None:
        self._rest = b""

    def add(self, piece: bytes) -> list[dict[str, Any]]:
        *lines, self._rest = (self._rest + piece).split(b"\n")
        return [json.loads(line) for line in lines if line]
