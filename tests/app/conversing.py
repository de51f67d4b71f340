"""A kernel of a Jupyter server, spoken with as JupyterLab does: over the server's websocket."""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import websocket

from ..serving import TOKEN, Served

PATIENCE_SECONDS = 30.0


@dataclass
class Said:
    """What came of an execution: its reply's ``status``, all that was printed or shown, what was raised."""

    status: str = ""
    text: str = ""
    error: str = ""
    asked: list[str] = field(default_factory=list)


class Conversation:
    def __init__(self, server: Served, kernel_id: str) -> None:
        self._session = str(uuid.uuid4())
        address = f"{server.base.replace('http', 'ws')}/api/kernels/{kernel_id}/channels?session_id={self._session}"
        headers = [f"Authorization: token {TOKEN}"]
        self._socket = websocket.create_connection(address, PATIENCE_SECONDS, header=headers)

    def execute(self, code: str, answers: Sequence[str] = ()) -> Said:
        """To its end; ``answers`` to what it asks for, as ``input()`` and the debugger do."""
        asked, said, given = self.begin(code), Said(), list(answers)
        idle = replied = False
        while not (idle and replied):
            message = self.hear()
            kind, content = message["header"]["msg_type"], message["content"]
            if kind == "input_request":
                said.asked.append(content["prompt"])
                self._say("stdin", "input_reply", {"value": given.pop(0)}, message["header"])
            if message["parent_header"].get("msg_id") != asked:
                continue
            if kind == "execute_reply":
                replied, said.status = True, content["status"]
            elif kind == "status":
                idle = content["execution_state"] == "idle"
            elif kind == "stream":
                said.text += content["text"]
            elif kind in ("execute_result", "display_data"):
                said.text += content["data"].get("text/plain", "")
            elif kind == "error":
                said.error = content["ename"]
        return said

    def begin(self, code: str) -> str:
        """Asks for its execution; the id of the request."""
        wanted = {"code": code, "silent": False, "store_history": True, "allow_stdin": True, "stop_on_error": True}
        return self._say("shell", "execute_request", wanted, {})

    def hear(self) -> dict[str, Any]:
        """The next message; fails where none comes."""
        message: dict[str, Any] = json.loads(self._socket.recv())
        return message

    def hears_state(self, state: str) -> None:
        """Until the kernel tells that it is so."""
        while (message := self.hear())["header"]["msg_type"] != "status" or (
            message["content"]["execution_state"] != state
        ):
            pass

    def close(self) -> None:
        self._socket.close()

    def _say(self, channel: str, kind: str, content: dict[str, Any], parent: dict[str, Any]) -> str:
        name = str(uuid.uuid4())
        header = {"msg_id": name, "session": self._session, "username": "", "msg_type": kind, "version": "5.3"}
        told = {"header": header, "parent_header": parent, "metadata": {}, "content": content, "buffers": []}
        self._socket.send(json.dumps(told | {"channel": channel}))
        return name


@contextlib.contextmanager
def conversing(server: Served, kernel_id: str) -> Iterator[Conversation]:
    conversation = Conversation(server, kernel_id)
    try:
        yield conversation
    finally:
        conversation.close()
