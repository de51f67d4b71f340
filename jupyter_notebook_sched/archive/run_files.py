"""What a notebook has left in its run's own folder. None of it is trusted: a link is never followed, and how much there
is has no bound but the one of whoever looks."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ..domain.run import RunFile
from .layout import Archive, run_folder
from .writing import TEMPORARY

LISTED = 1000
LOOKED_AT = 10_000


class Found(NamedTuple):
    """``path``: relative to where was looked, ``/``-separated. ``size`` in bytes."""

    path: str
    size: int


def listed(archive: Archive, run_id: str, outputs: Collection[str]) -> tuple[list[RunFile], bool]:
    """The files of a run but its ``outputs`` (paths in the archive), by their paths; at most LISTED, and whether there
    are, or may be, more."""
    try:
        path = run_folder(run_id)
    except (ValueError, OverflowError):  # a row that somebody wrote by hand
        return [], False
    folder = archive.file(path)
    if folder is None:
        return [], False
    looked_at = list(islice(_entries(folder), LOOKED_AT + 1))
    files = [RunFile(f"{path}/{each.path}", each.size) for each in looked_at if each is not None]
    shown = sorted((file for file in files if file.path not in outputs and _is_shown(file)), key=lambda file: file.path)
    return shown[:LISTED], len(looked_at) > LOOKED_AT or len(shown) > LISTED


def below(folder: Path) -> Iterator[Found]:
    """Every file below a folder."""
    return (entry for entry in _entries(folder) if entry is not None)


def _is_shown(file: RunFile) -> bool:
    return not file.path.rpartition("/")[2].startswith(TEMPORARY) and is_text(file.path)


def is_text(name: str) -> bool:
    """Whether a file's name can be told to anybody (on Linux it is any bytes)."""
    with contextlib.suppress(UnicodeEncodeError):
        name.encode()
        return True
    return False


def _entries(top: Path) -> Iterator[Found | None]:
    """An item for everything that is there, None where it is no file."""
    waiting = [""] if not top.is_symlink() else []
    while waiting:
        above = waiting.pop()
        with contextlib.suppress(OSError), os.scandir(top / above) as entries:
            for entry in entries:
                path = f"{above}/{entry.name}" if above else entry.name
                found: Found | None = None
                with contextlib.suppress(OSError):
                    facts = entry.stat(follow_symlinks=False)
                    if stat.S_ISDIR(facts.st_mode):
                        waiting.append(path)
                    elif stat.S_ISREG(facts.st_mode):
                        found = Found(path, facts.st_size)
                yield found
