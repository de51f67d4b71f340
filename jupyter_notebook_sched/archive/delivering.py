"""A copy of an archived output, put into the workspace: the only files there that are replaced without being asked
for."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import stat
from pathlib import Path
from typing import IO

from .. import faults
from .writing import TEMPORARY, put_new, sync_folder

PIECE = 1024 * 1024


def sha256_of(file: IO[bytes]) -> str:
    """Of all of it; it stands at its beginning again."""
    digest = hashlib.sha256()
    file.seek(0)
    while piece := file.read(PIECE):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


def sha256_of_file(path: Path) -> str | None:
    """None where there is no file of its own, but a link, a folder, or something else. FileNotFoundError where there is
    nothing."""
    if not stat.S_ISREG(os.lstat(path).st_mode):
        return None
    with open(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
        return sha256_of(file)


def put(target: Path, content: IO[bytes], replaces: bool) -> None:
    """All of ``content`` at ``target``, at once and durably; its folder is there. ``replaces``: the file that is there
    is ours; else FileExistsError where something has come there meanwhile. OSError leaves everything as it was."""
    mode = os.stat(target).st_mode & 0o777 if replaces else 0o644
    fresh = target.with_name(TEMPORARY + secrets.token_hex(8))
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            faults.reach("delivery-write")
            content.seek(0)
            while piece := content.read(PIECE):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        faults.reach("delivery-rename")
        if replaces:
            os.replace(fresh, target)
        else:
            put_new(fresh, target)
    finally:
        with contextlib.suppress(FileNotFoundError):
            fresh.unlink()
    sync_folder(target.parent)
