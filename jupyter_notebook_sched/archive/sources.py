"""Source notebooks: immutable, named by the SHA-256 of their canonical bytes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from . import writing
from .layout import SOURCES, Archive, source_path


def version_of(canonical: bytes) -> str:
    """The version that a notebook's canonical bytes make (64 hexadecimal digits)."""
    return hashlib.sha256(canonical).hexdigest()


def store(archive: Archive, canonical: bytes) -> str:
    """Keeps the bytes, durably, and returns their version; a version already kept is only marked as wanted again."""
    version = version_of(canonical)
    path = archive.root / source_path(version)
    try:
        os.utime(path)
        writing.settle_in(path.parent)  # whoever put it there may not have come so far
    except FileNotFoundError:
        writing.write_once(path, canonical)
    return version


def is_kept(archive: Archive, version: str) -> bool:
    return (archive.root / source_path(version)).exists()


def untouched_since(archive: Archive, moment: datetime) -> Iterator[Path]:
    """The files of versions that nobody stored (again) since then."""
    return (file for file in (archive.root / SOURCES).glob("*.ipynb") if is_untouched(file, moment))


def is_untouched(file: Path, moment: datetime) -> bool:
    try:
        return file.stat().st_mtime < moment.timestamp()
    except FileNotFoundError:
        return False


def sweep(archive: Archive, before: datetime) -> None:
    """Removes what writers that were killed left half-written before that moment."""
    for left in (archive.root / SOURCES).glob(f"{writing.TEMPORARY}*"):
        if is_untouched(left, before):
            left.unlink(missing_ok=True)


def load(archive: Archive, version: str) -> bytes:
    """The canonical bytes of a version. OSError where they are gone; ValueError where they were changed."""
    content = (archive.root / source_path(version)).read_bytes()
    if version_of(content) != version:
        raise ValueError(f"the source {version[:12]} in the archive is not what was stored")
    return content


def total_size(archive: Archive) -> int:
    """Bytes of all versions."""
    try:
        with os.scandir(archive.root / SOURCES) as entries:
            return sum(entry.stat(follow_symlinks=False).st_size for entry in entries)
    except FileNotFoundError:
        return 0
