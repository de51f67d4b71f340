"""The output of a run that succeeded, put into the workspace where its job asked for that. What keeps it from being
written is told on the run, and changes nothing else of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlite_utils import Database

from .. import faults
from ..apart.verdict import TOO_LARGE
from ..apart.working import Work
from ..archive import delivering, reading
from ..archive.layout import Archive
from ..domain.delivery import Delivered, Delivery
from ..domain.job import Job
from ..domain.rendering import Rendering
from ..domain.run import Run
from ..errors import Invalid, NotFound, SchedError, Unavailable
from ..scheduler.making_runs import rendering_of_job
from ..store import deliveries, jobs, runs
from ..store.connection import Store
from ..store.deliveries import Ours
from ..workspace import Workspace
from .delivery_paths import place_of, rendered
from .outputs import page_of

log = logging.getLogger(__name__)
ANOTHER = "move it away, or let the job deliver to another path"


@dataclass(frozen=True)
class Delivering:
    """``committed`` is called after each write that others want to hear of."""

    store: Store
    archive: Archive
    workspace: Workspace
    clock: Callable[[], datetime]
    committed: Callable[[], None]

    def deliver(self, run_id: str) -> None:
        """Once, whoever else tries. Unavailable where the store cannot be used now: then it is still to be done."""
        with self.store.read() as db:
            run, asked = runs.get(db, run_id), deliveries.asked_of(db, run_id)
            about = _rendering_of(db, run) if run is not None else None
        if run is None or about is None:
            return
        try:
            delivered = Delivered(path=self._put(run, asked, about))
        except Unavailable:
            raise
        except SchedError as error:
            delivered = Delivered(problem=error.message)
        except OSError as error:
            delivered = Delivered(problem=f"the output cannot be written: {error.strerror or error}")
        except Exception:
            log.exception("the output of run %s", run_id)
            delivered = Delivered(problem="a fault of Notebook Sched itself; its log says more")
        if delivered.problem is not None:
            log.warning("the output of run %s is not delivered: %s", run_id, delivered.problem)
        faults.reach("delivery-recorded")
        with self.store.write() as db:
            deliveries.settle(db, run_id, delivered, self.clock())
        self.committed()

    def _put(self, run: Run, asked: Delivery | None, about: Rendering) -> str:
        """The path that was written."""
        if asked is None:
            raise Invalid("what was to be delivered cannot be read any more")
        path = rendered(asked.path, about, run.id, run.attempt)
        target = place_of(path, self.workspace)
        with closing(self._content(run, asked)) as content:
            sha256 = delivering.sha256_of(content)
            replaces = self._may_replace(run, path, target, sha256)
            target.parent.mkdir(parents=True, exist_ok=True)
            place_of(path, self.workspace)  # nobody has put a link there meanwhile
            try:
                delivering.put(target, content, replaces)
            except FileExistsError:
                raise Invalid(f"{path!r} is there already, and this job has not written it; {ANOTHER}") from None
        faults.reach("delivery-written")
        with self.store.write() as db:
            deliveries.note(db, path, Ours(run.job_id or "", run.id, sha256), self.clock())
        return path

    def _content(self, run: Run, asked: Delivery) -> IO[bytes]:
        file = self.archive.file(run.output) if run.output is not None else None
        if file is None or run.output is None:
            raise NotFound("the run has no output in the archive")
        output = reading.opened(file, run.output)
        if delivering.sha256_of(output) != run.output_sha256:
            output.close()
            raise Invalid("the output in the archive was changed after the run had written it")
        if asked.format == "ipynb" and not asked.hide_code:
            return output
        output.close()
        if asked.format == "ipynb":
            return _made("folded", {"file": str(file), "path": run.output})
        return _made("html", page_of(self.archive, run, run.output, run.output_sha256, asked.hide_code))

    def _may_replace(self, run: Run, path: str, target: Path, sha256: str) -> bool:
        """Whether there is a file of ours to be replaced; False where there is none. Invalid where what is there is
        not ours, or must stay."""
        with self.store.read() as db:
            if path == run.notebook or deliveries.is_notebook_of_a_job(db, path):
                raise Invalid(f"{path!r} is the notebook of a job, which is never written over; choose another path")
            ours = deliveries.ours(db, path)
            newer = ours is not None and deliveries.is_later(db, ours.run_id, run.id)
        try:
            there = delivering.sha256_of_file(target)
        except (FileNotFoundError, NotADirectoryError):
            return False
        if there == sha256:  # written by whoever ended before it was on record
            return True
        if there is None or ours is None or ours.job_id != (run.job_id or ""):
            raise Invalid(f"{path!r} is there already, and this job has not written it; {ANOTHER}")
        if there != ours.sha256:
            raise Invalid(f"{path!r} was changed since it was delivered, and is left as it is; {ANOTHER}")
        if newer:
            raise Invalid(f"{path!r} has the output of a later due time, and is left as it is")
        return True


def _made(task: str, request: dict[str, Any]) -> IO[bytes]:
    """A worker that sweeps orphans away may end its process, which looks as if memory had run out: once more then."""
    for again in (True, False):
        try:
            return Work(task, request).carry_out()
        except Unavailable as error:  # of the temporary folder's disk, not of the store's
            raise Invalid(error.message) from None
        except Invalid as error:
            if not again or error.reason != TOO_LARGE:
                raise
    raise AssertionError("the second time is the last")


def _rendering_of(db: Database, run: Run) -> Rendering:
    """As the templates in the run's values have it; where it has none, as they would have."""
    if (stored := Rendering.from_json(runs.rendering(db, run.id))) is not None:
        return stored
    moment = run.scheduled_for or run.created_at
    job = jobs.get(db, run.job_id) if run.job_id is not None else None
    if isinstance(job, Job):
        return rendering_of_job(job, moment)
    return Rendering(moment, run.name)
