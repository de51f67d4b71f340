"""Pages of 50 runs with their counts, 1,000,000 runs stored, by every filter; pages of 10,000 jobs. A real server.

python -m benchmarks.million_runs [runs [requests for each filter]]
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from jupyter_notebook_sched.domain.times import utc_now
from jupyter_notebook_sched.store.connection import Store
from tests.serving import Served

from .asking import Asker
from .costs import megabytes, processor_seconds
from .figures import Figure, quantile, told
from .list_filters import Filters, Query, job_filters, run_filters
from .live_server import live_server, store_of
from .made_jobs import add_jobs, all_daily_at
from .million_store import bytes_by_table, job_ids_of, put_store

REACH_MS = 20.0
KEPT_FOR_EVER = ("--NotebookSched.keep_days=100000", "--NotebookSched.keep_megabytes=1000000000")


@dataclass(frozen=True)
class Answers:
    """How long each took, and what one of them cost the server's processor (seconds)."""

    seconds: list[float]
    processor: float

    @property
    def p99(self) -> float:
        return quantile(self.seconds, 0.99)

    def figure(self, what: str) -> Figure:
        p50 = statistics.median(self.seconds) * 1000
        aside = f"(p50 {p50:.1f}, processor {self.processor * 1000:.1f})"
        return Figure(f"{what} {aside}, p99", self.p99 * 1000, "ms", REACH_MS)


def main() -> list[Figure]:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    requests = int(sys.argv[2]) if len(sys.argv) > 2 else 100

    def prepare(workspace: Path, store: Store) -> None:
        put_store(store, runs)
        first = utc_now().replace(second=0, microsecond=0) + timedelta(days=1)
        add_jobs(workspace, store, job_ids_of(store), all_daily_at(first))

    with live_server(prepare, *KEPT_FOR_EVER) as (server, workspace):
        store = store_of(workspace)
        before = megabytes([server.process.pid])
        figures = told(f"{runs} runs stored, a page of 50 runs:", _lists(server, "runs", run_filters(store), requests))
        figures += told("10,000 jobs stored, a page of 50 jobs:", _lists(server, "jobs", job_filters(store), requests))
        grown = megabytes([server.process.pid]) - before
        figures += told("size:", [Figure("memory that the server took for it", grown, "MB"), *_sizes(store, runs)])
        store.close()
    return figures


def _lists(server: Served, path: str, filters: Filters, requests: int) -> list[Figure]:
    """One figure a filter, the slowest first, and one for them all."""
    asker = Asker(server)
    answers = {name: _answers(server, asker, path, queries, requests) for name, queries in filters.items()}
    asker.close()
    everything = [seconds for found in answers.values() for seconds in found.seconds]
    spent = statistics.mean(found.processor for found in answers.values())
    slowest_first = sorted(answers, key=lambda name: answers[name].p99, reverse=True)
    return [
        Figure(f"GET {path}: all filters together, p50", statistics.median(everything) * 1000, "ms"),
        Figure(f"GET {path}: all filters together, p99", quantile(everything, 0.99) * 1000, "ms", REACH_MS),
        Figure(f"GET {path}: processor of the server for one answer", spent * 1000, "ms"),
        *(answers[name].figure(f"GET {path} {name}") for name in slowest_first),
    ]


def _answers(server: Served, asker: Asker, path: str, queries: list[Query], requests: int) -> Answers:
    addresses = [f"{path}?limit=50{_encoded(query)}" for query in queries]
    asker.seconds(addresses[0])
    before = processor_seconds([server.process.pid])
    seconds = [asker.seconds(addresses[number % len(addresses)]) for number in range(requests)]
    return Answers(seconds, (processor_seconds([server.process.pid]) - before) / requests)


def _encoded(query: Query) -> str:
    pairs: Iterable[tuple[str, str]] = (
        (name, value) for name, values in query.items() for value in ([values] if isinstance(values, str) else values)
    )
    return "".join(f"&{quote(name)}={quote(value, safe='')}" for name, value in pairs)


def _sizes(store: Store, runs: int) -> list[Figure]:
    sizes = bytes_by_table(store)
    parts = [Figure(f"  {name}", size / runs, "bytes a run") for name, size in sizes.items() if size > runs]
    return [Figure("a run in the store, indexes and all", sum(sizes.values()) / runs, "bytes a run"), *parts]


if __name__ == "__main__":
    main()
