"""``notebook-sched/jobs/{id}/versions`` and what makes new ones."""

from __future__ import annotations

from typing import Any

from ..domain.version import Version
from ..notebook.comparing.asking import ComparisonAnswer
from ..service import publishing, publishing_fix, versions
from ..service.forms import Publish, PublishFix, VersionsDiffQuery
from ..service.publishing import Published
from ..service.publishing_fix import PublishedFix
from .base import SchedHandler
from .comparing import ComparingHandler
from .operation import operation
from .person import name_of


class VersionsOfJob(SchedHandler):
    @operation("read", answers={200: list[Version]}, errors=(404,))
    async def get(self, job_id: str) -> None:
        """The versions of a job, newest first; of one that always runs the current file those that a run used."""
        self.answer(await self.call(versions.of_job, job_id))


class VersionsDiff(ComparingHandler):
    @operation("read", query=VersionsDiffQuery, answers={200: ComparisonAnswer}, errors=(404,))
    async def get(self, job_id: str, query: VersionsDiffQuery) -> None:
        """What differs between two versions of a job, or between one and the notebook as it is now."""
        await self.answer_comparison(await self.call(versions.comparison_of, job_id, query))


class PublishVersion(SchedHandler):
    @operation("write", body=Publish, open_body=True, answers={200: Published}, errors=(404, 409))
    async def post(self, job_id: str, sent: dict[str, Any]) -> None:
        """The notebook as it is now, or an earlier version, becomes what the job runs."""
        self.answer(await self.call(publishing.publish, job_id, sent, name_of(self.current_user)))


class PublishTheFix(SchedHandler):
    @operation("write", body=PublishFix, open_body=True, answers={200: PublishedFix}, errors=(404, 409))
    async def post(self, run_id: str, sent: dict[str, Any]) -> None:
        """What was mended in a debug copy becomes the version of the run's job, and its notebook where asked."""
        self.answer(await self.call(publishing_fix.publish_fix, run_id, sent, name_of(self.current_user)))
