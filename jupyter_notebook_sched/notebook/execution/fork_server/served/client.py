"""One client of a kept kernel's supervisor."""

from __future__ import annotations

import json
import socket
from typing import Any

from . import message

LONGEST_ORDER = 65536


class Client:
    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.holds = False
        self.executes = False  # what it has the kernel do is nobody's business once it is gone
        self._rest = b""

    def hear(self) -> list[dict[str, Any]] | None:
        """What it asks for; None when it is gone, or speaks otherwise."""
        try:
            piece = self.connection.recv(message.PIECE)
        except BlockingIOError:
            return []
        except OSError:
            return None
        *lines, self._rest = (self._rest + piece).split(b"\n")
        if not piece or len(self._rest) > LONGEST_ORDER:
            return None
        try:
            orders = [json.loads(line) for line in lines if line]
        except ValueError:
            return None
        return orders if all(isinstance(order, dict) for order in orders) else None

    def say(self, news: dict[str, Any]) -> bool:
        """False where it does not listen."""
        try:
            self.connection.sendall(message.encode(news))
        except OSError:  # it has so much waiting that it would keep the others waiting, too
            return False
        return True
