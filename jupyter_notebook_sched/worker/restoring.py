"""``jupyter notebook-sched restore``: the newest backup in the place of a damaged store."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from ..config import Settings
from ..domain.times import to_text, utc_now
from ..errors import SchedError
from ..host.rendezvous import Rendezvous
from ..store.damage import restore


def main(arguments: list[str]) -> int:
    """Exit code 0: done, 1: there is no backup, 3: a worker has this workspace."""
    parser = argparse.ArgumentParser(
        prog="jupyter notebook-sched restore", description="Puts the newest backup in the place of a damaged store."
    )
    parser.add_argument("--workspace", type=Path, default=Path(), help="whose store it is (default: this directory)")
    parser.add_argument("--state-dir", type=Path, default=None, help="where the store lives")
    options = parser.parse_args(arguments)
    state_dir = options.state_dir.absolute() if options.state_dir else None
    settings = Settings.of_workspace(options.workspace.absolute(), state_dir)
    meeting = Rendezvous(settings.state_dir)
    meeting.make()
    lock = meeting.lock()
    if lock is None or any(True for _ in meeting.living("server")):
        print("this workspace is in use: stop its Jupyter servers and its worker first", file=sys.stderr)
        return 3
    try:
        backup = restore(settings.state_dir / "store.db", to_text(utc_now())[:19].replace(":", ""))
    except SchedError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        os.close(lock)
    print(
        f"restored from {backup}; what happened since then is not in it: its due times count as missed. "
        "The damaged store is kept beside it"
    )
    return 0
