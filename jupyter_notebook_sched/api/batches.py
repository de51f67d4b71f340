"""``notebook-sched/batches``"""

from __future__ import annotations

from ..domain.batch import Batch
from ..service import batches
from ..service.forms import Nothing
from .base import SchedHandler
from .operation import operation


class OneBatch(SchedHandler):
    @operation("read", answers={200: Batch}, errors=(404,))
    async def get(self, batch_id: str) -> None:
        """The runs of a sweep side by side."""
        self.answer(await self.call(batches.get, batch_id))


class CancelBatch(SchedHandler):
    @operation("execute", body=Nothing, answers={202: Batch}, errors=(404,))
    async def post(self, batch_id: str, _: Nothing) -> None:
        """Ends every run of a sweep that has not ended."""
        self.answer(await self.call(batches.cancel, batch_id), 202)
