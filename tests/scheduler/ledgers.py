"""A scheduler with the test's own clock, and the ledger that it writes."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from jupyter_notebook_sched.domain.job import JobAnswer
from jupyter_notebook_sched.domain.run import Run
from jupyter_notebook_sched.domain.times import to_text
from jupyter_notebook_sched.scheduler.ticking import Scheduler
from jupyter_notebook_sched.service import jobs, runs
from jupyter_notebook_sched.service.forms import RunsQuery
from jupyter_notebook_sched.store import jobs as stored_jobs

from ..house import House

FRIDAY = datetime(2026, 5, 1, 6, 30, tzinfo=timezone.utc)
SEVEN = FRIDAY + timedelta(minutes=30)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def scheduler(house: House) -> Scheduler:
    context = house.context
    return Scheduler(context.store, context.archive, context.workspace, "python3")


def tick(house: House, now: datetime) -> None:
    """Everything that is due at that moment, which is the house's own from then on."""
    house.now = now
    while scheduler(house).tick(now) or _more_is_due(house, now):
        pass


def _more_is_due(house: House, now: datetime) -> bool:
    with house.context.store.read() as db:
        due = stored_jobs.next_due(db)
    return due is not None and due <= to_text(now)


def ledger(house: House, job: JobAnswer) -> list[Run]:
    """All records of a job, oldest first."""
    return runs.find(house.context, RunsQuery(job=job.id, limit=200), {}).runs[::-1]


def told(run: Run) -> tuple[str, str | None, str, str | None]:
    due = None if run.scheduled_for is None else f"{run.scheduled_for:%d %H:%M}"
    return run.state.value, run.reason, run.cause, due


def stored_reason(house: House, run: Run) -> str | None:
    """What is on record, not what is told of a run that waits."""
    with house.context.store.read() as db:
        found: str | None = db.execute("select reason from runs where id = ?", [run.id]).fetchone()[0]
    return found


def brief(house: House, job: JobAnswer) -> list[str]:
    """The ledger in words, by due time: ``07:00 queued``, ``06:40-06:50 missed*2``."""
    lines = []
    for run in sorted(ledger(house, job), key=lambda run: (run.scheduled_for or run.created_at, run.id)):
        reason = run.reason if run.state in ("skipped", "cancelled", "failed") else None
        when = f"{run.scheduled_for:%H:%M}" if run.scheduled_for else "by hand"
        if run.covers is not None:
            when, reason = f"{run.covers.start:%H:%M}-{when}", f"{reason}*{run.covers.count}"
        lines.append(f"{when} {reason or run.state.value}" + (" late" if run.cause == "catch_up" else ""))
    return lines


def now_of(house: House, job: JobAnswer) -> JobAnswer:
    return jobs.get(house.context, job.id)


def job_of(house: House, cron: str | None = "*/10 * * * *", **fields: Any) -> JobAnswer:
    """A job made at half past six."""
    house.now = FRIDAY
    house.notebook("report.ipynb", "print(x)", parameters="x = 1")
    return house.job("report.ipynb", cron, **fields)
