"""One tick: every job that is due gets the records of its due times, in the transaction that moves it on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec
from sqlite_utils import Database

from ..archive.layout import Archive
from ..domain.job import Job
from ..errors import SchedError, Unavailable
from ..store import jobs, ledger
from ..store.connection import Store, apart, is_trouble_of_all
from ..store.jobs import Broken
from ..workspace import Workspace
from . import versions
from .making_runs import holds_templates, parameters_of
from .recording import Source, record
from .slots import Plan, plan

log = logging.getLogger(__name__)
# Others want to write between two ticks; where a commit costs several round trips, there are to be few of them.
JOBS_A_TICK = {False: 160, True: 400}
MOMENT = timedelta(milliseconds=1)
Fence = Callable[[Database], bool]
Record = Callable[[Database, Job, Plan, Source, datetime], None]


class Deposed(Exception):
    """Somebody else schedules by now."""


@dataclass(frozen=True)
class Planned:
    job: Job
    plan: Plan
    source: Source
    recorded: list[datetime]  # ahead of time, when this was planned


class Scheduler:
    """``fence``: whether this process still schedules, asked inside each transaction."""

    def __init__(
        self,
        store: Store,
        archive: Archive,
        workspace: Workspace,
        default_kernel: str,
        fence: Fence = lambda db: True,
    ) -> None:
        self.store = store
        self.archive = archive
        self.workspace = workspace
        self.default_kernel = default_kernel
        self.fence = fence

    def tick(self, now: datetime) -> bool:
        """Enqueues what is due at ``now``; True when more is waiting than one tick takes. Deposed where another
        worker schedules by now: nothing was written then."""
        resumed = self._resume(now)
        with self.store.read() as db:
            due = jobs.due(db, now, JOBS_A_TICK[self.store.network])
            ahead = ledger.recorded_ahead(db, [job.id for job in due])
        planned = [self._plan(job, now, ahead.get(job.id, [])) for job in due]
        if due:
            self._record(planned, now)
        return resumed or len(due) == JOBS_A_TICK[self.store.network]

    def bring_abreast(self, db: Database, job: Job, now: datetime) -> None:
        """In a transaction that will change from when on its due times count: what has come is on record first."""
        if job.paused or job.next_run_at is None or job.next_run_at > now:
            return
        planned = self._plan(job, now, ledger.recorded_ahead(db, [job.id]).get(job.id, []))
        if isinstance(planned, Planned):
            record(db, job, planned.plan, planned.source, now)

    def _plan(self, job: Job | Broken, now: datetime, recorded: list[datetime]) -> Planned | Broken:
        """Before the transaction, for it may take its time; a job that cannot be scheduled harms no other."""
        if isinstance(job, Broken):
            return job
        try:
            return Planned(job, plan(job, now, recorded), self.source(job), recorded)
        except (ValueError, TypeError, OverflowError) as error:
            return Broken(job.id, job.name, f"this schedule cannot be followed: {error}", job.revision)
        except (Unavailable, OSError):
            raise
        except Exception as error:
            log.exception("job %s could not be scheduled", job.id)
            return Broken(job.id, job.name, f"this job could not be scheduled: {error}", job.revision)

    def _record(self, planned: list[Planned | Broken], now: datetime) -> None:
        """All of a tick in one transaction; where one of them fails, all again, each apart from the others."""
        try:
            self._record_all(planned, now, record)
        except (Deposed, Unavailable, OSError):
            raise
        except Exception as error:
            if is_trouble_of_all(error):
                raise
            self._record_all(planned, now, self._record_apart)

    def _record_all(self, planned: list[Planned | Broken], now: datetime, record_one: Record) -> None:
        """Jobs that were changed meanwhile, or had a due time skipped, are left to the next tick."""
        with self.store.write() as db:
            if not self.fence(db):
                raise Deposed
            unchanged = jobs.unchanged(db, [one.job for one in planned if isinstance(one, Planned)])
            ahead = ledger.recorded_ahead(db, sorted(unchanged))
            for one in planned:
                if isinstance(one, Broken):
                    jobs.record_problem(db, one, one.message, now)
                elif one.job.id in unchanged and ahead.get(one.job.id, []) == one.recorded:
                    record_one(db, one.job, one.plan, one.source, now)

    def _record_apart(self, db: Database, job: Job, plan: Plan, source: Source, now: datetime) -> None:
        try:
            with apart(db):
                record(db, job, plan, source, now)
        except Exception as error:
            if is_trouble_of_all(error):
                raise
            log.exception("job %s could not be scheduled", job.id)
            jobs.record_problem(db, job, f"this job could not be scheduled: {error}", now)

    def _resume(self, now: datetime) -> bool:
        """Jobs whose pause is over count again, from the moment at which it was."""
        with self.store.read() as db:
            over = jobs.resuming(db, now, JOBS_A_TICK[self.store.network])
        if not over:
            return False
        with self.store.write() as db:
            if not self.fence(db):
                raise Deposed
            for job in over:
                try:
                    if isinstance(job, Broken):
                        raise ValueError(job.message)
                    after = (job.paused_until or now) - MOMENT
                    awake = resumed(job, after, ledger.recorded_after(db, job.id, after))
                    jobs.update(db, awake, "resumed", now, reschedules=True)
                except (ValueError, OverflowError) as error:
                    jobs.record_problem(db, job, str(error), now)
        return True

    def source(self, job: Job) -> Source:
        """The version that a run of the job uses now, and its kernel."""
        source = self._version(job)
        if source.fault is not None or not (job.templates and holds_templates(job.parameters)):
            return source
        try:
            return replace(source, parameters=parameters_of(self.archive, source.version, source.kernel))
        except (OSError, SchedError, ValueError) as error:
            return replace(source, fault=f"the version {source.version[:12]} cannot be read: {error}")

    def _version(self, job: Job) -> Source:
        if job.source == "pinned":
            return Source(job.source_version, versions.kernel_of_job(self.archive, job, self.default_kernel))
        try:
            snapshot = versions.look(self.workspace, job.notebook)
            versions.keep(self.archive, snapshot)
        except Unavailable:
            raise
        except (SchedError, ValueError) as error:
            kernel = versions.kernel_of_job(self.archive, job, self.default_kernel)
            return Source(job.source_version, kernel, fault=str(error))
        return Source(snapshot.version, job.kernel or snapshot.kernel or self.default_kernel)


def resumed(job: Job, after: datetime, recorded: Collection[datetime]) -> Job:
    """The job with due times that count from then on (strictly later), but never again one that is on record: it may
    have been skipped ahead (``recorded``), or the clock may have gone back. ValueError where its trigger is not valid.
    """
    awake = msgspec.structs.replace(job, paused=False, paused_until=None, problem=None, restarted_at=after)
    later = after if job.last_slot is None else max(after, job.last_slot)
    return msgspec.structs.replace(awake, next_run_at=awake.next_slot(later, recorded))
