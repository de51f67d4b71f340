"""A notebook of 1,000 cells, each with an output, saved while it runs: wall time beside nbclient, which saves nothing
until the end, and papermill, which saves after each cell.

    python -m benchmarks.thousand_cells [cells [cells of papermill [rounds]]]
"""

from __future__ import annotations

import contextlib
import statistics
import sys
import threading
import time

from jupyter_notebook_sched.archive.layout import output_path
from jupyter_notebook_sched.config import STATE_DIR_NAME
from tests.written import write_notebook

from .contender import Contender
from .figures import Figure, told
from .ours import Ours, ours
from .peers.nbclient_process import nbclient
from .peers.papermill_process import papermill

NOTEBOOK = "cells.ipynb"
LOOK_SECONDS = 0.005


def main() -> list[Figure]:
    cells = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    of_papermill = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    versions: list[int] = []
    with ours(1) as we, nbclient(1) as warm, papermill() as slow:
        contenders: list[Contender] = [we, warm]
        for contender in [*contenders, slow]:
            _write(contender, 2)
            for _ in range(2):
                contender.run(NOTEBOOK)
                contender.group.settle()
            _write(contender, cells)
        found: dict[str, list[float]] = {contender.name: [] for contender in contenders}
        for _ in range(rounds):
            found[we.name].append(_watched(we, versions))
            found[warm.name].append(warm.run(NOTEBOOK))
        for contender in (slow, warm):
            _write(contender, of_papermill)
        theirs, unsaved = slow.run(NOTEBOOK), warm.run(NOTEBOOK)
    mine, nbclients = statistics.median(found[we.name]), statistics.median(found[warm.name])
    return told(
        f"{cells} cells, median of {rounds} in turn:",
        [
            Figure(f"{cells} cells, saved meanwhile: times nbclient without saving", mine / nbclients, "times", 1.1),
            Figure("  notebook sched", mine, "s"),
            Figure("  nbclient, warm", nbclients, "s"),
            Figure("  versions of the output notebook that a reader saw", statistics.median(versions), "files"),
            Figure(f"  papermill, {of_papermill} cells: times nbclient", theirs / unsaved, "times"),
        ],
    )


def _write(contender: Contender, cells: int) -> None:
    write_notebook(contender.folder / NOTEBOOK, *(f"x = {number}\nprint(x)" for number in range(cells)))


def _watched(we: Ours, versions: list[int]) -> float:
    """Wall seconds of a run; the versions of its output notebook that there were meanwhile are counted."""
    started = time.perf_counter()
    run_id = we.start(NOTEBOOK)
    file = we.folder / STATE_DIR_NAME / "archive" / output_path(run_id, 1, NOTEBOOK)
    seen: set[tuple[int, int]] = set()
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(LOOK_SECONDS):
            with contextlib.suppress(FileNotFoundError):
                found = file.stat()
                seen.add((found.st_ino, found.st_mtime_ns))

    looking = threading.Thread(target=look)
    looking.start()
    we.ended(run_id)
    took = time.perf_counter() - started
    ended.set()
    looking.join()
    versions.append(len(seen))
    return took


if __name__ == "__main__":
    main()
