"""The kernels that failed runs left: found, kept longer, ended, and why there is none."""

from __future__ import annotations

import logging
from datetime import datetime

import msgspec

from ..domain.keeping import HELD_AHEAD, kept_until
from ..domain.run import RunDetail
from ..domain.states import RunState
from ..errors import Conflict, Unavailable
from ..host.kept_kernels import KeptKernel, KeptKernels
from ..store import kept, resuming, runs
from ..store.rows import UNREADABLE
from .context import Context
from .runs import get

log = logging.getLogger(__name__)
# What a kernel does not survive, or is ended for.
GONE_WITH = {
    "kernel_died": "it died during the run",
    "lost": "it ended with the scheduler that ran it",
    "invalid": "the run never began",
    "internal": "a fault of Notebook Sched ended the run",
    "replaced": "the next run took its place",
}
UNINTERRUPTIBLE = "it did not stop when it was interrupted"
# What a kernel may have ended with at once.
MAY_BE_GONE_WITH = {
    "timeout": UNINTERRUPTIBLE,
    "cell_timeout": UNINTERRUPTIBLE,
    "user": UNINTERRUPTIBLE,
    "out_of_memory": "it was ended for want of memory",
}


def of_run(context: Context, run: RunDetail) -> KeptKernel | str:
    """The kernel of an ended run that is kept on this host, for whoever wants it; else, in a sentence, why there is
    none to be had."""
    found = _of_run(context, run)
    if isinstance(found, KeptKernel) and (other := _goes_on_with(context, run.id)) is not None:
        return _taken(context, other)
    return found


def begun_by(kernel: KeptKernel) -> str:
    """The run that it was started for, whichever has it by now: one that went on with it may."""
    return kernel.environment.get("NOTEBOOK_SCHED_RUN_ID", kernel.run_id)


def all_kept(context: Context) -> KeptKernels:
    return KeptKernels(context.meeting.directory)


def left_by(context: Context, run_id: str) -> KeptKernel | None:
    """None where there is none on this host, or another run has it by now."""
    return all_kept(context).of_run(run_id)


def find(context: Context, run_id: str, to_end: bool = False) -> KeptKernel:
    """The kernel of a run. Conflict where there is none on this host, or, where it is wanted ``to_end`` it, another run
    goes on with it."""
    found = _of_run(context, get(context, run_id))
    if isinstance(found, str):
        raise Conflict(found, "no_kernel")
    if to_end and (other := _goes_on_with(context, run_id)) is not None:
        raise Conflict(f"the run {other} goes on with this kernel; cancel that one first", "resumed_already")
    return found


def keep(context: Context, run_id: str, seconds: float) -> RunDetail:
    """Keeps the kernel of a run for so long from now on; 0 ends it. Conflict where there is none on this host."""
    kernel = find(context, run_id, to_end=not seconds)
    if not seconds:
        all_kept(context).end(run_id)
        return ended(context, run_id)
    left = all_kept(context).keep(run_id, seconds)
    if left is None:
        raise Conflict("this kernel does not answer; try again", "no_kernel")
    return _recorded(context, run_id, kept_until(context.clock(), left, kernel.held))


def connected(context: Context, run: RunDetail, kernel: KeptKernel) -> datetime:
    """Somebody has come for the kernel of a run: until when it is told to be kept now."""
    until = kept_until(context.clock(), kernel.seconds_left, held=True)
    if run.kernel_alive_until is None or run.kernel_alive_until < context.clock() + HELD_AHEAD:
        _recorded(context, run.id, until)
    return until


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


def _of_run(context: Context, run: RunDetail) -> KeptKernel | str:
    if run.state is RunState.RUNNING:
        return "This run still goes on; take it over to end it and to get its kernel."
    if run.state is RunState.QUEUED:
        return "This run has not begun, so it has no kernel yet."
    if (found := all_kept(context).of_run(run.id)) is not None:
        return found
    return _why_none(context, run)


def _goes_on_with(context: Context, run_id: str) -> str | None:
    with context.store.read() as db:
        return resuming.goes_on_with(db, run_id)


def _taken(context: Context, other: str) -> str:
    if get(context, other).state is RunState.QUEUED:
        return f"The run {other} waits to go on with this kernel; cancel that one to get it."
    return f"The run {other} goes on with this kernel; take that one over."


def _recorded(context: Context, run_id: str, until: datetime | None) -> RunDetail:
    """It is as it is, though its record cannot be written now: the worker puts that right."""
    try:
        _record(context, run_id, until)
    except Unavailable as error:
        log.warning("until when the kernel of run %s is kept is not on record yet: %s", run_id, error)
    return msgspec.structs.replace(get(context, run_id), kernel_alive_until=until)


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
    with context.store.read() as db:
        if (other := resuming.went_on_with(db, run.id)) is not None:
            return f"The kernel of this run went on with the run {other}, and is not kept any more."
    maybe = f"{MAY_BE_GONE_WITH[run.reason]}, " if run.reason in MAY_BE_GONE_WITH else ""
    return (
        f"The kernel of this run is not kept any more: {maybe}its time was over, it was ended or died, or a newer one "
        "took its place."
    )


def _keeps_none(context: Context, run_id: str) -> bool:
    with context.store.read() as db:
        try:
            asked = runs.policies(db, run_id).keep_kernel_seconds
        except UNREADABLE:
            asked = None
    return (context.settings.keep_kernel_seconds if asked is None else asked) == 0
