"""Lines that a cell prints while whoever reads them stands still for 3 seconds: how many are in the output notebook.

The reader (our runner; the process that nbclient runs in) is stopped (SIGSTOP) before the first line is printed, and
goes on (SIGCONT) afterwards; kernel and all else go on meanwhile.

    python -m benchmarks.stalled_reader [lines …]
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.living import descendants_named, wait_until
from tests.written import write_notebook

from .figures import Figure, told
from .kinds import KEEPER
from .ours import Ours, ours
from .peers.nbclient_process import Nbclient, nbclient

STALL_SECONDS = 3.0
PRINTER, WARMING = "printer.ipynb", "warming.ipynb"
PRINTS = """import pathlib, time
pathlib.Path("begun").touch()
while not pathlib.Path("stalled").exists():
    time.sleep(0.01)
for number in range({lines}):
    print(f"line {{number}}", flush=True)"""


def main() -> list[Figure]:
    counts = [int(argument) for argument in sys.argv[1:]] or [10_000, 20_000]
    figures = []
    for lines in counts:
        with ours(1) as we:
            is_forked, arrived = _of_ours(we, lines)
            assert is_forked, "the kernel was not forked"
            figures.append(_figure(f"{we.name}, forked kernel", arrived, lines, lines))
        with ours(1, "--NotebookSched.fork_server=off") as we:
            _, arrived = _of_ours(we, lines)
            # How many messages such a kernel keeps for a slow reader is its own affair (ZeroMQ's ZMQ_SNDHWM, 1,000).
            figures.append(_figure(f"  {we.name}, kernel started the ordinary way", arrived, lines, None))
        with nbclient(1) as warm:
            figures.append(_figure(f"  {warm.name}", _of_nbclient(warm, lines), lines, None))
    return told(f"printed while the reader stands still for {STALL_SECONDS:g} s:", figures)


def _figure(name: str, arrived: int, lines: int, to_reach: float | None) -> Figure:
    return Figure(f"{name}: of {lines} lines there are", arrived, "lines", to_reach, at_least=True)


def _of_ours(we: Ours, lines: int) -> tuple[bool, int]:
    """Whether the kernel was forked, and the lines that arrived."""
    write_notebook(we.folder / WARMING, "1")
    we.warm_up(WARMING)
    _write(we.folder, lines)
    run_id = we.start(PRINTER)
    _stall(we.folder, lambda: descendants_named(we.worker, f"nbsched-{run_id[-6:]}")[0])
    is_forked = bool(descendants_named(we.worker, KEEPER))
    return is_forked, _arrived(we.executed(we.ended(run_id)))


def _of_nbclient(warm: Nbclient, lines: int) -> int:
    _write(warm.folder, lines)
    output: list[Path] = []
    running = threading.Thread(target=lambda: output.append(warm.executed(PRINTER)[1]))
    running.start()
    _stall(warm.folder, lambda: warm.processes[0].pid)
    running.join()
    return _arrived(json.loads(output[0].read_bytes()))


def _write(folder: Path, lines: int) -> None:
    write_notebook(folder / PRINTER, PRINTS.format(lines=lines))


def _stall(folder: Path, reader: Callable[[], int]) -> None:
    """Once the cell runs; the cell prints once the reader stands still."""
    wait_until(lambda: (folder / "begun").exists(), 60, "the printing cell")
    pid = reader()
    os.kill(pid, signal.SIGSTOP)
    try:
        (folder / "stalled").touch()
        time.sleep(STALL_SECONDS)
    finally:
        os.kill(pid, signal.SIGCONT)


def _arrived(notebook: dict[str, Any]) -> int:
    """Different lines, whole ones."""
    outputs = [output for cell in notebook["cells"] for output in cell["outputs"] if output["output_type"] == "stream"]
    text = "".join("".join(output["text"]) for output in outputs)
    return len({line for line in text.split("\n") if line.startswith("line ")})


if __name__ == "__main__":
    main()
