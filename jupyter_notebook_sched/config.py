"""The settings that every process of one workspace shares; the server's traits and the worker's options end here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

STATE_DIR_NAME = ".notebook-sched"


@dataclass(frozen=True)
class Settings:
    """``workspace``: the directory that notebook paths are relative to. ``state_dir``: where store and archive live.

    ``capacity``: runs at a time on this host; 0 means one for each processor that this process may use.
    """

    workspace: Path
    state_dir: Path
    capacity: int = 0
    default_kernel: str = "python3"

    @classmethod
    def of_workspace(cls, workspace: Path, state_dir: Path | None = None, **others: int | str) -> Settings:
        return cls(workspace, state_dir or workspace / STATE_DIR_NAME, **others)  # type: ignore[arg-type]
