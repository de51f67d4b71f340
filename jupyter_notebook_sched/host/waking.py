"""Waiting to be woken."""

from __future__ import annotations

import asyncio


async def woken(event: asyncio.Event, seconds: float) -> bool:
    """Whether it is set within that time. ``asyncio.wait_for`` is no way to wait in a loop that goes on until it is
    cancelled: before Python 3.12 it loses a cancellation that comes in the moment of the event."""
    happens = asyncio.ensure_future(event.wait())
    try:
        await asyncio.wait((happens,), timeout=seconds)
    finally:
        happens.cancel()
    return event.is_set()
