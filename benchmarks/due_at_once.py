"""10,000 jobs due in the same second: how long until the last of them is in the queue, and what the API answers
meanwhile. A real server with its worker, which starts on the runs at once, and a browser that listens.

    python -m benchmarks.due_at_once [jobs [rounds]]
"""

from __future__ import annotations

import statistics
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from jupyter_notebook_sched.domain.times import to_text, utc_now
from jupyter_notebook_sched.store import jobs
from jupyter_notebook_sched.store.connection import Store
from tests.serving import Served
from tests.written import write_notebook

from .asking import Asker
from .costs import processor_seconds
from .figures import Figure, milliseconds, told
from .listening import listening
from .live_server import JOURNALS, TRIVIAL, live_server, store_of
from .made_jobs import add_jobs, all_daily_at, new_ids

TO_START = timedelta(seconds=12)
LOOK_SECONDS = 0.01
PAUSE_SECONDS = 0.01
ASKED: dict[str, dict[str, str] | None] = {
    "runs?limit=50": None,
    "jobs?limit=50": None,
    "runs?state=queued&limit=50": None,
    "status": None,
    "runs": {"notebook": "by_hand.ipynb"},
}


@dataclass
class Round:
    """``took``: seconds from the due time to the last record; ``answers``: seconds of each request until then;
    ``worker``, ``server``: processor seconds of the two processes themselves meanwhile."""

    took: float = 0.0
    worker: float = 0.0
    server: float = 0.0
    answers: dict[str, list[float]] = field(default_factory=lambda: {path: [] for path in ASKED})


def main() -> list[Figure]:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    figures = []
    for journal in JOURNALS:
        figures += told(
            f"{count} jobs due in the same second, {journal} journal, {rounds} rounds:",
            _figures(journal, [one_round(count, journal) for _ in range(rounds)]),
        )
    return figures


def one_round(count: int, journal: str) -> Round:
    due = (utc_now() + TO_START).replace(second=0, microsecond=0) + timedelta(minutes=1)

    def prepare(workspace: Path, store: Store) -> None:
        write_notebook(workspace / "by_hand.ipynb", *TRIVIAL)
        add_jobs(workspace, store, new_ids(count), all_daily_at(due))

    with live_server(prepare, journal=journal) as (server, workspace), listening(server):
        store = store_of(workspace, journal)
        done = threading.Event()
        found = Round()
        asking = threading.Thread(target=_ask, args=[server, due, done, found])
        asking.start()
        pids = [[server.worker()["pid"]], [server.process.pid]]
        _sleep_until(due - timedelta(seconds=0.05))
        before = [processor_seconds(pid, collected=False) for pid in pids]
        while not _all_recorded(store, due):
            time.sleep(LOOK_SECONDS)
        found.took = (utc_now() - due).total_seconds()
        spent = [processor_seconds(pid, collected=False) for pid in pids]
        found.worker, found.server = spent[0] - before[0], spent[1] - before[1]
        done.set()
        asking.join()
        _check(store, due, count)
        store.close()
    return found


def _ask(server: Served, due: datetime, done: threading.Event, found: Round) -> None:
    asker = Asker(server)
    for path in ASKED:
        asker.seconds(path, ASKED[path])  # what is only slow the first time has nothing to do with the due time
    _sleep_until(due)
    while not done.is_set():
        for path, body in ASKED.items():
            found.answers[path].append(asker.seconds(path, body))
            time.sleep(PAUSE_SECONDS)
    asker.close()


def _all_recorded(store: Store, due: datetime) -> bool:
    with store.read() as db:
        following = jobs.next_due(db)
    return following is None or following > to_text(due)


def _check(store: Store, due: datetime, count: int) -> None:
    with store.read() as db:
        sql = "select count(*) from runs where cause = 'schedule' and scheduled_for = ?"
        recorded = db.execute(sql, [to_text(due)]).fetchone()[0]
        of_all = db.execute("select count(*) from runs where slot_key is not null").fetchone()[0]
    assert recorded == of_all == count, f"{recorded} records of {count} due times, {of_all} in all"


def _sleep_until(moment: datetime) -> None:
    time.sleep(max((moment - utc_now()).total_seconds(), 0.0))


def _figures(journal: str, rounds: list[Round]) -> list[Figure]:
    took = [one.took for one in rounds]
    everything = [seconds for one in rounds for answers in one.answers.values() for seconds in answers]
    figures = [
        Figure(f"due at once, {journal}: due time to last record, median", statistics.median(took), "s", 2.0),
        Figure(f"due at once, {journal}: due time to last record, best", min(took), "s"),
        Figure(f"due at once, {journal}: processor, worker, median", _median(rounds, "worker"), "s"),
        Figure(f"due at once, {journal}: processor, server, median", _median(rounds, "server"), "s"),
        *milliseconds(f"due at once, {journal}: API meanwhile", everything, 50.0),
    ]
    for path, body in ASKED.items():
        answers = [seconds for one in rounds for seconds in one.answers[path]]
        figures += milliseconds(f"  {'POST' if body else 'GET'} {path}", answers)
    return figures


def _median(rounds: list[Round], name: str) -> float:
    return float(statistics.median(getattr(one, name) for one in rounds))


if __name__ == "__main__":
    main()
