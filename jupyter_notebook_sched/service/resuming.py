"""A failed run goes on from its failed cell, on the kernel that was kept of it: the state is as it was, and only what
has not run yet runs. Refused where the state is gone: that is another run, and Retry makes it."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlite_utils import Database

from ..domain.run import Resumption, RunDetail, RunPolicies
from ..domain.states import ENDED, RunState
from ..errors import Conflict, FieldError, Invalid, NotFound
from ..host.kept_kernels import KeptKernels
from ..notebook import document
from ..notebook.document import Notebook
from ..notebook.resuming import HAS_RUN, RETRY, first_to_run, ids_in_output
from ..store import resuming, runs
from ..store.runs import NewRun
from .context import Context
from .forms import Rerun
from .notebooks import kept_snapshot
from .outputs import file_of

PATIENCE_SECONDS = 3600
"""For so long a kernel is kept at least for a run that waits for it."""


def check(context: Context, db: Database, parent: RunDetail, form: Rerun) -> None:
    """Conflict or Invalid where the run cannot go on."""
    if parent.state not in ENDED:
        raise Conflict("this run has not ended; wait for its end, or cancel it", "not_ended")
    if parent.state not in (RunState.FAILED, RunState.CANCELLED):
        raise Conflict("this run has no failed cell to go on from; use Retry to run it again", "not_failed")
    check_free(db, parent.id)
    if not _is_alive(context, parent):
        raise Conflict(f"the kernel of this run is not alive any more; {RETRY}", "no_kernel")
    try:
        file_of(context.archive, parent)
    except Conflict:
        message = f"the output of this run is gone, and the cells that have run with it; {RETRY}"
        raise Conflict(message, "no_output") from None
    if parent.parameters_template | (form.parameters or {}) != parent.parameters_template:
        message = "a run that goes on has the values that are in its kernel; leave them out, or use Retry"
        raise Invalid.fields([FieldError(f"parameters.{name}", message) for name in form.parameters or {}])


def check_free(db: Database, run_id: str) -> None:
    """Conflict where another run goes on with that run's kernel already. NotFound where that run was deleted."""
    if runs.get(db, run_id) is None:
        raise NotFound(f"there is no run {run_id!r}")
    if (other := resuming.goes_on_with(db, run_id)) is not None:
        raise Conflict(f"the run {other} goes on with this kernel already; wait for its end", "resumed_already")


def going_on(
    context: Context, new: NewRun, parent: RunDetail, canonical: bytes, rendering: dict[str, Any] | None
) -> NewRun:
    """The rerun, as one that goes on with the parent's kernel: on its host, with the values that it has, and tried
    once, for its state is there once. ``canonical``: the source to go on with; ``rendering``: of the parent."""
    assert parent.output is not None
    before = document.read_notebook(kept_snapshot(context, parent.notebook, parent.source_version).canonical)
    after = document.read_notebook(canonical)
    _refuse_other_kernel(parent, before, after)
    place = Resumption(parent.id, parent.output, _first_to_run(parent, before, after), parent.output_sha256)
    _make_patient(context, parent)
    return msgspec.structs.replace(
        new,
        cause="resume",
        parameters=parent.parameters,
        parameters_template=parent.parameters_template,
        rendering=rendering,
        policies=_policies(new.policies),
        resumption=place,
        only_on=parent.host,
    )


def _refuse_other_kernel(parent: RunDetail, before: Notebook, after: Notebook) -> None:
    """Its cells would mean nothing to the kernel that is there."""
    named = document.kernel_name(after)
    if named not in (None, parent.kernel, document.kernel_name(before)):
        message = f"the notebook is for the kernel {named!r} now, and that of this run is {parent.kernel!r}; {RETRY}"
        raise Invalid(message, "other_kernel", [FieldError("notebook", message)])


def _first_to_run(parent: RunDetail, before: Notebook, after: Notebook) -> str:
    """The id of the cell above which cells are carried over."""
    ids = dict(enumerate(ids_in_output(before["cells"], injected=bool(parent.parameters))))
    ran = {found for cell in parent.cells if cell.outcome in HAS_RUN and (found := ids.get(cell.index)) is not None}
    unfinished = (cell.index for cell in parent.cells if cell.outcome in ("failed", "interrupted", "not_run"))
    failed = parent.error.cell_index if parent.error is not None else next(unfinished, None)
    found = first_to_run(after["cells"], None if failed is None else ids.get(failed), ran)
    if found is None:
        message = f"the notebook has neither the failed cell nor one below those that have run; {RETRY}"
        raise Invalid(message, "no_failed_cell", [FieldError("notebook", message)])
    return found


def _policies(policies: RunPolicies) -> RunPolicies:
    """Somebody is at it: whatever the policy, its kernel is kept where it fails again."""
    once = msgspec.structs.replace(policies.retry, max_attempts=1)
    return msgspec.structs.replace(policies, retry=once, keep_kernel_seconds=policies.keep_kernel_seconds or None)


def _is_alive(context: Context, run: RunDetail) -> bool:
    """Here it is asked; of another host its record tells, which that host's worker keeps up to date."""
    if run.host == context.host:
        return KeptKernels(context.meeting.directory).of_run(run.id) is not None
    return run.kernel_alive_until is not None and run.kernel_alive_until > context.clock()


def _make_patient(context: Context, run: RunDetail) -> None:
    """The run may have to wait for a place; its kernel must not end meanwhile."""
    if run.host != context.host:
        return
    kernels = KeptKernels(context.meeting.directory)
    kept = kernels.of_run(run.id)
    if kept is not None and kept.seconds_left < PATIENCE_SECONDS:
        kernels.keep(run.id, PATIENCE_SECONDS)
