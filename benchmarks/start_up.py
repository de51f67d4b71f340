"""What the extension adds to the start of a server, to its first answer; and how long the command line takes to help.

python -m benchmarks.start_up [times]
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from tests.serving import Served

from .costs import processor_seconds
from .figures import Figure, told
from .live_server import bare_server, just_started

HELP = {
    "jupyter notebook-sched --help": [str(Path(sys.executable).with_name("jupyter")), "notebook-sched", "--help"],
    "python -c pass": [sys.executable, "-c", "pass"],
}
Starting = Callable[[Path], AbstractContextManager[Served]]


def main() -> list[Figure]:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    return told(f"start-up, {times} times, one after the other:", [*_of_server(times), *_of_help(times)])


def _of_server(times: int) -> list[Figure]:
    """In turn, with and without, so that what else the machine does falls on both."""
    found: dict[str, list[tuple[float, float]]] = {"with": [], "without": []}
    for number in range(times + 1):
        for name, starting in (("with", just_started), ("without", bare_server)):
            took = _start(starting)
            if number:  # the first one warms the disk's cache
                found[name].append(took)
    figures = []
    for what, part, to_reach in (("wall", 0, None), ("processor of the server", 1, None)):
        ours, theirs = ([took[part] for took in found[name]] for name in ("with", "without"))
        added = [one - other for one, other in zip(ours, theirs, strict=True)]
        figures += [
            Figure(f"server start-up added, {what}, median", statistics.median(added) * 1000, "ms", 60.0),
            Figure(f"  best with minus best without, {what}", (min(ours) - min(theirs)) * 1000, "ms", to_reach),
            Figure(f"  without the extension, {what}, median", statistics.median(theirs) * 1000, "ms"),
        ]
    return figures


def _start(starting: Starting) -> tuple[float, float]:
    """Wall and processor seconds from the start of the process to its first answer."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        started = time.perf_counter()
        with starting(Path(folder)) as server:
            took = time.perf_counter() - started
            return took, processor_seconds([server.process.pid], collected=False)


def _of_help(times: int) -> list[Figure]:
    figures = []
    for name, command in HELP.items():
        walls, processors = [], []
        for _ in range(times + 1):
            before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            walls.append(time.perf_counter() - started)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            processors.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        figures += [
            Figure(f"{name}, median", statistics.median(walls), "s", 0.3 if "sched" in name else None),
            Figure(f"  {name}, processor", statistics.median(processors), "s"),
        ]
    return figures


if __name__ == "__main__":
    main()
