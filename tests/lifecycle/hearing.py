"""The run events of a server, as a browser hears them (``/api/events/subscribe``)."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from typing import Any

from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from ..living import wait_until
from ..serving import TOKEN, Served

RUN = "https://events.jupyter.org/jupyter_notebook_sched/run/v1"


class Ear:
    """Listens from its making on, until the server goes. ``heard``: the events' bodies, in order."""

    def __init__(self, server: Served) -> None:
        self.heard: list[dict[str, Any]] = []
        self._url = server.base.replace("http", "ws") + "/api/events/subscribe"
        self._connected = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._listen()), daemon=True)
        self._thread.start()
        assert self._connected.wait(20), "no connection to the events"
        time.sleep(0.2)  # the subscription follows the connection

    def of(self, run_id: str) -> list[dict[str, Any]]:
        return [event for event in self.heard if event["run_id"] == run_id]

    def hears(self, run_id: str, state: str, seconds: float = 20.0) -> None:
        wait_until(lambda: state in [event["state"] for event in self.of(run_id)], seconds, f"{state} is told")

    async def _listen(self) -> None:
        request = HTTPRequest(self._url, headers={"Authorization": f"token {TOKEN}"})
        connection = await websocket_connect(request)
        self._connected.set()
        while (message := await connection.read_message()) is not None:
            event = json.loads(message)
            if event["schema_id"] == RUN:
                self.heard.append({name: event[name] for name in ("seq", "run_id", "state", "progress")})
