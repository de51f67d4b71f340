"""The archive as a read-only drive, in the shape of Jupyter's Contents API."""

from __future__ import annotations

import hashlib
import json
import mimetypes
import os
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ..archive.run_files import is_text
from ..archive.writing import TEMPORARY
from ..errors import Invalid, NotFound
from ..store import attempts
from .context import Context

Model = dict[str, Any]


def model(context: Context, path: str, content: bool) -> Model:
    """The contents model of a file or folder of the archive; ``content`` fills it in."""
    path = path.strip("/")
    file = context.archive.file(path)
    if file is not None and not path and not file.exists():
        return _empty_root(content)
    if file is None or not (file.is_file() or file.is_dir()):
        raise NotFound(f"there is no {path!r} in the archive")
    if file.is_dir():
        return _folder(context, file, path, content)
    return _notebook(context, file, path) if content and path.endswith(".ipynb") else _described(file, path)


def file_bytes(context: Context, path: str) -> bytes:
    """The bytes of an archived file."""
    file = context.archive.file(path)
    if file is None or not file.is_file():
        raise NotFound(f"there is no file {path!r} in the archive")
    try:
        return file.read_bytes()
    except PermissionError:  # a notebook may have left it so
        raise NotFound(f"the file {path!r} in the archive cannot be read") from None


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
    """None for a link, and for what a notebook that runs has removed meanwhile."""
    try:
        return None if file is None else _described(file, path)
    except FileNotFoundError:
        return None


def _empty_root(content: bool) -> Model:
    now = datetime.fromtimestamp(0, timezone.utc)
    shared = {"name": "", "path": "", "type": "directory", "writable": False, "created": now, "last_modified": now}
    filled = {"content": [], "format": "json"} if content else {"content": None, "format": None}
    return shared | {"size": None, "mimetype": None} | filled


def _folder(context: Context, folder: Path, path: str, content: bool) -> Model:
    described = _described(folder, path)
    if not content:
        return described
    names = sorted(name for name in os.listdir(folder) if not name.startswith(TEMPORARY) and is_text(name))
    paths = [f"{path}/{name}" if path else name for name in names]
    inside = [(inner, context.archive.file(inner)) for inner in paths]
    return described | {
        "content": [shown for inner, file in inside if (shown := _described_if_there(file, inner)) is not None],
        "format": "json",
    }


def _notebook(context: Context, file: Path, path: str) -> Model:
    """Cells are trusted (their scripts may be shown) only where the file is, bit for bit, what the run recorded."""
    raw = file.read_bytes()
    try:
        notebook = json.loads(raw)
        cells = notebook["cells"]
    except (ValueError, KeyError, TypeError):
        raise Invalid(f"{path!r} in the archive is damaged", "notebook_unreadable") from None
    with context.store.read() as db:
        trusted = attempts.recorded_sha256(db, path) == hashlib.sha256(raw).hexdigest()
    for cell in cells:
        metadata = cell.setdefault("metadata", {})
        metadata["editable"] = False
        if cell["cell_type"] == "code":
            metadata["trusted"] = trusted
    return _described(file, path) | {"content": notebook, "format": "json"}
