"""Requests over one connection that is kept open, as a browser's is, and how long each of them took."""

from __future__ import annotations

import http.client
import json
import time
from typing import Any

from tests.serving import TOKEN, Served


class Asker:
    """``root``: what all paths begin with."""

    def __init__(self, server: Served, root: str = "notebook-sched") -> None:
        self._root = root
        self._connection = http.client.HTTPConnection(server.base.removeprefix("http://"), timeout=120)
        self._connection.connect()

    def seconds(self, path: str, body: dict[str, Any] | None = None) -> float:
        """How long the answer took, to its last byte: a GET, or a POST where there is a body."""
        return self._asked(path, body)[0]

    def ask(self, path: str, body: dict[str, Any] | None = None) -> tuple[float, Any]:
        """As ``seconds``, and what was answered. Fails where the server refused."""
        took, content = self._asked(path, body)
        return took, json.loads(content)

    def _asked(self, path: str, body: dict[str, Any] | None) -> tuple[float, bytes]:
        sent = None if body is None else json.dumps(body)
        headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
        address = f"/{self._root}/{path}".rstrip("/")
        started = time.perf_counter()
        self._connection.request("GET" if body is None else "POST", address, sent, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        took = time.perf_counter() - started
        assert answer.status < 300, f"{path}: {answer.status} {content!r}"
        return took, content

    def close(self) -> None:
        self._connection.close()
