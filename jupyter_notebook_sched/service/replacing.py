"""A notebook of the workspace replaced together with what the store says of it: both, or neither."""

from __future__ import annotations

import errno
import logging
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..archive import writing
from ..errors import Conflict, Invalid, Unavailable
from .context import Context
from .notebook_files import CHANGED
from .seen_notebooks import Seen, mark_of

log = logging.getLogger(__name__)
LEFT_SECONDS = 24 * 3600
NEW_MODE = 0o644
FULL = (errno.ENOSPC, errno.EDQUOT)


class Replacement:
    """``put`` belongs at the end of the transaction: all that takes room or time has been done by then."""

    def __init__(self, target: Path, seen: Seen, fresh: Path) -> None:
        self._target = target
        self._seen = seen
        self.fresh = fresh
        self._before = target.with_name(writing.TEMPORARY + secrets.token_hex(8))
        self._is_put = False

    def put(self) -> None:
        """Conflict where the file is another one by now."""
        if self._target.is_symlink() or mark_of(self._target) != self._seen.mark:
            raise Conflict(CHANGED, "notebook_changed")
        with told_of(self._seen.path):
            _link_or_copy(self._target, self._before)
            os.replace(self.fresh, self._target)
            self._is_put = True
            writing.sync_folder(self._target.parent)

    def take_back(self) -> None:
        """The file is again what it was."""
        if not self._is_put:
            return
        try:
            os.replace(self._before, self._target)
        except OSError as error:
            log.error("%s could not be put back, its content of before is in %s: %s", self._target, self._before, error)
            self._before = self.fresh

    def tidy(self) -> None:
        for left in (self.fresh, self._before):
            with suppress(OSError):
                left.unlink(missing_ok=True)


class New:
    """As a Replacement, where there is no such notebook (any more)."""

    def __init__(self, path: str, target: Path, fresh: Path) -> None:
        self._path = path
        self._target = target
        self.fresh = fresh
        self._is_put = False

    def put(self) -> None:
        """Conflict where there is a file by now."""
        with told_of(self._path):
            try:
                writing.put_new(self.fresh, self._target)
            except FileExistsError:
                raise Conflict(CHANGED, "notebook_changed") from None
            self._is_put = True
            writing.sync_folder(self._target.parent)

    def take_back(self) -> None:
        if self._is_put:
            self._target.unlink(missing_ok=True)

    def tidy(self) -> None:
        with suppress(OSError):
            self.fresh.unlink(missing_ok=True)


@contextmanager
def making(context: Context, path: str, content: bytes) -> Iterator[New]:
    """As ``replacing``, where there is no such notebook (any more)."""
    target = context.workspace.unlinked(context.workspace.file(path))
    new = New(path, target, target.with_name(writing.TEMPORARY + secrets.token_hex(8)))
    with _written(new, path, content, NEW_MODE):
        yield new


@contextmanager
def replacing(context: Context, seen: Seen, content: bytes) -> Iterator[Replacement]:
    """To be put around the transaction: where that fails, the file is as it was. Invalid where a link leads to it, or
    it cannot be written; Unavailable where the disk is full.

    Whoever is killed between the file and the commit leaves a notebook that no job uses yet, and its jobs say so; the
    other way round they would offer to go back to what was before.
    """
    target = context.workspace.unlinked(context.workspace.file(seen.path))
    replacement = Replacement(target, seen, target.with_name(writing.TEMPORARY + secrets.token_hex(8)))
    with told_of(seen.path):
        mode = os.stat(target).st_mode & 0o777
    with _written(replacement, seen.path, content, mode):
        yield replacement


@contextmanager
def _written(about: Replacement | New, path: str, content: bytes, mode: int) -> Iterator[None]:
    """The content is on disk beside its place, as ``about.fresh``."""
    try:
        with told_of(path):
            _sweep(about.fresh.parent)
            writing.replace(about.fresh, content, durable=True, mode=mode)
        yield
    except BaseException:
        about.take_back()
        raise
    finally:
        about.tidy()


def _sweep(folder: Path) -> None:
    """What somebody left who was killed; by the time at which it got its name, for it may be an old file."""
    long_ago = time.time() - LEFT_SECONDS
    for left in folder.glob(f"{writing.TEMPORARY}*"):
        with suppress(OSError):
            if left.lstat().st_ctime < long_ago:
                left.unlink()


@contextmanager
def told_of(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            message = f"the disk that holds {path!r} is full; free some space and try again"
            raise Unavailable(message, "disk_full") from error
        raise Invalid(f"{path!r} cannot be written: {error.strerror}", "notebook_not_writable") from None


def _link_or_copy(file: Path, to: Path) -> None:
    try:
        os.link(file, to, follow_symlinks=False)
    except (OSError, NotImplementedError):  # not every file system and platform has links
        shutil.copy2(file, to, follow_symlinks=False)
