"""The counters that triggers keep, held against a count of the rows themselves."""

from __future__ import annotations

from sqlite_utils import Database

COUNTED = """
with keys as (
    select 'all' as kind, '' as key, state, 1 as n from runs
    union all select 'job', job_id, state, 1 from runs where job_id is not null
    union all select 'batch', batch_id, state, 1 from runs where batch_id is not null
    union all select 'notebook', titles.notebook, state, 1 from runs join titles on titles.id = runs.title
    union all select 'source', source_version, '', 1 from runs
    union all select 'bytes', '', '', bytes from runs)
select kind, key, state, sum(n) as n from keys group by 1, 2, 3 having sum(n) <> 0
"""
Counts = dict[tuple[str, str, str], int]


def recounted(db: Database) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Where a counter is not what counting gives: (kind, key, state) → (counter, count)."""
    kept = _read(db, "select kind, key, state, n from run_counts where n <> 0")
    counted = _read(db, COUNTED)
    return {
        key: (kept.get(key, 0), counted.get(key, 0))
        for key in kept.keys() | counted.keys()
        if kept.get(key, 0) != counted.get(key, 0)
    }


def _read(db: Database, sql: str) -> Counts:
    return {(kind, key, state): n for kind, key, state, n in db.execute(sql).fetchall()}
