"""A writable copy of a run's output beside its notebook: made once, found again, never over a file that is there."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import secrets
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from ..archive import reading
from ..archive.writing import TEMPORARY, put_new
from ..errors import Conflict, Invalid, NotFound, Unavailable
from ..notebook import document
from ..notebook.document import INJECTED_TAG, RUN_METADATA
from ..notebook.parameters.literals import writing
from .tasks import LARGEST_AT_HAND

COPIES_TRIED = 1000
LONGEST_NAME = 255
# A secret is shown as the template that asks for it, in the literal of some language.
_CALL = re.compile(r"\{\{.*\bsecret\(.*\}\}")


class ToCopy(msgspec.Struct, frozen=True):
    """``output``: the file in the archive, with the hash that was recorded. ``notebook``: the name of the run's
    notebook. ``cell_index``: to mend, in the output. ``secrets``: whether values of the run are some. ``language``:
    the kernel's."""

    output: str
    sha256: str | None
    folder: str
    notebook: str
    run_id: str
    cell_index: int
    cell_id: str | None
    secrets: bool
    language: str | None

    def is_large(self) -> bool:
        """Whether it, or a copy that is there, would hold up a process that has something else to do."""
        copies = (self.copy(number) for number in range(1, COPIES_TRIED))
        return _size(Path(self.output)) > LARGEST_AT_HAND or _size(next(copies)) > LARGEST_AT_HAND

    def copy(self, number: int) -> Path:
        """Where the copy of that number is, from 1."""
        end = f"-debug-{self.run_id[-6:]}{'' if number == 1 else f'-{number}'}.ipynb"
        stem = self.notebook.removesuffix(".ipynb").encode()
        room = _longest_name(self.folder) - len(f"-debug-{self.run_id[-6:]}-{COPIES_TRIED}.ipynb")
        return Path(self.folder, stem[:room].decode(errors="ignore") + end)


class Copied(msgspec.Struct, frozen=True):
    """``name``: of the file. ``cell_index``: where the cell to mend is by now."""

    name: str
    cell_index: int


def work(request: dict[str, Any]) -> Iterable[bytes]:
    """``request``: a ToCopy. Its Copied, as JSON."""
    yield msgspec.json.encode(copied(msgspec.convert(request, ToCopy)))


def copied(wanted: ToCopy) -> Copied:
    """Makes the copy, or finds the one that is still there. Conflict where the output is gone; Invalid or Unavailable
    where it cannot be read or the copy not be written."""
    content: bytes | None = None
    for number in range(1, COPIES_TRIED):
        copy = wanted.copy(number)
        if not os.path.lexists(copy):
            content = content or _marked(wanted)
            try:
                _write_new(copy, content)
                return Copied(copy.name, wanted.cell_index)
            except FileExistsError:  # made a moment ago, by a second request
                pass
            except OSError as error:
                raise _told(error, wanted.folder) from None
        if (cells := _cells_of_copy(copy, wanted.run_id)) is not None:
            return Copied(copy.name, _place(wanted, cells))
    raise Conflict(f"there are {COPIES_TRIED} debug copies of this run already; delete some", "too_many_copies")


def _write_new(file: Path, content: bytes) -> None:
    """The whole file under its name, or nothing. FileExistsError where there is one."""
    fresh = file.with_name(TEMPORARY + secrets.token_hex(8))
    try:
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "wb") as opened:
            opened.write(content)
        put_new(fresh, file)
    finally:
        with suppress(OSError):
            fresh.unlink()


def _told(error: OSError, folder: str) -> Invalid | Unavailable:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Unavailable(f"there is no room for the copy in {Path(folder).name!r}; free some space", "disk_full")
    return Invalid(f"the copy cannot be written into {Path(folder).name!r}: {error.strerror}", "not_writable")


def _marked(wanted: ToCopy) -> bytes:
    """The copy says whose it is, so that it is found again, and is no record itself."""
    try:
        with reading.opened(Path(wanted.output), "output") as output:
            content = output.read()
        notebook = json.loads(content)
        mark: dict[str, Any] = {"debug_copy_of": wanted.run_id}
        if wanted.sha256 not in (None, hashlib.sha256(content).hexdigest()):
            mark["output_changed"] = True
        notebook.setdefault("metadata", {})[RUN_METADATA] = mark
        if wanted.secrets:
            _leave_secrets_alone(notebook, wanted.language)
    except NotFound:
        raise Conflict("the output notebook of this run was removed", "no_output") from None
    except (ValueError, AttributeError, TypeError, KeyError):
        raise Invalid("the output notebook of this run is damaged", "notebook_unreadable") from None
    return document.as_file(notebook)


def _leave_secrets_alone(notebook: dict[str, Any], language: str | None) -> None:
    """The injected cell run again gives a parameter no template in the place of its secret, which the kernel has."""
    for cell in notebook["cells"]:
        if INJECTED_TAG not in document.cell_tags(cell):
            continue
        comment = writing(document.language(notebook, language)).COMMENT
        lines = "".join(cell["source"]).split("\n")
        cell["source"] = "\n".join(f"{comment} {line}" if _CALL.search(line) else line for line in lines)


def _cells_of_copy(file: Path, run_id: str) -> list[Any] | None:
    """None where the file is something else."""
    try:
        with reading.opened(file, file.name) as opened:
            notebook = json.load(opened)
        is_copy = notebook["metadata"][RUN_METADATA]["debug_copy_of"] == run_id
        return notebook["cells"] if is_copy and isinstance(notebook["cells"], list) else None
    except (NotFound, OSError, ValueError, KeyError, TypeError):
        return None


def _place(wanted: ToCopy, cells: list[Any]) -> int:
    """Where a person has put in or taken out cells, the one to mend is still known by its id."""
    ids = [cell.get("id") if isinstance(cell, dict) else None for cell in cells]
    if wanted.cell_id in ids and wanted.cell_id is not None:
        return ids.index(wanted.cell_id)
    return min(wanted.cell_index, max(len(cells) - 1, 0))


def _size(file: Path) -> int:
    try:
        return os.lstat(file).st_size
    except OSError:
        return 0


def _longest_name(folder: str) -> int:
    """Bytes; fewer where the file system encrypts its names."""
    if sys.platform == "win32":
        return LONGEST_NAME
    try:
        return min(LONGEST_NAME, os.pathconf(folder, "PC_NAME_MAX"))
    except (OSError, ValueError):
        return LONGEST_NAME
