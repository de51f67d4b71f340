"""``notebook-sched/jobs``"""

from __future__ import annotations

from typing import Any

from ..domain.job import JobAnswer
from ..domain.run import Run
from ..service import due_times, jobs, moving, pausing
from ..service.due_times import DueTimes, Filled
from ..service.forms import (
    Backfill,
    CreateJob,
    JobsQuery,
    Nothing,
    PatchJob,
    Pause,
    PauseMany,
    ResumeMany,
    RunJob,
    SkipSlot,
)
from ..service.jobs import JobPage
from ..service.moving import Moved
from ..service.pausing import Changed
from .base import SchedHandler
from .operation import operation
from .person import name_of


class Jobs(SchedHandler):
    @operation("read", query=JobsQuery, answers={200: JobPage})
    async def get(self, query: JobsQuery) -> None:
        """A page of jobs, newest first."""
        self.answer(await self.call(jobs.find, query))

    @operation("write", body=CreateJob, answers={201: JobAnswer}, check=jobs.check)
    async def post(self, form: CreateJob) -> None:
        """Schedules a notebook: keeps it as it is now as the job's version."""
        self.answer(await self.call(jobs.create, form, name_of(self.current_user)), 201)


class OneJob(SchedHandler):
    @operation("read", answers={200: JobAnswer}, errors=(404,))
    async def get(self, job_id: str) -> None:
        """A job."""
        self.answer(await self.call(jobs.get, job_id))

    @operation("write", body=PatchJob, open_body=True, answers={200: JobAnswer}, errors=(404, 409))
    async def patch(self, job_id: str, sent: dict[str, Any]) -> None:
        """Changes some fields of a job."""
        self.answer(await self.call(jobs.patch, job_id, sent, name_of(self.current_user)))

    @operation("write", answers={204: None}, errors=(404,))
    async def delete(self, job_id: str) -> None:
        """Deletes a job; its waiting runs are cancelled, its history stays."""
        await self.call(jobs.delete, job_id)
        self.set_status(204)
        self.finish()


class RunJobNow(SchedHandler):
    @operation("execute", body=RunJob, answers={201: Run}, errors=(404,))
    async def post(self, job_id: str, form: RunJob) -> None:
        """A run of the job by hand."""
        self.answer(await self.call(jobs.run, job_id, form), 201)


class PauseJob(SchedHandler):
    @operation("execute", body=Pause, answers={200: JobAnswer}, errors=(404, 409))
    async def post(self, job_id: str, form: Pause) -> None:
        """No new due times from now on, or until a moment."""
        self.answer(await self.call(pausing.pause, job_id, form))


class ResumeJob(SchedHandler):
    @operation("execute", body=Nothing, answers={200: JobAnswer}, errors=(404, 409))
    async def post(self, job_id: str, _: Nothing) -> None:
        """Due times count again, from now."""
        self.answer(await self.call(pausing.resume, job_id))


class PauseJobs(SchedHandler):
    @operation("execute", body=PauseMany, answers={200: Changed})
    async def post(self, form: PauseMany) -> None:
        """Pauses all jobs, or those with a tag."""
        self.answer(await self.call(pausing.pause_many, form))


class ResumeJobs(SchedHandler):
    @operation("execute", body=ResumeMany, answers={200: Changed})
    async def post(self, form: ResumeMany) -> None:
        """Resumes all jobs, or those with a tag."""
        self.answer(await self.call(pausing.resume_many, form))


class SkipDueTime(SchedHandler):
    @operation("write", body=SkipSlot, answers={200: Run}, errors=(404, 409))
    async def post(self, job_id: str, form: SkipSlot) -> None:
        """A due time that waits, or one to come, does not run."""
        self.answer(await self.call(due_times.skip, job_id, form))


class BackfillJob(SchedHandler):
    @operation("execute", body=Backfill, answers={200: DueTimes, 201: Filled}, errors=(404,))
    async def post(self, job_id: str, form: Backfill) -> None:
        """Runs the due times of a range of the past, or tells which those would be."""
        self.answer(await self.call(due_times.backfill, job_id, form), 200 if form.dry_run else 201)


class MovedNotebook(SchedHandler):
    @operation("read", answers={200: Moved}, errors=(404,))
    async def get(self, job_id: str) -> None:
        """Where the notebook of a job may have gone: notebooks whose content is the job's version."""
        self.answer(await self.call(moving.moved, job_id))
