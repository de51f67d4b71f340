"""Runs a second when many wait: 200 trivial runs asked for at once, two at a time. papermill, nbclient and
jupyter-scheduler, which have no queue, are kept going two at a time; fewer runs tell their rate.

    python -m benchmarks.queued [runs [runs of papermill and jupyter-scheduler]]
"""

from __future__ import annotations

import sys

from tests.written import write_notebook

from .contender import Contender, at_a_time, processor_of
from .figures import Figure, told
from .live_server import TRIVIAL
from .ours import Ours, ours
from .peers.nbclient_process import nbclient
from .peers.papermill_process import papermill
from .peers.scheduler_server import scheduler

NOTEBOOK = "trivial.ipynb"


def main() -> list[Figure]:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    of_slow = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    with ours() as we:
        _warm_up(we)
        we.warm_up(NOTEBOOK)
        figures = _of_ours(we, runs)
    with nbclient() as other:
        figures += _of_peer(other, 2 * of_slow)
    with papermill() as other:
        figures += _of_peer(other, of_slow)
    with scheduler() as other:
        figures += _of_peer(other, of_slow)
    return told(f"{runs} trivial runs queued at once, two at a time:", figures)


def _warm_up(contender: Contender) -> None:
    write_notebook(contender.folder / NOTEBOOK, *TRIVIAL)
    at_a_time(contender, NOTEBOOK, 2)
    contender.group.settle()


def _of_ours(we: Ours, runs: int) -> list[Figure]:
    took: list[float] = []
    processor = processor_of(we, lambda: took.append(we.queue(NOTEBOOK, runs)))
    return [
        Figure(f"{runs} queued: first POST to last end", runs / took[0], "runs/s", 20.0, at_least=True),
        Figure("  processor of each", processor / runs, "s", 0.10),
    ]


def _of_peer(other: Contender, runs: int) -> list[Figure]:
    _warm_up(other)
    took: list[float] = []
    processor = processor_of(other, lambda: took.append(at_a_time(other, NOTEBOOK, runs)))
    return [
        Figure(f"  {other.name}, of {runs} runs", runs / took[0], "runs/s"),
        Figure(f"  {other.name}, processor of each", processor / runs, "s"),
    ]


if __name__ == "__main__":
    main()
