"""Every benchmark, one after the other, and a table of all figures at the end.

python -m benchmarks [name …]
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import datetime, timezone

from . import (
    claiming,
    due_at_once,
    idle,
    large_notebook,
    large_output,
    million_runs,
    platform_day,
    queued,
    run_memory,
    run_now,
    stalled_reader,
    start_up,
    thousand_cells,
)
from .figures import Figure, told

ALL: dict[str, Callable[[], list[Figure]]] = {
    "run_now": run_now.main,
    "queued": queued.main,
    "run_memory": run_memory.main,
    "thousand_cells": thousand_cells.main,
    "stalled_reader": stalled_reader.main,
    "large_output": large_output.main,
    "large_notebook": large_notebook.main,
    "platform_day": platform_day.main,
    "due_at_once": due_at_once.main,
    "million_runs": million_runs.main,
    "idle": idle.main,
    "claiming": claiming.main,
    "start_up": start_up.main,
}


def main() -> None:
    names = sys.argv[1:] or list(ALL)
    sys.argv[1:] = []  # each measures with its own defaults
    figures = []
    for name in names:
        print(f"== {name}", flush=True)
        started = time.monotonic()
        figures += ALL[name]()
        print(f"   ({time.monotonic() - started:.0f} s)\n", flush=True)
    to_reach = [figure for figure in figures if figure.to_reach is not None]
    missed = sum(not figure.is_reached for figure in to_reach)
    now = f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC"
    load = f"load {os.getloadavg()[2]:.1f} on {os.cpu_count()} processors"
    told(f"== {now}, {load}: {len(to_reach)} figures to reach, {missed} missed", to_reach)


if __name__ == "__main__":
    main()
