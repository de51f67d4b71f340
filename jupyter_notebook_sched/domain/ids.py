"""Time-ordered ids: UUID version 7 (RFC 9562, 5.7)."""

from __future__ import annotations

import re
import secrets
import threading
import uuid
from datetime import datetime, timezone

_lock = threading.Lock()
_last = 0

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def new_id(now: datetime) -> str:
    """A UUIDv7 of ``now``; within this process each is greater than the last, so that runs keep their order."""
    global _last
    # RFC 9562, 6.2, method 3: the twelve bits after the milliseconds hold the finer part of the clock.
    ticks = int(now.timestamp() * 1000) << 12 | now.microsecond % 1000 * 4096 // 1000
    with _lock:
        _last = ticks = max(ticks, _last + 1)
    value = (ticks >> 12) << 80 | 0x7 << 76 | (ticks & 0xFFF) << 64 | 0b10 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=value))


def made_at(identifier: str) -> datetime:
    """When an id was made (UTC, to the millisecond); the archive files runs under that day."""
    milliseconds = uuid.UUID(identifier).int >> 80
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc)
