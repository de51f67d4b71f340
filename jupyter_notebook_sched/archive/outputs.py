"""Output notebooks: replaced at once while a run goes on, immutable when it ends. They lie in the attempt's own folder,
where the notebook may do what it likes: what is there is not trusted, and put right before anything is written."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import stat
from pathlib import Path

from . import run_files, writing
from .layout import RUNS, Archive, run_folder

NAMES_TRIED = 100
AS_IT_IS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
NEVER_OURS = (errno.EACCES, errno.EPERM, errno.ENXIO, errno.EISDIR, errno.ELOOP, errno.ENODEV, errno.EOPNOTSUPP)


class OutputSink:
    """The one file of one attempt; only the attempt's own process writes it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def make_folder(self) -> None:
        """The attempt's own folder, and the run's, whatever stands in their places."""
        writing.reclaim(self.path.parent.parent)
        writing.reclaim(self.path.parent)

    def save(self, content: bytes) -> None:
        """What there is so far; may be lost in a power cut, never torn."""
        self._make_room()
        writing.replace(self.path, content, durable=False)

    def seal(self, content: bytes) -> str:
        """The final bytes, durable and read-only; returns their SHA-256."""
        self._make_room()
        writing.replace(self.path, content, durable=True, mode=writing.READ_ONLY)
        return hashlib.sha256(content).hexdigest()

    def add_beside(self, name: str, content: bytes) -> None:
        """Another file of the attempt, read-only; under another name where the notebook has one of that name."""
        self.make_folder()
        path = self.path.with_name(name)
        for number in range(1, NAMES_TRIED):
            if not os.path.lexists(path):
                return writing.replace(path, content, durable=False, mode=writing.READ_ONLY)
            path = self.path.with_name(f"{number}-{name}")
        raise FileExistsError(f"there are {NAMES_TRIED} files named like {name} already")

    def _make_room(self) -> None:
        self.make_folder()
        with contextlib.suppress(FileNotFoundError):
            if stat.S_ISDIR(os.lstat(self.path).st_mode):
                writing.set_aside(self.path)


def seal_as_it_is(path: Path) -> str | None:
    """Makes what a vanished process left the final record, durably; its SHA-256, or None where it left nothing."""
    try:
        content = own_bytes(path)
    except (FileNotFoundError, NotADirectoryError, NotOurs):
        return None
    return OutputSink(path).seal(content)


class NotOurs(OSError):
    """What stands in the place of a file of ours is none."""


def own_bytes(path: Path, mode: int | None = None) -> bytes:
    """The content of an attempt's file (of that mode). NotOurs where it is something else or a link leads there: what a
    notebook put in its place could be of any length, or never end."""
    if any(folder.is_symlink() for folder in (path.parent.parent, path.parent)):
        raise NotOurs(f"{path} is reached through a link")
    try:
        descriptor = _open_own(path)
    except OSError as error:
        # Any other error may be over when it is tried again.
        raise NotOurs(f"{path} is no file of ours: {error}") if error.errno in NEVER_OURS else error from None
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or (mode is not None and stat.S_IMODE(found.st_mode) != mode):
            raise NotOurs(f"{path} is no file of ours")
        return file.read()


def _open_own(path: Path) -> int:
    try:
        return os.open(path, AS_IT_IS)
    except PermissionError:  # the notebook has taken our rights to its folder, or to the file
        writing.reclaim(path.parent)
        if stat.S_ISREG(os.lstat(path).st_mode):
            os.chmod(path, 0o400)
        return os.open(path, AS_IT_IS)


def size_of_attempt(output: Path) -> int:
    """Bytes of all files in the attempt's folder, links not followed."""
    return sum(file.size for file in run_files.below(output.parent))


def remove_folder(archive: Archive, path: str) -> None:
    """Removes every file of a run; ``path``: its folder in the archive. The days that are empty then go with it.
    OSError where something of it cannot be removed."""
    above, _, name = path.rpartition("/")
    day = archive.file(above)
    if day is None or not path.startswith(f"{RUNS}/") or name in ("", ".", ".."):
        return
    folder = day / name
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    elif folder.is_dir():
        _remove_tree(folder)
    for day in list(folder.parents)[:3]:
        with contextlib.suppress(OSError):
            day.rmdir()


def _remove_tree(top: Path) -> None:
    try:
        shutil.rmtree(top)
    except PermissionError:  # a notebook may have made its folders read-only
        os.chmod(top, 0o700)
        for above, folders, _ in os.walk(top):
            for path in (os.path.join(above, name) for name in folders):
                if not os.path.islink(path):
                    os.chmod(path, 0o700)
        shutil.rmtree(top)


def remove_run(archive: Archive, run_id: str) -> None:
    """Removes every file of a run."""
    remove_folder(archive, run_folder(run_id))
