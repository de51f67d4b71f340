"""A store as it is after months: jobs, and a great many ended runs of them, written straight into its tables."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone

from jupyter_notebook_sched.domain import ids
from jupyter_notebook_sched.domain.times import to_text
from jupyter_notebook_sched.store import facts
from jupyter_notebook_sched.store.connection import Store
from jupyter_notebook_sched.store.rows import Row, insertion, to_json
from jupyter_notebook_sched.store.terms import terms_of
from jupyter_notebook_sched.store.titles import title_of

from .made_jobs import name_of

FIRST = datetime(2026, 1, 1, tzinfo=timezone.utc)
STATES = ["succeeded"] * 90 + ["failed"] * 6 + ["skipped"] * 3 + ["cancelled"]
REASONS = {"failed": "cell_error", "skipped": "missed", "cancelled": "user"}
CAUSES = ["schedule"] * 90 + ["manual"] * 8 + ["api"] * 2
REGIONS = ["us", "fr", "de", "jp", "br"]
TAGS = ["etl", "report", "nightly", "rare"]
ERROR = {"cell_index": 3, "cell_id": "c3", "name": "KeyError", "value": "'tv'", "traceback": "Traceback …\n" * 20}
BATCH = 20_000
SWEEP = 2_000
"""Of so many runs in a row, those that were started through the API are one sweep."""


def fill(store: Store, runs: int, jobs: int = 10_000, seed: int = 1) -> list[str]:
    """``runs`` ended runs of ``jobs`` jobs over some months; the ids of the jobs."""
    chance = random.Random(seed)
    job_ids = [ids.new_id(FIRST) for _ in range(jobs)]
    step = timedelta(days=180) / runs
    with store.write() as db:
        titles = [title_of(db, *name_of(number)) for number in range(jobs)]
    for begin in range(0, runs, BATCH):
        with store.write() as db:
            facts.put(db, "migrating", "1")  # ended runs may be born ended: as a migration of the schema does it
            made = [
                _run(seq, FIRST + seq * step, job_ids, titles, chance)
                for seq in range(begin + 1, min(begin + BATCH, runs) + 1)
            ]
            db.conn.executemany(insertion("runs", tuple(made[0][0])), [row for row, _, _ in made])
            terms = [(term, row["seq"]) for row, found, _ in made for term in sorted(found)]
            db.conn.executemany("insert into run_terms (term, seq) values (?, ?)", terms)
            attempts = [attempt for _, _, attempt in made if attempt is not None]
            db.conn.executemany(insertion("attempts", tuple(attempts[0])), attempts)
            db.execute("delete from facts where name = 'migrating'")
    return job_ids


def batch_of(seq: int) -> str:
    return f"sweep-{seq // SWEEP}"


def _run(
    seq: int, at: datetime, job_ids: list[str], titles: list[int], chance: random.Random
) -> tuple[Row, set[int], Row | None]:
    number = min(int(chance.paretovariate(0.5)) - 1, len(job_ids) - 1) if seq % 2 else chance.randrange(len(job_ids))
    state, cause = chance.choice(STATES), chance.choice(CAUSES)
    parameters = {"region": chance.choice(REGIONS), "day": f"{at:%Y-%m-%d}", "n": seq % 1000}
    tags = [TAGS[number % 3]] + (["rare"] if seq % 5000 == 0 else [])
    text = to_text(at)
    row = {
        "seq": seq,
        "id": ids.new_id(at),
        "job_id": job_ids[number] if cause == "schedule" else None,
        "batch_id": batch_of(seq) if cause == "api" else None,
        "title": titles[number],
        "source_version": f"{number:064x}",
        "parameters": to_json(parameters),
        "kernel": "python3",
        "cause": cause,
        "scheduled_for": text if cause == "schedule" else None,
        "slot_key": f"{text}-{seq}" if cause == "schedule" else None,
        "state": state,
        "reason": REASONS.get(state),
        "tried": 0 if state == "skipped" else 1,
        "created_at": text,
        "available_at": text,
        "queue_at": text,
        "started_at": None if state == "skipped" else text,
        "finished_at": text,
        "policies": "{}",
        "tags": to_json(tags),
        "bytes": 0 if state == "skipped" else 9000,
    }
    if state == "skipped":
        return row, terms_of(parameters, tags), None
    attempt = {
        "run": seq,
        "n": 1,
        "state": state,
        "reason": REASONS.get(state),
        "started_at": text,
        "finished_at": text,
        "output": f"runs/2026/01/01/{row['id']}/1/report_{number}.ipynb",
        "output_sha256": f"{seq:064x}",
        "error": to_json(ERROR) if state == "failed" else None,
        "cells": '[{"index":0,"outcome":"ok","seconds":0.1},{"index":1,"outcome":"ok","seconds":0.2}]',
        "progress_done": 2,
        "progress_total": 2,
    }
    return row, terms_of(parameters, tags), attempt
