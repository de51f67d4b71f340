"""A writable copy of a run's output, beside its notebook, to find out what went wrong."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import msgspec

from ..archive.layout import Archive
from ..domain.run import RunDetail
from ..errors import Conflict, Invalid
from ..notebook.document import RUN_METADATA
from .context import Context
from .runs import get

COPIES_TRIED = 1000
LONGEST_STEM = 230  # of the 255 bytes that a name has on most file systems
_one_at_a_time = threading.Lock()


class DebugCopy(msgspec.Struct, frozen=True):
    """``cell_index``: where it failed. ``replay_to``: run the cells above this one to get there again."""

    notebook: str
    cell_index: int
    kernel_id: str | None
    replay_to: int | None


def debug(context: Context, run_id: str) -> DebugCopy:
    """Makes the copy, or returns the one that is still there. Conflict where the run left no output."""
    run = get(context, run_id)
    content = output_bytes(context.archive, run)
    folder = context.workspace.unlinked(context.workspace.folder(run.notebook))
    if not folder.is_dir():
        raise Conflict(
            f"the folder of {run.notebook!r} does not exist any more, so there is no place for the copy", "no_folder"
        )
    marked = _marked(content, run.id)
    with _one_at_a_time:
        name = _copy(folder, run, marked)
    parent = run.notebook.rpartition("/")[0]
    index = run.error.cell_index if run.error is not None else _first_not_run(run)
    return DebugCopy(f"{parent}/{name}" if parent else name, index, None, index)


def output_bytes(archive: Archive, run: RunDetail, attempt: int | None = None) -> bytes:
    """The output notebook of a run or of one of its attempts. Conflict where there is none (yet)."""
    path = run.output
    if attempt is not None and attempt != run.attempt:
        path = next((past.output for past in run.attempts if past.n == attempt), None)
    file = archive.file(path) if path is not None else None
    if file is None or not file.is_file():
        raise Conflict("this run has no output notebook (yet)", "no_output")
    return file.read_bytes()


def _copy(folder: Path, run: RunDetail, marked: bytes) -> str:
    """The name of the copy: the first free one, never over a file; one that this run has already is found again."""
    stem = run.notebook.rpartition("/")[2].removesuffix(".ipynb")
    stem = stem.encode()[:LONGEST_STEM].decode(errors="ignore")
    for number in range(1, COPIES_TRIED):
        name = f"{stem}-debug-{run.id[-6:]}{'' if number == 1 else f'-{number}'}.ipynb"
        try:
            descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
        except FileExistsError:
            if _is_copy_of(folder / name, run.id):
                return name
            continue
        except OSError as error:
            raise Invalid(
                f"the copy cannot be written into {folder.name!r}: {error.strerror}", "not_writable"
            ) from None
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(marked)
        except OSError as error:
            (folder / name).unlink(missing_ok=True)
            raise Invalid(f"the copy cannot be written: {error.strerror}", "not_writable") from None
        return name
    raise Conflict(f"there are {COPIES_TRIED} debug copies of this run already; delete some", "too_many_copies")


def _marked(content: bytes, run_id: str) -> bytes:
    """The copy says whose it is, so that it is found again, and is no record itself."""
    try:
        notebook = json.loads(content)
        metadata = notebook.setdefault("metadata", {})
        metadata[RUN_METADATA] = {"debug_copy_of": run_id}
    except (ValueError, AttributeError, TypeError):
        raise Invalid("the output notebook of this run is damaged", "notebook_unreadable") from None
    text = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
    # Half a surrogate pair, which a kernel can print, is carried by JSON's escapes only.
    return text.encode() if _is_utf8(text) else (json.dumps(notebook, indent=1) + "\n").encode()


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_copy_of(file: Path, run_id: str) -> bool:
    try:
        notebook = json.loads(file.read_bytes())
        return bool(notebook["metadata"][RUN_METADATA]["debug_copy_of"] == run_id)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _first_not_run(run: RunDetail) -> int:
    return next((cell.index for cell in run.cells if cell.outcome in ("failed", "interrupted", "not_run")), 0)
