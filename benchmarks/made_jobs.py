"""Jobs by the thousand, each on a notebook of its own, written straight into the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jupyter_notebook_sched.archive.layout import Archive
from jupyter_notebook_sched.config import Settings
from jupyter_notebook_sched.domain import ids
from jupyter_notebook_sched.domain.job import Job
from jupyter_notebook_sched.domain.times import utc_now
from jupyter_notebook_sched.domain.trigger import Cron, Trigger
from jupyter_notebook_sched.scheduler import versions
from jupyter_notebook_sched.scheduler.versions import Snapshot
from jupyter_notebook_sched.store import jobs
from jupyter_notebook_sched.store.connection import Store
from jupyter_notebook_sched.workspace import Workspace
from tests.made import new_job
from tests.written import write_notebook

from .live_server import TRIVIAL

Due = Callable[[int], tuple[Trigger, datetime]]
"""The trigger of the job of that number, and its first due time."""
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata")


def daily_at(at: datetime, zone: str) -> Cron:
    """Every day at that wall-clock time of the zone; ``at`` is a whole minute."""
    wall = at.astimezone(ZoneInfo(zone))
    return Cron(f"{wall.minute} {wall.hour} * * *", zone)


def name_of(number: int) -> tuple[str, str]:
    """The name and the notebook of a job."""
    team = number % 97
    return f"Report {number} of team {team}", f"team{team}/report_{number}.ipynb"


def all_daily_at(first: datetime) -> Due:
    """Every day, in several zones, all due at ``first``."""
    triggers = [daily_at(first, zone) for zone in ZONES]
    return lambda number: (triggers[number % len(triggers)], first)


def add_jobs(workspace: Path, store: Store, job_ids: list[str], due: Due) -> None:
    """Jobs on notebooks that are there."""
    settings = Settings.of_workspace(workspace)
    store.make()
    snapshot = _keep(workspace, settings, "source.ipynb")
    made = list(_jobs(workspace, job_ids, due, snapshot))
    with store.write() as db:
        for job in made:
            jobs.insert(db, job)


def new_ids(count: int) -> list[str]:
    now = utc_now()
    return [ids.new_id(now) for _ in range(count)]


def _keep(workspace: Path, settings: Settings, notebook: str) -> Snapshot:
    write_notebook(workspace / notebook, *TRIVIAL, parameters='region = "us"\nx = 1')
    snapshot = versions.look(Workspace(settings), notebook)
    versions.keep(Archive(settings.state_dir / "archive"), snapshot)
    return snapshot


def _jobs(workspace: Path, job_ids: list[str], due: Due, snapshot: Snapshot) -> Iterator[Job]:
    content = (workspace / snapshot.notebook).read_bytes()
    created = utc_now()  # due times count from here: none was missed
    for number, job_id in enumerate(job_ids):
        name, notebook = name_of(number)
        trigger, first = due(number)
        file = workspace / notebook
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
        yield new_job(
            created,
            id=job_id,
            name=name,
            notebook=notebook,
            source_version=snapshot.version,
            source_kernel="python3",
            trigger=trigger,
            next_run_at=first,
            parameters={"x": number, "region": "us"},
            tags=["etl"],
        )
