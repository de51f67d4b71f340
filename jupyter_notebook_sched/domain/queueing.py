"""Who goes first: what somebody waits for before what is scheduled, and that before what is caught up. Nobody starves:
the privilege is a number of minutes, not a rank; and where a crowd waits for longer than that, the two take turns."""

from __future__ import annotations

from datetime import datetime, timedelta

from .run import HAND_STARTED, Cause

BEHIND = {"schedule": timedelta(minutes=10), "catch_up": timedelta(minutes=20), "backfill": timedelta(minutes=20)}
"""How much longer than a run started by hand each kind waits before it goes first."""
ONE_AT_A_TIME: tuple[Cause, ...] = ("catch_up", "backfill")
"""After an outage, or over a past range, runs follow each other on each host and leave room for today's."""
LONGEST_TURN = timedelta(minutes=10)
"""One of them that goes on for longer holds up the others no more."""
SHORT = timedelta(minutes=10)
"""While long runs hold all other places of a host, the last one is kept for runs expected to be shorter than this."""


def place_in_queue(cause: Cause, available_at: datetime) -> datetime:
    """Runs start in the order of this moment."""
    return available_at if cause in HAND_STARTED else available_at + BEHIND[cause]
