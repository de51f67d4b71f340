"""``notebook-sched/runs``"""

from __future__ import annotations

from ..domain.run import Run, RunDetail
from ..service import kept_kernels, runs, starting, sweeps
from ..service.forms import CreateRun, Nothing, Rerun, RunsQuery
from ..service.runs import RunPage
from ..service.sweeps import StartedSweep
from .base import SchedHandler
from .debugging import DebuggingHandler
from .operation import operation

BY_PARAMETER = {
    "name": "parameter.NAME",
    "in": "query",
    "required": False,
    "description": "Runs with that value of the parameter NAME: text as it is, all else as JSON. Once a name.",
    "schema": {"type": "string"},
}


class Runs(SchedHandler):
    @operation("read", query=RunsQuery, answers={200: RunPage}, more_query=(BY_PARAMETER,))
    async def get(self, query: RunsQuery) -> None:
        """A page of runs, newest first."""
        prefix = "parameter."
        names = [name for name in self.request.query_arguments if name.startswith(prefix)]
        parameters = {name.removeprefix(prefix): self.get_query_argument(name, strip=False) for name in names}
        self.answer(await self.call(runs.find, query, parameters))

    @operation(
        "execute",
        body=CreateRun,
        answers={201: Run | StartedSweep, 200: Run | StartedSweep},
        check=sweeps.check,
    )
    async def post(self, form: CreateRun) -> None:
        """Runs a notebook as soon as there is a place; with a sweep, once for each set of values."""
        begun = await self.call(sweeps.start, form)
        self.answer(begun.started, 200 if begun.again else 201)


class OneRun(DebuggingHandler):
    @operation("read", answers={200: RunDetail}, errors=(404,))
    async def get(self, run_id: str) -> None:
        """A run with its cells, attempts and files."""
        self.answer(await self.call(runs.get, run_id))

    @operation("write", answers={204: None}, errors=(404, 409))
    async def delete(self, run_id: str) -> None:
        """Removes an ended run with its files and its kernel."""
        kernel = await self.call(kept_kernels.left_by, run_id)
        await self.call(runs.delete, run_id)
        if kernel is not None:
            await self.adopting.end(kernel)
        self.set_status(204)
        self.finish()


class CancelRun(SchedHandler):
    @operation("execute", body=Nothing, answers={202: Run}, errors=(404, 409))
    async def post(self, run_id: str, _: Nothing) -> None:
        """Ends a run and every process of it; no retry follows."""
        self.answer(await self.call(runs.cancel, run_id), 202)


class RerunRun(SchedHandler):
    @operation("execute", body=Rerun, answers={201: Run, 200: Run}, errors=(404, 409))
    async def post(self, run_id: str, form: Rerun) -> None:
        """Runs it again: the same version, or the notebook as it is now; or goes on from its failed cell."""
        started = await self.call(starting.rerun, run_id, form)
        self.answer(started.run, 200 if started.again else 201)
