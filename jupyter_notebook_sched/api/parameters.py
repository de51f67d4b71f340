"""``notebook-sched/parameters`` and ``triggers``: what stands before running and scheduling."""

from __future__ import annotations

from ..service import parameters, triggers
from ..service.forms import Inspect, NotebookQuery, PreviewParameters, PreviewTrigger, PutParameters
from ..service.parameters import Inspected, Parameters, ParametersPreview
from ..service.triggers import TriggerPreview
from .base import SchedHandler
from .operation import operation


class ParametersOfNotebook(SchedHandler):
    @operation("read", query=NotebookQuery, answers={200: Parameters}, errors=(404,))
    async def get(self, query: NotebookQuery) -> None:
        """The parameters of a saved notebook."""
        self.answer(await self.call(parameters.read, query.notebook))

    @operation("write", body=PutParameters, answers={200: Parameters}, errors=(404, 409))
    async def put(self, form: PutParameters) -> None:
        """Writes values into the notebook's parameters cell."""
        self.answer(await self.call(parameters.put, form))


class InspectParameters(SchedHandler):
    @operation("read", body=Inspect, answers={200: Inspected})
    async def post(self, form: Inspect) -> None:
        """The parameters of unsaved cells, and the edits that write values into them."""
        self.answer(await self.call(parameters.inspect, form))


class PreviewOfParameters(SchedHandler):
    @operation("read", body=PreviewParameters, answers={200: ParametersPreview}, errors=(404,))
    async def post(self, form: PreviewParameters) -> None:
        """The cell that would be injected."""
        self.answer(await self.call(parameters.preview, form))


class PreviewOfTrigger(SchedHandler):
    @operation("read", body=PreviewTrigger, answers={200: TriggerPreview})
    async def post(self, form: PreviewTrigger) -> None:
        """A schedule in words and as its next dates."""
        self.answer(await self.call(triggers.preview, form))
