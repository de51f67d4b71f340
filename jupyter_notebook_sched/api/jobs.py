"""``notebook-sched/jobs``"""

from __future__ import annotations

from typing import Any

from ..domain.job import JobAnswer
from ..domain.run import Run
from ..service import jobs
from ..service.forms import CreateJob, JobsQuery, Nothing, PatchJob, Pause, RunJob
from ..service.jobs import JobPage
from .base import SchedHandler
from .operation import operation


class Jobs(SchedHandler):
    @operation("read", query=JobsQuery, answers={200: JobPage})
    async def get(self, query: JobsQuery) -> None:
        """A page of jobs, newest first."""
        self.answer(await self.call(jobs.find, query))

    @operation("write", body=CreateJob, answers={201: JobAnswer})
    async def post(self, form: CreateJob) -> None:
        """Schedules a notebook: keeps it as it is now as the job's version."""
        self.answer(await self.call(jobs.create, form), 201)


class OneJob(SchedHandler):
    @operation("read", answers={200: JobAnswer}, errors=(404,))
    async def get(self, job_id: str) -> None:
        """A job."""
        self.answer(await self.call(jobs.get, job_id))

    @operation("write", body=PatchJob, open_body=True, answers={200: JobAnswer}, errors=(404, 409))
    async def patch(self, job_id: str, sent: dict[str, Any]) -> None:
        """Changes some fields of a job."""
        self.answer(await self.call(jobs.patch, job_id, sent))

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
        """No new due times from now on."""
        self.answer(await self.call(jobs.pause, job_id, form))


class ResumeJob(SchedHandler):
    @operation("execute", body=Nothing, answers={200: JobAnswer}, errors=(404, 409))
    async def post(self, job_id: str, _: Nothing) -> None:
        """Due times count again, from now."""
        self.answer(await self.call(jobs.resume, job_id))
