"""Who goes first: what somebody waits for before what is scheduled, and that before what is caught up. Nobody starves:
the privilege is a number of minutes, not a rank; and where a crowd waits for longer than that, the two take turns."""

from __future__ import annotations

from datetime import datetime, timedelta

from .run import Cause

BEHIND = {"schedule": timedelta(minutes=10), "catch_up": timedelta(minutes=20), "backfill": timedelta(minutes=20)}
"""How much longer than a run started by hand each kind waits before it goes first."""
REPEATED: tuple[Cause, ...] = ("rerun", "resume")
ONE_AT_A_TIME: tuple[Cause, ...] = ("catch_up", "backfill")
"""After an outage, or over a past range, runs follow each other on each host and leave room for today's."""
LONGEST_TURN = timedelta(minutes=10)
"""One of them that goes on for longer holds up the others no more."""
SHORT = timedelta(minutes=10)
"""While long runs hold all other places of a host, the last one is kept for runs expected to be shorter than this."""


LAP = timedelta(minutes=30)
"""A sweep stands in the queue as one: its first run like any other, and when one of its runs starts, the next goes to
the end of the line, this much later. So nobody waits for all of a sweep, and a sweep waits for no crowd."""


def place_in_queue(cause: Cause, available_at: datetime, batch_index: int | None = None) -> datetime:
    """Runs start in the order of this moment. ``batch_index``: its place in a sweep; one that is run again by itself
    stands in line for itself."""
    if cause in BEHIND:
        return available_at + BEHIND[cause]
    return available_at if cause in REPEATED or not batch_index else available_at + batch_index * LAP
