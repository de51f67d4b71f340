"""Notebook paths: relative to the workspace, ``/``-separated, and contained (API.md, *Paths*)."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from .config import Settings
from .errors import Invalid, NotFound

LONGEST_PATH = 4096
LARGEST_NOTEBOOK = 512 * 1024 * 1024


@dataclass(frozen=True)
class NotebookFile:
    """A notebook's bytes, and when the file was last modified (UTC, to the microsecond)."""

    path: str
    raw: bytes
    last_modified: datetime


class Workspace:
    def __init__(self, settings: Settings) -> None:
        self.root = settings.workspace
        self.state_dir = settings.state_dir
        self._real_state_dir = os.path.realpath(settings.state_dir)

    def name(self, path: str) -> str:
        """The path as it is stored: no drive of real-time collaboration, no empty parts. Invalid where it leads out."""
        path = path.removeprefix("RTC:")
        if ":" in path.split("/")[0]:
            raise Invalid(f"{path!r} is on another drive; only notebooks in the workspace can be run", "bad_path")
        if not path or path.startswith("/") or len(path) > LONGEST_PATH or "\0" in path:
            raise Invalid("a notebook path is relative to the workspace and not empty", "bad_path")
        parts = [part for part in path.split("/") if part not in ("", ".")]
        if ".." in parts or not parts:
            raise Invalid("a notebook path stays inside the workspace: '..' is not allowed", "bad_path")
        if not parts[-1].endswith(".ipynb"):
            raise Invalid(f"{path!r} is not a notebook (.ipynb)", "not_a_notebook")
        if self._is_state(self.root.joinpath(*parts)):
            raise Invalid("notebooks inside the state directory are records; run the original instead", "bad_path")
        return "/".join(parts)

    def file(self, path: str) -> Path:
        """Where the notebook of that path is on disk, whether or not it exists."""
        return self.root / self.name(path)

    def folder(self, path: str) -> Path:
        """The notebook's own folder: where its runs start."""
        return self.file(path).parent

    def place(self, path: str) -> Path:
        """Where a file of that path, which we are to write, is on disk. Invalid where it leads out of the workspace,
        into the state directory, or where JupyterLab does not show it."""
        parts = path.split("/")
        if not path or len(path) > LONGEST_PATH or any(ord(character) < 32 for character in path):
            raise Invalid(f"{path[:100]!r} is no path of a file", "bad_path")
        if any(part in ("", "..") or part.startswith(".") for part in parts) or ":" in parts[0] or os.sep in parts[-1]:
            raise Invalid(f"{path[:100]!r} is not the path of a file in the workspace that can be seen", "bad_path")
        file = self.root.joinpath(*parts)
        if self._is_state(file):
            raise Invalid(f"{path[:100]!r} is in the state directory; choose a folder of your own", "bad_path")
        return file

    def unlinked(self, path: Path) -> Path:
        """A file or folder of the workspace, to be written. Invalid where a link leads there: those are followed for
        reading only."""
        parts = path.relative_to(self.root).parts
        for depth in range(1, len(parts) + 1):
            if self.root.joinpath(*parts[:depth]).is_symlink():
                name = "/".join(parts[:depth])
                raise Invalid(f"{name!r} is a link, and nothing is written through links", "is_a_link")
        return path

    def read(self, path: str) -> NotebookFile:
        """NotFound where there is no such file; Invalid where it cannot be read."""
        name = self.name(path)
        file = self.root / name
        try:
            with open(file, "rb", opener=_without_waiting) as opened:
                facts = os.fstat(opened.fileno())
                if not stat.S_ISREG(facts.st_mode):
                    raise Invalid(f"{name!r} is not a file", "notebook_unreadable")
                if facts.st_size > LARGEST_NOTEBOOK:
                    raise Invalid(
                        f"{name!r} is larger than {LARGEST_NOTEBOOK // 1024**2} MB; clear its outputs",
                        "notebook_too_large",
                    )
                raw = opened.read()
        except (FileNotFoundError, NotADirectoryError):
            raise NotFound(f"there is no notebook {name!r} in the workspace", "no_such_notebook") from None
        except OSError as error:
            raise Invalid(f"{name!r} cannot be read: {error.strerror}", "notebook_unreadable") from None
        return NotebookFile(name, raw, datetime.fromtimestamp(facts.st_mtime, timezone.utc))

    def _is_state(self, file: Path) -> bool:
        """Whether the file lies in the state directory, links followed."""
        return os.path.commonpath([os.path.realpath(file), self._real_state_dir]) == self._real_state_dir


def _without_waiting(path: str, flags: int) -> int:
    """Opens a pipe, too, whoever may ever write into it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
