"""One tick: every job that is due gets the records of its due times, in the transaction that moves it on."""

from __future__ import annotations

import logging
from datetime import datetime

import msgspec
from sqlite_utils import Database

from ..archive.layout import Archive
from ..domain.job import Job
from ..domain.run import Covers
from ..domain.states import RunState
from ..domain.times import to_text
from ..errors import SchedError, Unavailable
from ..store import attempts, jobs, runs
from ..store.connection import Store
from ..store.jobs import Broken
from ..workspace import Workspace
from . import versions
from .making_runs import run_of_job
from .slots import Due, due_slots

log = logging.getLogger(__name__)
JOBS_A_TICK = 100


class Scheduler:
    def __init__(self, store: Store, archive: Archive, workspace: Workspace, default_kernel: str) -> None:
        self.store = store
        self.archive = archive
        self.workspace = workspace
        self.default_kernel = default_kernel

    def tick(self, now: datetime) -> bool:
        """Enqueues what is due at ``now``; True when more is waiting than one tick takes."""
        with self.store.read() as db:
            due = jobs.due(db, now, JOBS_A_TICK)
        for job in due:
            self._advance(job, now)
        return len(due) == JOBS_A_TICK

    def _advance(self, job: Job | Broken, now: datetime) -> None:
        """One job, in a transaction of its own: one that cannot be scheduled is told on itself and harms no other."""
        try:
            if isinstance(job, Broken):
                self._tell_problem(job.id, job.message, now)
                return
            due = due_slots(job, now)  # before the transaction: it takes its time after a long outage
            with self.store.write() as db:
                if jobs.get(db, job.id) == job:  # else it was changed meanwhile, and the next tick sees it anew
                    self._record(db, job, due, now)
        except Unavailable:
            raise
        except (ValueError, AttributeError, TypeError) as error:
            self._tell_problem(job.id, f"this schedule cannot be followed: {error}", now)
        except Exception as error:
            log.exception("job %s could not be scheduled", job.id)
            self._tell_problem(job.id, f"this job could not be scheduled: {error}", now)

    def _record(self, db: Database, job: Job, due: Due, now: datetime) -> None:
        if due.missed is not None:
            self._record_missed(db, job, due.missed, now)
        if due.runs is not None:
            self._enqueue(db, job, due, due.runs, now)
        jobs.record_slot(db, job.id, due.last, due.next_run_at)

    def _enqueue(self, db: Database, job: Job, due: Due, slot: datetime, now: datetime) -> None:
        words = f"a newer due time, {to_text(slot)}, took its place"
        runs.supersede_waiting(db, job.id, now, words)
        try:
            version, kernel = self._source(job)
        except (SchedError, OSError, ValueError) as error:
            self._record_unrunnable(db, job, slot, str(error), now)
            return
        new = run_of_job(job, due.cause, version, kernel, now)
        self._insert(db, new, slot, waits_for_job=True)

    def _source(self, job: Job) -> tuple[str, str]:
        """The version that a run of the job uses now, and its kernel."""
        if job.source == "pinned":
            kernel = versions.kernel_of(self.archive, job.source_version)
            return job.source_version, job.kernel or kernel or self.default_kernel
        snapshot = versions.look(self.workspace, job.notebook)
        versions.keep(self.archive, snapshot)
        return snapshot.version, job.kernel or snapshot.kernel or self.default_kernel

    def _record_missed(self, db: Database, job: Job, missed: Covers, now: datetime) -> None:
        """One record stands for them all."""
        new = run_of_job(job, "schedule", job.source_version, job.kernel or self.default_kernel, now)
        message = "missed: the scheduler was not running at that time"
        if missed.count > 1:
            message = f"{missed.count} due times missed: the scheduler was not running"
        self._insert(
            db,
            new,
            missed.end,
            covers=missed if missed.count > 1 else None,
            state=RunState.SKIPPED,
            reason="missed",
            message=message,
        )

    def _record_unrunnable(self, db: Database, job: Job, slot: datetime, message: str, now: datetime) -> None:
        """The file of a job that follows it cannot be read now: the due time is on record, and failed."""
        new = run_of_job(job, "schedule", job.source_version, job.kernel or self.default_kernel, now)
        self._insert(db, new, slot)
        attempts.fail_unstarted(db, new.id, message, now)

    def _insert(self, db: Database, new: runs.NewRun, slot: datetime, **facts: object) -> None:
        try:
            runs.insert(
                db,
                msgspec.structs.replace(
                    new, scheduled_for=slot, slot_key=to_text(slot), available_at=new.created_at, **facts
                ),
            )
        except runs.SlotTaken as taken:
            log.warning("%s", taken)

    def _tell_problem(self, job_id: str, message: str, now: datetime) -> None:
        with self.store.write() as db:
            jobs.record_problem(db, job_id, message, now)
