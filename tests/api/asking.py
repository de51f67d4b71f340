"""Requests to a server in this process, and their answers."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tornado.httputil import HTTPHeaders

from ..serving import TOKEN, Served
from ..written import write_notebook


@dataclass(frozen=True)
class Answer:
    status: int
    headers: HTTPHeaders
    raw: bytes

    @property
    def body(self) -> Any:
        """The JSON of the answer; no bare NaN or Infinity in it."""

        def refuse(name: str) -> None:
            raise AssertionError(f"bare {name} in {self.raw[:200]!r}")

        return json.loads(self.raw, parse_constant=refuse)

    def refusal(self, status: int) -> dict[str, Any]:
        """The error in the contract's one format."""
        assert self.status == status, f"{self.status}, not {status}: {self.raw[:300]!r}"
        assert self.headers["Content-Type"] == "application/json"
        error: dict[str, Any] = self.body
        assert set(error) == {"message", "reason", "errors"}
        assert error["message"]
        assert "\n" not in error["message"]
        assert error["reason"].replace("_", "").isalpha()
        assert error["reason"].islower()
        assert all(set(each) == {"field", "message"} for each in error["errors"])
        return error

    def fields(self, status: int = 422) -> set[str]:
        """The fields that a refusal names."""
        return {error["field"] for error in self.refusal(status)["errors"]}

    def ok(self, status: int = 200) -> Any:
        assert self.status == status, f"{self.status}, not {status}: {self.raw[:300]!r}"
        return self.body


class Live:
    """The same, of a server process: ``live("GET", "runs")``."""

    def __init__(self, served: Served, workspace: Path) -> None:
        self.served = served
        self.workspace = workspace

    def __call__(self, method: str, path: str, body: Any = None) -> Answer:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"token {TOKEN}"}
        url = f"{self.served.base}/notebook-sched/{path}"
        request = urllib.request.Request(url, data, headers, method=method)
        try:
            answer = urllib.request.urlopen(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return Answer(answer.status, HTTPHeaders(dict(answer.headers)), answer.read())

    def run(self, path: str, *cells: Any, parameters: str | None = None, **fields: Any) -> dict[str, Any]:
        """Writes a notebook and runs it to its end."""
        write_notebook(self.workspace / path, *cells, parameters=parameters)
        return self.served.ended(self.served.start(path, **fields))


class Api:
    """``await api("GET", "runs?limit=1")``; a body that is no bytes is sent as JSON."""

    def __init__(self, client: Any, base: str, headers: dict[str, str]) -> None:
        self.client = client
        self.base = base
        self.headers = headers

    async def __call__(self, method: str, path: str, body: Any = None) -> Answer:
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        response = await self.client.fetch(
            f"{self.base}notebook-sched/{path}",
            method=method,
            headers=self.headers,
            body=body,
            raise_error=False,
            allow_nonstandard_methods=True,
            follow_redirects=False,
            request_timeout=30,
        )
        return Answer(response.code, response.headers, response.body or b"")
