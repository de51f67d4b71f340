"""Messages between a kernel and its client, as they travel (jupyter-client, *Messaging in Jupyter*: the wire protocol).

Written for the one client that a run has: no routing identities, no dates parsed, nothing validated that is only
passed on.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import os
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

DELIMITER = b"<IDS|MSG>"
VERSION = "5.3"
USER = "notebook-sched"


@dataclass(frozen=True)
class Message:
    """One message; ``answers`` is the id of the request that caused it (empty: none)."""

    kind: str
    answers: str
    header: dict[str, Any]
    parent: dict[str, Any]
    metadata: dict[str, Any]
    content: dict[str, Any]
    buffers: list[bytes]

    @property
    def date(self) -> str:
        """When the kernel sent it, ISO 8601 as it wrote it."""
        return str(self.header.get("date") or _now())

    def as_client_dict(self) -> dict[str, Any]:
        """The form in which jupyter_client's sessions hand messages on."""
        return {
            "header": self.header,
            "msg_id": self.header.get("msg_id", ""),
            "msg_type": self.kind,
            "parent_header": self.parent,
            "metadata": self.metadata,
            "content": self.content,
            "buffers": self.buffers,
        }


class Wire:
    """Packs and unpacks the messages of one session, signed with the connection's ``key`` (hmac-sha256; empty: unsigned
    ones)."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._session = os.urandom(16).hex()
        self._numbers = itertools.count(1)

    def pack(
        self,
        kind: str,
        content: dict[str, Any],
        parent: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> tuple[str, list[bytes]]:
        """The message's id, and its frames."""
        number = f"{self._session}_{next(self._numbers)}"
        header = {
            "msg_id": number,
            "session": self._session,
            "username": USER,
            "date": _now(),
            "msg_type": kind,
            "version": VERSION,
        }
        parts = [json.dumps(part).encode() for part in (header, parent or {}, metadata or {}, content)]
        return number, [DELIMITER, self._signature(parts), *parts]

    def unpack(self, frames: list[bytes]) -> Message | None:
        """None for what was not signed with this connection's key, or is no message at all."""
        try:
            start = frames.index(DELIMITER)
        except ValueError:
            return None
        signature, *parts = frames[start + 1 : start + 6]
        if len(parts) != 4 or not hmac.compare_digest(signature, self._signature(parts)):
            return None
        header, parent, metadata, content = map(_decode, parts)
        kind = str(header.get("msg_type", ""))
        return Message(kind, str(parent.get("msg_id", "")), header, parent, metadata, content, frames[start + 6 :])

    def _signature(self, parts: list[bytes]) -> bytes:
        if not self._key:
            return b""
        made = hmac.new(self._key, digestmod=hashlib.sha256)
        for part in parts:
            made.update(part)
        return made.hexdigest().encode()


def _decode(part: bytes) -> dict[str, Any]:
    try:
        found = json.loads(part)
    except UnicodeDecodeError:
        found = json.loads(part.decode("utf-8", "replace"))
    return found if isinstance(found, dict) else {}


def _now() -> str:
    return datetime.now(timezone.utc).isoformat().replace("+00:00", "Z")
