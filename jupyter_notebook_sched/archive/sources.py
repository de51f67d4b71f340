"""Source notebooks: immutable, named by the SHA-256 of their canonical bytes."""

from __future__ import annotations

import hashlib

from . import writing
from .layout import Archive, source_path


def version_of(canonical: bytes) -> str:
    """The version that a notebook's canonical bytes make (64 hexadecimal digits)."""
    return hashlib.sha256(canonical).hexdigest()


def store(archive: Archive, canonical: bytes) -> str:
    """Keeps the bytes, durably, and returns their version; a version already kept is left alone."""
    version = version_of(canonical)
    writing.write_once(archive.root / source_path(version), canonical)
    return version


def load(archive: Archive, version: str) -> bytes:
    """The canonical bytes of a version. OSError where they are gone; ValueError where they were changed."""
    content = (archive.root / source_path(version)).read_bytes()
    if version_of(content) != version:
        raise ValueError(f"the source {version[:12]} in the archive is not what was stored")
    return content
