"""50 MB of output in one run: how long it takes, what the process that reads it needs, and what the server's event loop
lets others wait meanwhile.

    python -m benchmarks.large_output [MB]
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.living import descendants_named
from tests.written import write_notebook

from .costs import peak_megabytes
from .figures import Figure, milliseconds, quantile, told
from .loop import latency_meanwhile, loop_latency
from .ours import Ours, ours
from .peers.nbclient_process import Nbclient, nbclient
from .peers.scheduler_server import scheduler

PRINTER, WARMING = "large.ipynb", "warming.ipynb"
LINE = 1000
LOOK_SECONDS = 0.02


@dataclass
class Peak:
    """MB that the largest of some processes used at its height, as long as it was looked at."""

    megabytes: float = 0.0


def main() -> list[Figure]:
    amount = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    source = f"for number in range({amount * 1_000_000 // LINE}):\n    print(f'{{number:0{LINE - 1}}}')"
    figures = []
    with ours(1) as we:
        write_notebook(we.folder / PRINTER, source)
        figures += _of_ours(we, amount)
    with nbclient(1) as warm:
        write_notebook(warm.folder / PRINTER, source)
        figures += _of_nbclient(warm, amount)
    with scheduler() as server:
        write_notebook(server.folder / PRINTER, source)
        with latency_meanwhile(server.server) as latency:
            took = server.run(PRINTER)
        figures += [
            Figure(f"  {server.name}: {amount} MB of output", took, "s"),
            Figure(f"  {server.name}: its server's loop meanwhile, p99", quantile(latency, 0.99) * 1000, "ms"),
        ]
    return told(f"{amount} MB of output in one cell:", figures)


def _of_ours(we: Ours, amount: int) -> list[Figure]:
    write_notebook(we.folder / WARMING, "1")
    we.warm_up(WARMING)
    idle = loop_latency(we.server, 2.0)
    with Watched(lambda: _runners(we)) as peak, latency_meanwhile(we.server) as latency:
        started = time.perf_counter()
        run = we.ended(we.start(PRINTER))
        took = time.perf_counter() - started
    output = we.output(run)
    beside = sum(file.stat().st_size for file in output.parent.rglob("*") if file.is_file() and file != output)
    return [
        Figure(f"{amount} MB of output: from POST to end", took, "s"),
        Figure("  in the output notebook", _text_megabytes(output), "MB"),
        Figure("  in files beside it", beside / 1e6, "MB"),
        Figure("  memory of the runner at its height", peak.megabytes, "MB"),
        Figure("  our server's loop before, p99", quantile(idle, 0.99) * 1000, "ms"),
        *milliseconds("  our server's loop meanwhile, GET /api", latency, 50.0),
    ]


def _of_nbclient(warm: Nbclient, amount: int) -> list[Figure]:
    with Watched(lambda: [warm.processes[0].pid]) as peak:
        took, output = warm.executed(PRINTER)
    return [
        Figure(f"  {warm.name}: {amount} MB of output", took, "s"),
        Figure(f"  {warm.name}: in the output notebook", _text_megabytes(output), "MB"),
        Figure(f"  {warm.name}: memory of its process at its height", peak.megabytes, "MB"),
    ]


class Watched:
    """The peak memory of processes that come and go while the block lasts."""

    def __init__(self, pids: Callable[[], list[int]]) -> None:
        self._pids = pids
        self._peak = Peak()
        self._ended = threading.Event()
        self._looking = threading.Thread(target=self._look)

    def __enter__(self) -> Peak:
        self._looking.start()
        return self._peak

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._looking.join()

    def _look(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            self._peak.megabytes = max([self._peak.megabytes, *map(peak_megabytes, self._pids())])


def _runners(we: Ours) -> list[int]:
    others = ("nbsched-forks", "nbsched-kernels", "nbsched-keeper")
    kept = {pid for name in others for pid in descendants_named(we.worker, name)}
    return [pid for pid in descendants_named(we.worker, "nbsched-") if pid not in kept]


def _text_megabytes(notebook: Path) -> float:
    outputs = [output for cell in json.loads(notebook.read_bytes())["cells"] for output in cell["outputs"]]
    return sum(len("".join(output.get("text", ""))) for output in outputs) / 1e6


if __name__ == "__main__":
    main()
