"""Moments: kept in UTC, to the millisecond, as text that sorts."""

from __future__ import annotations

import functools
from datetime import datetime, timezone


def utc_now() -> datetime:
    """The wall clock, for the outermost loops only; everything below takes ``now`` as an argument."""
    return whole_milliseconds(datetime.now(timezone.utc))


def whole_milliseconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@functools.lru_cache(maxsize=4096)  # jobs that are due together share their moments
def to_text(moment: datetime) -> str:
    """``2026-03-29T01:00:00.000Z``: fixed width, so that text order is time order in SQL."""
    if moment.tzinfo is not timezone.utc:
        moment = moment.astimezone(timezone.utc)
    return moment.isoformat(timespec="milliseconds")[:23] + "Z"


def on_the_clock(moment: datetime, timespec: str = "minutes") -> str:
    """``2026-03-29 03:00 CEST``: for people, in the time zone of this host."""
    local = moment.astimezone()
    return f"{local.replace(tzinfo=None).isoformat(' ', timespec)} {local:%Z}"


def from_text(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
