"""The only place that makes paths in the archive (API.md, *Archive*)."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from ..domain import ids

SOURCES = "sources"
RUNS = "runs"


def source_path(version: str) -> str:
    """``sources/<sha256>.ipynb``, relative to the archive."""
    return f"{SOURCES}/{version}.ipynb"


def run_folder(run_id: str) -> str:
    """``runs/<YYYY>/<MM>/<DD>/<run id>``: the day (UTC) on which the run was made."""
    return f"{RUNS}/{ids.made_at(run_id):%Y/%m/%d}/{run_id}"


def output_path(run_id: str, attempt: int, notebook: str) -> str:
    """``runs/…/<run id>/<attempt>/<notebook name>.ipynb``"""
    return f"{run_folder(run_id)}/{attempt}/{PurePosixPath(notebook).name}"


class Archive:
    """The archive under ``root``; its public paths are relative and ``/``-separated."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def file(self, path: str) -> Path | None:
        """The file or folder of that public path; None where it is not one of the archive's own kinds of names.

        Links are never followed: nothing of ours is one, so one that is there was put there by somebody.
        """
        parts = path.strip("/").split("/") if path.strip("/") else []
        if any(part in ("", ".", "..") or "\0" in part or os.sep in part for part in parts):
            return None
        if parts and parts[0] not in (SOURCES, RUNS):
            return None
        found = self.root
        for part in parts:
            found = found / part
            try:
                if found.is_symlink():
                    return None
            except OSError:  # longer than any name can be
                return None
        return found
