"""Places where a test makes a process die or a disk fail, to show that nothing is lost there.

``NOTEBOOK_SCHED_FAULT="name=kill"``: the process that reaches the place is killed at once (SIGKILL);
``name=EIO``, ``name=ENOSPC``: the operating system's error is raised there. ``name=kill@3``: at the third time.
Without the variable nothing happens anywhere.
"""

from __future__ import annotations

import errno
import os
import signal

VARIABLE = "NOTEBOOK_SCHED_FAULT"
_reached: dict[str, int] = {}


def reach(name: str) -> None:
    """Marks a place; OSError or the end of the process where a test asked for it."""
    asked = os.environ.get(VARIABLE)
    if asked is None:
        return
    for fault in asked.split(","):
        place, _, action = fault.partition("=")
        if place == name:
            _act(place, action)


def _act(place: str, action: str) -> None:
    _reached[place] = _reached.get(place, 0) + 1
    what, _, at = action.partition("@")
    if at and _reached[place] != int(at):
        return
    if what == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    raise OSError(getattr(errno, what), os.strerror(getattr(errno, what)), place)
