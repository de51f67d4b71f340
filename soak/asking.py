"""Requests to servers that may die while they answer."""

from __future__ import annotations

import http.client
import json
import socket
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

TOKEN = "soak"
PATIENCE_SECONDS = 30.0


class NoAnswer(Exception):
    """The server is not there, or died meanwhile: whether it did what was asked is not known."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any


def ask(port: int, method: str, path: str, body: Any = None) -> Answer:
    """The answer, whatever its status. ``path``: below ``notebook-sched/``."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/notebook-sched/{path}",
        None if body is None else json.dumps(body).encode(),
        {"Authorization": f"token {TOKEN}"},
        method=method,
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            return Answer(answer.status, json.loads(answer.read() or b"null"))
    except urllib.error.HTTPError as error:
        with error:
            return _refused(error)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoAnswer(str(error)) from None


def _refused(error: urllib.error.HTTPError) -> Answer:
    try:
        return Answer(error.code, json.loads(error.read()))
    except (OSError, http.client.HTTPException, ValueError):
        raise NoAnswer(f"status {error.code}, half an answer") from None


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
