"""What one trivial run costs, asked for by itself: wall and processor time, where both go, beside papermill, nbclient
and jupyter-scheduler in turn.

    python -m benchmarks.run_now [runs]
"""

from __future__ import annotations

import contextlib
import statistics
import sys
import time
from collections.abc import Iterator

from tests.written import write_notebook

from . import kinds, steps
from .contender import Contender
from .figures import Figure, told
from .live_server import TRIVIAL
from .loop import in_milliseconds, latency_meanwhile, loop_latency
from .ours import Ours, ours
from .peers.environment import versions
from .peers.nbclient_process import nbclient
from .peers.papermill_process import papermill
from .peers.scheduler_server import scheduler

NOTEBOOK = "trivial.ipynb"
SLEEPER = "sleeper.ipynb"
BUSY_RUNS = 10
TIDYING_SECONDS = 0.5  # processes are collected after the run's end is on record


class Measured:
    def __init__(self) -> None:
        self.walls: list[float] = []
        self.processor = 0.0

    @property
    def wall(self) -> float:
        return statistics.median(self.walls)

    @property
    def each(self) -> float:
        return self.processor / len(self.walls)


def main() -> list[Figure]:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with _everybody() as (we, others):
        everybody: list[Contender] = [we, *others]
        for contender in everybody:
            write_notebook(contender.folder / NOTEBOOK, *TRIVIAL)
            for _ in range(2):
                contender.run(NOTEBOOK)
                contender.group.settle()
        measured = {contender.name: Measured() for contender in everybody}
        for _ in range(runs):
            for contender in everybody:
                _measure(contender, measured[contender.name])
        _tell_where_it_goes(we, runs)
        _tell_latency(we)
    print(f"one trivial run of {len(TRIVIAL)} cells, median of {runs}, side by side ({versions()}):")
    for name, one in measured.items():
        print(f"  {name:20s} wall {one.wall:6.3f} s   processor {one.each:6.3f} s   best wall {min(one.walls):6.3f} s")
    return told(f"{runs} trivial runs:", _figures(measured, we))


@contextlib.contextmanager
def _everybody() -> Iterator[tuple[Ours, list[Contender]]]:
    with ours() as we, papermill() as first, nbclient(1) as second, scheduler() as third:
        yield we, [first, second, third]


def _measure(contender: Contender, found: Measured) -> None:
    before = contender.group.seconds()
    found.walls.append(contender.run(NOTEBOOK))
    time.sleep(TIDYING_SECONDS)
    found.processor += contender.group.seconds() - before


def _figures(measured: dict[str, Measured], we: Ours) -> list[Figure]:
    mine = measured[we.name]
    figures = [Figure("run now: from POST to its end, median", mine.wall, "s", 0.15)]
    for name, one in measured.items():
        if name != we.name:
            bound = None if "nbclient" in name else 15.0
            figures.append(Figure(f"  times faster than {name}", one.wall / mine.wall, "times", bound, at_least=True))
    exact = "" if we.group.is_exact else " (from /proc)"
    figures.append(Figure(f"run now: processor of all that takes part{exact}", mine.each, "s", 0.10))
    for name, one in measured.items():
        if name != we.name:
            figures.append(Figure(f"  {name}", one.each, "s"))
    return figures


def _tell_where_it_goes(we: Ours, runs: int) -> None:
    """Both tables from the same runs, which nobody else disturbs."""
    we.group.settle()
    before, all_before, walls = kinds.spent(we), we.group.seconds(), []
    for _ in range(runs):
        walls.append(steps.steps_of_a_run(we, NOTEBOOK))
        time.sleep(TIDYING_SECONDS)
    spent, in_all = kinds.spent(we), we.group.seconds() - all_before
    print(f"where the wall time of ours goes (median of {runs} one after the other, ms):")
    print(steps.table(walls))
    print(f"where its processor time goes (mean of the same {runs}, ms):")
    for kind in spent:
        print(f"  {kind:60s} {(spent[kind] - before[kind]) / runs * 1000:7.1f}")
    print(f"  {'  of which a keeper, until its kernel runs':60s} {_keeper(we) * 1000:7.1f}")
    print(f"  {'sum':60s} {(sum(spent.values()) - sum(before.values())) / runs * 1000:7.1f}")
    print(f"  {'all of it, as the group is counted':60s} {in_all / runs * 1000:7.1f}")


def _keeper(we: Ours) -> float:
    """Seconds; 0 where kernels are not forked."""
    write_notebook(we.folder / SLEEPER, "import time", "time.sleep(1)")
    run = we.start(SLEEPER)
    time.sleep(0.7)
    found = kinds.keepers(we)
    we.ended(run)
    return statistics.median(found) if found else 0.0


def _tell_latency(we: Ours) -> None:
    idle = loop_latency(we.server, seconds=2.0)
    with latency_meanwhile(we.server) as busy:
        for _ in range(BUSY_RUNS):
            we.run(NOTEBOOK)
    print("our server's event loop, GET /api (p50 / p99 / max, ms):")
    print(f"  idle {in_milliseconds(idle)}   while {BUSY_RUNS} runs go on {in_milliseconds(busy)}")


if __name__ == "__main__":
    main()
