"""Writing a file so that it is either there whole, or not there: temporary name, fsync, rename, fsync the directory."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from pathlib import Path

from .. import faults

READ_ONLY = 0o444
TEMPORARY = ".nbs-tmp-"
NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV, errno.EACCES)
"""What file systems without hard links answer."""


def write_once(path: Path, content: bytes) -> None:
    """Puts an immutable file in place, durable when this returns; one that is there already stays."""
    if not path.exists():
        replace(path, content, durable=True, mode=READ_ONLY)


def replace(path: Path, content: bytes, durable: bool, mode: int = 0o600) -> None:
    """Replaces a file at once: a reader sees the old bytes or the new ones.

    ``durable``: on disk before it returns, needed before any row mentions the file as finished.
    OSError leaves the old file as it was.
    """
    make_folder(path.parent)
    fresh = path.with_name(TEMPORARY + secrets.token_hex(8))
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            faults.reach("archive-write")
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            if durable:
                faults.reach("archive-sync")
                os.fsync(file.fileno())
        faults.reach("archive-rename")
        os.replace(fresh, path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    if durable:
        settle_in(path.parent)


def put_new(fresh: Path, file: Path) -> None:
    """Puts a whole file in a place where there is none. FileExistsError where there is something; ``fresh`` may be left
    then, and after a success, too."""
    try:
        os.link(fresh, file)  # unlike rename(2), it never replaces anything
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        # The name is taken first, and for a moment the file is empty.
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # which follows no link (open(2))
        try:
            os.replace(fresh, file)
        except BaseException:
            file.unlink(missing_ok=True)
            raise


def make_folder(folder: Path) -> None:
    """A private folder; those above it are made durable with it."""
    if folder.is_dir():
        return
    while True:
        make_folder(folder.parent)
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            break
        except FileNotFoundError:  # the one above was empty, and was removed just now
            continue
    sync_folder(folder.parent)


def reclaim(folder: Path) -> None:
    """A private folder, where a notebook may have left something else: a link is removed, a file moved aside, and
    nothing is written through either."""
    try:
        found = os.lstat(folder)
    except FileNotFoundError:
        return make_folder(folder)
    if not stat.S_ISDIR(found.st_mode):
        set_aside(folder)
        make_folder(folder)
    elif found.st_mode & stat.S_IRWXU != stat.S_IRWXU:
        os.chmod(folder, 0o700)
    return None


def set_aside(path: Path) -> None:
    """Makes room for what is ours: a link goes, all else gets another name beside it."""
    if path.is_symlink():
        path.unlink()
    else:
        path.rename(path.with_name(f"{path.name}.{secrets.token_hex(4)}"))


def settle_in(folder: Path) -> None:
    """What was put into the folder, by whomever, is there for good when this returns."""
    faults.reach("archive-sync-folder")
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
