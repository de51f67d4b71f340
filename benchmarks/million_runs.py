"""Pages of 50 runs with their counts, 1,000,000 runs stored, by every filter; pages of 10,000 jobs. A real server.

python -m benchmarks.million_runs [runs [requests for each filter]]
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from jupyter_notebook_sched.domain.times import utc_now
from jupyter_notebook_sched.store.connection import Store
from tests.serving import Served

from .asking import Asker
from .costs import megabytes, processor_seconds
from .figures import Figure, quantile, told
from .list_filters import Filters, job_filters, run_filters
from .live_server import live_server, store_of
from .made_jobs import add_jobs
from .million_store import bytes_by_table, job_ids_of, put_store

REACH_MS = 20.0
KEPT_FOR_EVER = ("--NotebookSched.keep_days=100000", "--NotebookSched.keep_megabytes=1000000000")


def main() -> list[Figure]:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    requests = int(sys.argv[2]) if len(sys.argv) > 2 else 100

    def prepare(workspace: Path, store: Store) -> None:
        put_store(store, runs)
        add_jobs(workspace, store, job_ids_of(store), utc_now().replace(second=0, microsecond=0) + timedelta(days=1))

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
    before = processor_seconds([server.process.pid])
    times = {name: _times(asker, path, queries, requests) for name, queries in filters.items()}
    spent = processor_seconds([server.process.pid]) - before
    asker.close()
    everything = [seconds for found in times.values() for seconds in found]
    slowest_first = sorted(times, key=lambda name: quantile(times[name], 0.99), reverse=True)
    return [
        Figure(f"GET {path}: all filters together, p50", statistics.median(everything) * 1000, "ms"),
        Figure(f"GET {path}: processor of the server for one answer", spent / len(everything) * 1000, "ms"),
        *(_figure(path, name, times[name]) for name in slowest_first),
    ]


def _times(asker: Asker, path: str, queries: list[dict[str, str | list[str]]], requests: int) -> list[float]:
    addresses = [f"{path}?limit=50{_encoded(query)}" for query in queries]
    asker.seconds(addresses[0])
    return [asker.seconds(addresses[number % len(addresses)]) for number in range(requests)]


def _encoded(query: dict[str, str | list[str]]) -> str:
    pairs: Iterable[tuple[str, str]] = (
        (name, value) for name, values in query.items() for value in ([values] if isinstance(values, str) else values)
    )
    return "".join(f"&{quote(name)}={quote(value, safe='')}" for name, value in pairs)


def _figure(path: str, name: str, times: list[float]) -> Figure:
    p50 = statistics.median(times) * 1000
    return Figure(f"GET {path} {name} (p50 {p50:.1f}), p99", quantile(times, 0.99) * 1000, "ms", REACH_MS)


def _sizes(store: Store, runs: int) -> list[Figure]:
    sizes = bytes_by_table(store)
    parts = [Figure(f"  {name}", size / runs, "bytes a run") for name, size in sizes.items() if size > runs]
    return [Figure("a run in the store, indexes and all", sum(sizes.values()) / runs, "bytes a run"), *parts]


if __name__ == "__main__":
    main()
