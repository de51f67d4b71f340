"""What goes on record of the end of an attempt, from what was told of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from ..archive import outputs
from ..archive.layout import Archive
from ..domain.run import CellOutcome, Progress
from ..domain.states import RunState
from ..store.attempts import Ending
from .interface import Ended

CANCELLED = {"user": "cancelled on request", "replaced": "a newer due time of its job replaced it"}


def ending_of(ended: Ended, archive: Archive, output: str, size: int | None, now: datetime) -> Ending:
    """Seals what a vanished process left. ``output``: the path in the archive; ``size``: of the attempt's files, in
    bytes, where they have been counted. ``now``: its kernel's time is counted from then on."""
    path = Path(archive.root, output)
    sha256 = ended.output_sha256 or outputs.seal_as_it_is(path)
    return Ending(
        RunState(ended.state),
        ended.reason,
        ended.message,
        ended.error,
        tuple(ended.cells),
        ended.progress,
        output if sha256 else None,
        sha256,
        outputs.size_of_attempt(path) if size is None else size,
        ended.memory_bytes,
        ended.results,
        None if ended.kept_seconds is None else now + timedelta(seconds=ended.kept_seconds),
    )


def as_asked(ending: Ending, asked: str | None) -> Ending:
    """A cancel is somebody's: a run that was killed on request is not lost, and one that its worker let go is.
    ``asked`` is the reason that was given; None: nobody asked."""
    if asked is not None and (ending.reason == "lost" or ending.state is RunState.CANCELLED):
        until = ending.kept_until if asked == "user" else None  # nobody waits for one that was replaced
        return replace(ending, state=RunState.CANCELLED, reason=asked, message=CANCELLED.get(asked), kept_until=until)
    if asked is None and ending.state is RunState.CANCELLED:
        return replace(ending, state=RunState.FAILED, reason="lost", message="its worker had to stop it")
    return ending


def cut_off(cells: list[CellOutcome], progress: Progress) -> list[CellOutcome]:
    """The cells of an attempt that vanished: the one that ran then did not run to its end."""
    return [CellOutcome(cell.index, "interrupted") if cell.index == progress.current else cell for cell in cells]
