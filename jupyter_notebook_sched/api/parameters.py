"""``notebook-sched/parameters`` and ``triggers``: what stands before running and scheduling."""

from __future__ import annotations

from ..service import arranging, parameters, presets, triggers
from ..service.arranging import Arrangement, CandidatesFound
from ..service.forms import (
    Arrange,
    Candidates,
    Inspect,
    NotebookQuery,
    PreviewParameters,
    PreviewTrigger,
    PutParameters,
    PutPresets,
)
from ..service.parameters import Inspected, ParametersPreview
from ..service.parameters_read import Parameters
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


class PresetsOfNotebook(SchedHandler):
    @operation("write", body=PutPresets, answers={200: Parameters}, errors=(409,))
    async def put(self, form: PutPresets) -> None:
        """Writes the notebook's presets into its metadata."""
        self.answer(await self.call(presets.put, form))


class InspectParameters(SchedHandler):
    @operation("read", body=Inspect, answers={200: Inspected})
    async def post(self, form: Inspect) -> None:
        """The parameters of unsaved cells, and the edits that write values into them."""
        self.answer(await self.call(parameters.inspect, form))


class CandidateParameters(SchedHandler):
    @operation("read", body=Candidates, answers={200: CandidatesFound})
    async def post(self, form: Candidates) -> None:
        """The assignments of unsaved cells that could become parameters."""
        self.answer(await self.call(arranging.candidates, form))


class ArrangeParameters(SchedHandler):
    @operation("read", body=Arrange, answers={200: Arrangement})
    async def post(self, form: Arrange) -> None:
        """The edits that make a parameters cell, or add and remove parameters; no file is touched."""
        self.answer(await self.call(arranging.arrange, form))


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
