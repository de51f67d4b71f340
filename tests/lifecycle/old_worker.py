"""A stand-in for a worker of version 0.1.0, run as a process: ``python old_worker.py STATE_DIR MEETING_PLACE``.

The real one cannot be had in a clone of this repository alone. As that one did, it holds the lock of the meeting
place, publishes itself there, listens on a socket for ``drain`` and ``stay`` (it knows no other words), stands in the
first schema's ``workers`` and ``leases`` with a beat, and leaves these rows when it has drained. It stands alone (it
imports only what names a process), so that later changes of the product do not change it. What it hears goes to its
output; it finishes its runs for as long as there is a file ``busy`` in the state directory.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import sqlite3
import sys
from pathlib import Path

from jupyter_notebook_sched.host.identity import own_identity

BEAT_SECONDS = 0.5


def main(state: Path, meeting: Path) -> None:
    me = own_identity()
    lock = os.open(meeting / "worker.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    path = meeting / f"worker-{me.pid}-{me.started}.sock"
    listener.bind(str(path))
    listener.settimeout(BEAT_SECONDS)
    told = {"for_server": True, "pid": me.pid, "host": me.host, "identity": str(me), "capacity": 2}
    told |= {"version": "0.1.0", "at": "2026-11-21T12:00:00.000Z"}
    store = sqlite3.connect(state / "store.db", isolation_level=None, timeout=10)
    store.execute("update workers set identity = ?", [str(me)])
    store.execute("update leases set owner = ?", [str(me)])
    draining = False
    while not draining or (state / "busy").exists():
        (meeting / "worker.json").write_text(json.dumps(told | {"state": "draining" if draining else "running"}))
        store.execute("update workers set beat = beat + 1, state = ?", ["draining" if draining else "running"])
        try:
            heard = listener.recv(64)
        except TimeoutError:
            continue
        print(heard.decode(), flush=True)
        draining = {b"drain": True, b"stay": False}.get(heard, draining)
    store.execute("delete from workers where identity = ?", [str(me)])
    store.execute("delete from leases where owner = ?", [str(me)])
    path.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
