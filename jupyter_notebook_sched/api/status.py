"""``notebook-sched/status`` and ``openapi.json``"""

from __future__ import annotations

from typing import Any

from ..service import status
from ..service.status import Status
from . import openapi
from .base import SchedHandler
from .operation import operation


class StatusNow(SchedHandler):
    @operation("read", answers={200: Status})
    async def get(self) -> None:
        """The worker, the queue, the jobs, the store."""
        self.answer(await self.call(status.status, self.settings["notebook_sched_worker"].is_starting))


class OpenApi(SchedHandler):
    @operation("read", answers={200: dict[str, Any]})
    async def get(self) -> None:
        """This API as an OpenAPI 3.1 document."""
        self.answer(openapi.document(self.settings["notebook_sched_routes"]))
