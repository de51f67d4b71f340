"""The archive as a read-only drive, in the shape of Jupyter's Contents API."""

from __future__ import annotations

import mimetypes
import os
import re
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from ..archive import reading
from ..archive.layout import SOURCES
from ..archive.run_files import is_text
from ..archive.writing import TEMPORARY
from ..errors import Invalid, NotFound
from ..notebook.archived import Asked, Model, encoded, filled
from ..store import attempts
from .context import Context
from .forms import ContentsQuery

LARGE = 1024 * 1024
"""Bytes from which on a file is opened apart from the server's process."""
_SOURCE = re.compile(rf"{SOURCES}/([0-9a-f]{{64}})\.ipynb")


class Large(msgspec.Struct, frozen=True):
    """One that must be opened apart: what ``apart/contents.py`` is to be asked."""

    request: dict[str, Any]


def model(context: Context, path: str, query: ContentsQuery) -> bytes | Large:
    """The contents model of a file or folder of the archive, as JSON."""
    path = path.strip("/")
    file = context.archive.file(path)
    if file is not None and not path and not file.exists():
        return encoded(_of_type(_empty_root(query.content == "1"), query))
    if file is None or not (file.is_file() or file.is_dir()):
        raise NotFound(f"there is no {path!r} in the archive")
    described = _of_type(_described(file, path), query)
    if described["type"] == "directory":
        return encoded(_folder(context, file, path, described) if query.content == "1" else described)
    if query.content == "0" and query.hash == "0":
        return encoded(described)
    asked = _asked(context, path, described["type"], query)
    if described["size"] >= LARGE:
        return Large({"file": str(file), "described": described, "asked": asked})
    with reading.opened(file, path) as opened:
        return encoded(filled(described, opened.read(), asked))


def opened_file(context: Context, path: str) -> BinaryIO:
    """An archived file, to be read in pieces."""
    file = context.archive.file(path)
    if file is None or not file.is_file():
        raise NotFound(f"there is no file {path!r} in the archive")
    return reading.opened(file, path)


def recorded_sha256(context: Context, path: str) -> str | None:
    """What the bytes of that archived file were when they were written; None where nothing is on record."""
    if (source := _SOURCE.fullmatch(path)) is not None:
        return source[1]
    with context.store.read() as db:
        return attempts.recorded_sha256(db, path)


def _asked(context: Context, path: str, kind: Any, query: ContentsQuery) -> Asked:
    recorded = recorded_sha256(context, path)
    is_output = recorded is not None and not path.startswith(f"{SOURCES}/")
    return Asked(kind, query.format, recorded, is_output, query.hash == "1", query.content == "1")


def _of_type(described: Model, query: ContentsQuery) -> Model:
    """A notebook can be asked for as a file; else a thing is what it is. Invalid where another is asked for."""
    kind, asked = described["type"], query.type
    if asked in (None, kind):
        return described
    if asked == "file" and kind == "notebook":
        return described | {"type": "file", "mimetype": "application/x-ipynb+json"}
    raise Invalid(f"{described['path']!r} in the archive is a {kind}, not a {asked}", "bad_type")


def _described(file: Path, path: str) -> Model:
    """The model without its content."""
    stat = os.stat(file)
    kind = "directory" if file.is_dir() else "notebook" if path.endswith(".ipynb") else "file"
    return {
        "name": file.name if path else "",
        "path": path,
        "type": kind,
        "writable": False,
        "created": datetime.fromtimestamp(stat.st_ctime, timezone.utc),
        "last_modified": datetime.fromtimestamp(stat.st_mtime, timezone.utc),
        "size": None if kind == "directory" else stat.st_size,
        "mimetype": mimetypes.guess_type(path)[0] if kind == "file" else None,
        "format": None,
        "content": None,
    }


def _described_if_there(file: Path | None, path: str) -> Model | None:
    """None for a link, for what is neither file nor folder, and for what a notebook that runs has removed meanwhile."""
    try:
        return _described(file, path) if file is not None and (file.is_file() or file.is_dir()) else None
    except OSError:
        return None


def _empty_root(content: bool) -> Model:
    now = datetime.fromtimestamp(0, timezone.utc)
    shared = {"name": "", "path": "", "type": "directory", "writable": False, "created": now, "last_modified": now}
    filled = {"content": [], "format": "json"} if content else {"content": None, "format": None}
    return shared | {"size": None, "mimetype": None} | filled


def _folder(context: Context, folder: Path, path: str, described: Model) -> Model:
    try:
        found = os.listdir(folder)
    except OSError:  # a notebook may have left it so, or removed it meanwhile
        raise NotFound(f"the folder {path!r} in the archive cannot be read") from None
    names = sorted(name for name in found if not name.startswith(TEMPORARY) and is_text(name))
    paths = [f"{path}/{name}" if path else name for name in names]
    inside = [(inner, context.archive.file(inner)) for inner in paths]
    return described | {
        "content": [shown for inner, file in inside if (shown := _described_if_there(file, inner)) is not None],
        "format": "json",
    }
