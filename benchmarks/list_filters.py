"""Every filter of the lists, with frequent and rare values, combined, and deep in the list."""

from __future__ import annotations

from datetime import datetime, timedelta

from jupyter_notebook_sched.domain.times import to_text
from jupyter_notebook_sched.service.cursors import cursor_of
from jupyter_notebook_sched.store.connection import Store

from .filling import FIRST, batch_of
from .made_jobs import name_of
from .million_store import job_ids_of

Query = dict[str, "str | list[str]"]
Filters = dict[str, list[Query]]
"""Name → queries of that kind, asked in turn."""
VARIANTS = 20
LAST = FIRST + timedelta(days=180)


def run_filters(store: Store) -> Filters:
    with store.read() as db:
        runs = int(db.execute("select max(seq) from runs").fetchone()[0])
    jobs = job_ids_of(store)
    return _single(jobs, runs) | _times() | _combined(jobs) | _deep(runs)


def job_filters(store: Store) -> Filters:
    jobs = job_ids_of(store)
    some = range(0, len(jobs), len(jobs) // VARIANTS)
    return {
        "(none)": [{}],
        "notebook": [{"notebook": name_of(number)[1]} for number in some],
        "paused=true": [{"paused": "true"}],
        "paused=false": [{"paused": "false"}],
        "q, all": [{"q": "report"}],
        "q, few": [{"q": f"{number} team"} for number in some],
        "q, none": [{"q": "nowhere"}],
        "deep cursor": [{"cursor": cursor_of("jobs", [jobs[number]])} for number in some if number],
    }


def _single(jobs: list[str], runs: int) -> Filters:
    some = range(len(jobs) // 2, len(jobs), len(jobs) // 2 // VARIANTS)
    states = ("queued", "running", "succeeded", "failed", "cancelled", "skipped")
    causes = ("schedule", "manual", "api", "backfill")
    return {
        "(none)": [{}],
        **{f"state={state}": [{"state": state}] for state in states},
        "two states": [{"state": ["failed", "cancelled"]}],
        "job, frequent": [{"job": jobs[0]}],
        "job, rare": [{"job": jobs[number]} for number in some],
        "job, unknown": [{"job": "nobody"}],
        "notebook, frequent": [{"notebook": name_of(0)[1]}],
        "notebook, rare": [{"notebook": name_of(number)[1]} for number in some],
        "batch": [{"batch": batch_of(seq)} for seq in range(0, runs, runs // VARIANTS)],
        **{f"cause={cause}": [{"cause": cause}] for cause in causes},
        "tag, a third of all": [{"tag": tag} for tag in ("etl", "report", "nightly")],
        "tag, rare": [{"tag": "rare"}],
        "tag, unknown": [{"tag": "nobody"}],
        "parameter, a fifth": [{"parameter.region": region} for region in ("us", "fr", "de", "jp", "br")],
        "parameter, 1 in 1000": [{"parameter.n": str(number)} for number in range(VARIANTS)],
        "parameter, a day's": [{"parameter.day": f"{_day(number):%Y-%m-%d}"} for number in range(VARIANTS)],
        "two parameters": [{"parameter.region": "us", "parameter.n": str(number)} for number in range(VARIANTS)],
        "q, all": [{"q": "report"}, {"q": "TEAM"}],
        "q, a tenth": [{"q": f"team{number}"} for number in range(1, 10)],
        "q, a hundredth": [{"q": f"team{number} report"} for number in range(10, 97, 5)],
        "q, one title": [{"q": f"report {number} team"} for number in some],
        "q, none": [{"q": "nowhere"}],
    }


def _times() -> Filters:
    found: Filters = {}
    for by in ("created_at", "scheduled_for"):
        days = [_between(_day(number), 1) for number in range(VARIANTS)]
        found |= {
            f"since, by {by}": [{"by": by, "since": to_text(LAST - timedelta(days=7))}],
            f"until, by {by}": [{"by": by, "until": to_text(_day(number))} for number in range(1, VARIANTS)],
            f"a day, by {by}": [{"by": by, **day} for day in days],
            f"half of all, by {by}": [{"by": by, **_between(FIRST + timedelta(days=45), 90)}],
        }
    return found | {"by scheduled_for": [{"by": "scheduled_for"}]}


def _combined(jobs: list[str]) -> Filters:
    days = [_between(_day(number), 1) for number in range(VARIANTS)]
    weeks = [_between(_day(number), 7) for number in range(VARIANTS)]
    return {
        "state, tag": [{"state": "failed", "tag": tag} for tag in ("etl", "report")],
        "state, cause": [{"state": "cancelled", "cause": "api"}],
        "state, job": [{"state": "failed", "job": jobs[0]}, {"state": "failed", "job": jobs[-1]}],
        "state, q": [{"state": "failed", "q": f"team{number}"} for number in range(1, 10)],
        "state, q of all": [{"state": "cancelled", "q": "report"}],
        "state, parameter": [{"state": "cancelled", "parameter.region": region} for region in ("fr", "jp")],
        "cause, tag": [{"cause": "api", "tag": tag} for tag in ("etl", "nightly")],
        "cause, parameter, tag": [{"cause": "api", "parameter.region": "us", "tag": "etl"}],
        "state, cause, tag, rare": [{"state": "cancelled", "cause": "api", "tag": "rare"}],
        "tag, parameter": [{"tag": "etl", "parameter.region": "us"}, {"tag": "report", "parameter.region": "br"}],
        "tag, q": [{"tag": "etl", "q": f"team{number}"} for number in range(10, 97, 5)],
        "tag and q that exclude each other": [{"tag": "report", "q": "report 0 team0"}],
        "a day, state": [{"state": "cancelled", **day} for day in days],
        "a day, tag": [{"tag": "etl", **day} for day in days],
        "a day, q": [{"q": "team5", **day} for day in days],
        "a week, job, by due time": [{"job": jobs[0], "by": "scheduled_for", **week} for week in weeks],
        "a week, rare job, by due time": [{"job": jobs[-1], "by": "scheduled_for", **week} for week in weeks],
        "a week, state, tag, by due time": [
            {"state": "failed", "tag": "etl", "by": "scheduled_for", **week} for week in weeks
        ],
        "a week, state, parameter, q": [
            {"state": "failed", "parameter.region": "us", "q": "team5", **week} for week in weeks
        ],
        "half of all, state": [{"state": "cancelled", **_between(FIRST, 90)}],
        "half of all, q": [{"q": "team77", **_between(FIRST, 90)}],
        "half of all, tag, cause": [{"tag": "etl", "cause": "manual", **_between(FIRST, 90)}],
    }


def _deep(runs: int) -> Filters:
    depths = [runs * part // VARIANTS // 2 for part in range(1, VARIANTS)]
    cursors = [cursor_of("runs.seq", [str(seq)]) for seq in depths]
    by_time = [
        cursor_of("runs.created_at", [to_text(FIRST + seq * timedelta(days=180) / runs), str(seq)]) for seq in depths
    ]
    wanted: Filters = {
        "(none)": [{}],
        "state=succeeded": [{"state": "succeeded"}],
        "state=cancelled": [{"state": "cancelled"}],
        "tag, a third": [{"tag": "etl"}],
        "parameter, a fifth": [{"parameter.region": "us"}],
        "q, all": [{"q": "report"}],
        "q, a hundredth": [{"q": "team77"}],
        "state, tag": [{"state": "failed", "tag": "etl"}],
        "state, q": [{"state": "cancelled", "q": "report"}],
    }
    found = {f"deep, {name}": [query | {"cursor": cursor} for cursor in cursors] for name, (query,) in wanted.items()}
    whole: Query = {"since": to_text(FIRST)}
    return found | {"deep, since": [whole | {"cursor": cursor} for cursor in by_time]}


def _day(number: int) -> datetime:
    return FIRST + timedelta(days=180 * number // VARIANTS)


def _between(begin: datetime, days: int) -> Query:
    return {"since": to_text(begin), "until": to_text(begin + timedelta(days=days))}
