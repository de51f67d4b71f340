"""The kernels that failed runs left: found, kept longer, ended, and why there is none."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..domain.run import RunDetail
from ..domain.states import RunState
from ..errors import Conflict
from ..host.kept_kernels import KeptKernel, KeptKernels
from ..store import kept, runs
from ..store.rows import UNREADABLE
from .context import Context
from .runs import get

# What a kernel does not survive, or is ended for.
GONE_WITH = {
    "kernel_died": "it died during the run",
    "lost": "it ended with the scheduler that ran it",
    "invalid": "the run never began",
    "internal": "a fault of Notebook Sched ended the run",
    "replaced": "the next run took its place",
}


def of_run(context: Context, run: RunDetail) -> KeptKernel | str:
    """The kernel of an ended run that is kept on this host; else, in a sentence, why there is none."""
    if run.state is RunState.RUNNING:
        return "This run still goes on; take it over to end it and to get its kernel."
    if (found := all_kept(context).of_run(run.id)) is not None:
        return found
    return _why_none(context, run)


def begun_by(kernel: KeptKernel) -> str:
    """The run that it was started for, whichever has it by now: one that went on with it may."""
    return kernel.environment.get("NOTEBOOK_SCHED_RUN_ID", kernel.run_id)


def all_kept(context: Context) -> KeptKernels:
    return KeptKernels(context.meeting.directory)


def find(context: Context, run_id: str) -> KeptKernel:
    """The kernel of a run. Conflict where there is none on this host."""
    found = of_run(context, get(context, run_id))
    if isinstance(found, str):
        raise Conflict(found, "no_kernel")
    return found


def keep(context: Context, run_id: str, seconds: float) -> RunDetail:
    """Keeps the kernel of a run for so long from now on; 0 ends it. Conflict where there is none on this host."""
    left = all_kept(context).keep(run_id, seconds) if seconds else None
    if seconds and left is None:
        find(context, run_id)
        raise Conflict("this kernel does not answer; try again", "no_kernel")
    if left is None:
        all_kept(context).end(run_id)
        return ended(context, run_id)
    return _recorded(context, run_id, context.clock() + timedelta(seconds=left))


def ended(context: Context, run_id: str) -> RunDetail:
    """There is no kernel of the run any more."""
    return _recorded(context, run_id, None)


def forget_ended(context: Context) -> None:
    """Kernels of this host that are gone are recorded as such."""
    with context.store.read() as db:
        believed = kept.on_record(db, context.host)
    for run_id in believed:
        if all_kept(context).of_run(run_id) is None:
            _record(context, run_id, None)


def _recorded(context: Context, run_id: str, until: datetime | None) -> RunDetail:
    _record(context, run_id, until)
    return get(context, run_id)


def _record(context: Context, run_id: str, until: datetime | None) -> None:
    with context.store.write() as db:
        runs.set_kept_until(db, run_id, until, context.clock())
    context.committed()


def _why_none(context: Context, run: RunDetail) -> str:
    until = run.kernel_alive_until
    if until is not None and until > context.clock() and run.host not in (None, context.host):
        return f"The kernel of this run is kept on {run.host}; use JupyterLab there to get its variables."
    if run.state is RunState.SUCCEEDED:
        return "The kernel of a run that succeeds ends with it."
    if any(begun_by(kernel) == run.id for kernel in all_kept(context).all()):
        return "The kernel of this run has gone on with the run that continues it; debug that one."
    if run.reason in GONE_WITH:
        return f"There is no kernel of this run: {GONE_WITH[run.reason]}."
    if _keeps_none(context, run.id):
        return "The kernels of such runs are not kept (keep_kernel_seconds is 0)."
    return (
        "The kernel of this run is not kept any more: its time was over, it was ended, or a newer one took its place."
    )


def _keeps_none(context: Context, run_id: str) -> bool:
    with context.store.read() as db:
        try:
            asked = runs.policies(db, run_id).keep_kernel_seconds
        except UNREADABLE:
            asked = None
    return (context.settings.keep_kernel_seconds if asked is None else asked) == 0
