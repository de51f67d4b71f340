"""A failed run reopened: where its copy is, where it failed, and what it takes to get there again."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ..apart import debug_copy
from ..apart.debug_copy import Copied, ToCopy
from ..domain.rendering import Rendering
from ..domain.run import RunDetail
from ..domain.states import ENDED, RunState
from ..errors import Conflict
from ..host.kept_kernels import KeptKernel
from ..store import runs as rows
from . import kept_kernels
from .context import Context
from .outputs import file_of
from .runs import get

REACHED = ("failed", "interrupted", "not_run")


class DebugCopy(msgspec.Struct, frozen=True):
    """``cell_index``: where it failed, in the copy as it is now. ``kernel_id``: the kernel that has its variables;
    None: ``message`` says why there is none, and the cells above ``replay_to`` lead there again, in ``replay_seconds``
    as far as that is known. ``secrets``: names of those that the cells need (``runs/{id}/replay``)."""

    notebook: str
    cell_index: int
    kernel_id: str | None
    replay_to: int | None
    message: str | None = None
    replay_seconds: float | None = None
    kernel_alive_until: datetime | None = None
    secrets: list[str] = []


class Reopening(msgspec.Struct, frozen=True):
    """``copy``: what is to be copied. ``kernel``: the one that was kept, or why there is none."""

    run: RunDetail
    copy: ToCopy
    kernel: KeptKernel | str
    secrets: list[str]


def reopening(context: Context, run_id: str) -> Reopening:
    """Conflict where the run left no output, or there is no place for a copy; Invalid where a link leads there."""
    run = get(context, run_id)
    output = file_of(context.archive, run)
    folder = context.workspace.unlinked(context.workspace.folder(run.notebook))
    if not folder.is_dir():
        raise Conflict(
            f"the folder of {run.notebook!r} does not exist any more, so there is no place for the copy", "no_folder"
        )
    secrets = _secrets(context, run_id)
    copy = ToCopy(
        output=str(output),
        sha256=run.output_sha256,
        folder=str(folder),
        notebook=run.notebook.rpartition("/")[2],
        run_id=run.id,
        cell_index=_where_it_failed(run),
        cell_id=None if run.error is None else run.error.cell_id,
        secrets=bool(secrets),
        language=context.language_of(run.kernel),
    )
    return Reopening(run, copy, kept_kernels.of_run(context, run), secrets)


def copied(_: Context, reopened: Reopening) -> Copied:
    """To be asked where the copy is not large."""
    return debug_copy.copied(reopened.copy)


def told(context: Context, reopened: Reopening, copy: Copied, kernel_id: str | None, problem: str | None) -> DebugCopy:
    """``problem``: why the kept kernel could not be had."""
    run, kernel = reopened.run, reopened.kernel
    parent = run.notebook.rpartition("/")[0]
    had = isinstance(kernel, KeptKernel) and kernel_id is not None
    return DebugCopy(
        notebook=f"{parent}/{copy.name}" if parent else copy.name,
        cell_index=copy.cell_index,
        kernel_id=kernel_id if had else None,
        replay_to=None if had else copy.cell_index,
        message=None if had else problem or (kernel if isinstance(kernel, str) else None),
        replay_seconds=None if had else _seconds_above(run, reopened.copy.cell_index),
        kernel_alive_until=kept_kernels.connected(context, run, kernel)
        if had and isinstance(kernel, KeptKernel)
        else None,
        secrets=reopened.secrets,
    )


def take_over(context: Context, run_id: str) -> bool:
    """Asks for the end of a running run, so that its kernel is free; whether it has ended. Conflict where it waits
    still, or has ended without having been asked for."""
    run = get(context, run_id)
    with context.store.write() as db:
        asked = rows.is_taken_over(db, run_id)
        if not asked and rows.take_over(db, run_id, context.clock()):
            asked = True
    if run.state is RunState.QUEUED:
        raise Conflict("this run has not begun; cancel it, or wait until it runs", "not_started")
    if not asked:
        raise Conflict("this run has ended already; debug it instead", "already_ended")
    if run.state in ENDED:
        return True
    context.committed()
    return False


def has_ended(context: Context, run_id: str) -> bool:
    with context.store.read() as db:
        run = rows.get(db, run_id)
    return run is None or run.state in ENDED


def _where_it_failed(run: RunDetail) -> int:
    if run.error is not None:
        return run.error.cell_index
    return next((cell.index for cell in run.cells if cell.outcome in REACHED), 0)


def _seconds_above(run: RunDetail, index: int) -> float | None:
    took = [cell.seconds for cell in run.cells if cell.index < index and cell.seconds is not None]
    return round(sum(took), 3) if took else None


def _secrets(context: Context, run_id: str) -> list[str]:
    with context.store.read() as db:
        stored = Rendering.from_json(rows.rendering(db, run_id))
    return [] if stored is None else stored.secrets
