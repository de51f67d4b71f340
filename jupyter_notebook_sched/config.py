"""The settings that every process of one workspace shares; the server's traits and the worker's options end here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

STATE_DIR_NAME = ".notebook-sched"
OPTIONS = {
    "capacity": "runs at a time on this host; 0: one for each usable processor",
    "default_kernel": "the kernel for notebooks that name none",
    "keep_days": "days for which ended runs are kept; a job's last success and last failure stay",
    "keep_megabytes": "how large the archive of runs may grow before the oldest go",
    "disk_reserve_megabytes": "below so much free disk no run starts",
    "kernel_patience_seconds": "how long a run waits for a kernel that no host has before it fails",
    "lease_seconds": "how long a scheduler may be silent before another takes over what it holds; one value for all "
    "hosts of a workspace",
    "memory_mb": "megabytes that all processes of a run together may use, where its job does not say; 0: no limit",
    "cpu_seconds": "processor time that all processes of a run together may use, where its job does not say; 0: no "
    "limit",
    "nice": "by how much the processes of runs give way to others (nice(2))",
    "oom_score_adj": "how much sooner than others the processes of runs are ended when the system is out of memory "
    "(proc(5)); it is never lowered",
    "executor": "what carries runs out: local (processes of this host) or one that another package offers; one value "
    "for all hosts of a workspace",
    "fork_server": "auto: kernels for Python are forked from a warm process wherever that gives the same result; off",
    "fork_server_preload": "modules that forked kernels find loaded, separated by commas (numpy,pandas)",
    "fork_server_idle_seconds": "how long a fork server without kernels stays",
    "keep_kernel_seconds": "how long the kernel of a failed run is kept for whoever debugs it, where its job does "
    "not say; 0: not at all",
    "kept_kernels": "kernels of failed runs kept at a time on this host; the oldest go first",
    "kept_memory_percent": "how much of this host's memory kept kernels may use together",
    "network_filesystem": "whether other hosts may write into the state directory: auto (by its kind of file system) "
    "or yes",
}
"""What can be set, by the server's configuration (``c.NotebookSched.…``) and on the worker's command line."""
CHOICES = {"fork_server": ("auto", "off"), "network_filesystem": ("auto", "yes")}
SHORTEST_LEASE = 3


@dataclass(frozen=True)
class Settings:
    """``workspace``: the directory that notebook paths are relative to. ``state_dir``: where store and archive live.

    The others are explained in ``OPTIONS``.
    """

    workspace: Path
    state_dir: Path
    capacity: int = 0
    default_kernel: str = "python3"
    keep_days: int = 90
    keep_megabytes: int = 5 * 1024
    disk_reserve_megabytes: int = 100
    kernel_patience_seconds: int = 300
    lease_seconds: int = 30
    network_filesystem: str = "auto"
    memory_mb: int = 0
    cpu_seconds: int = 0
    nice: int = 0
    oom_score_adj: int = 500
    executor: str = "local"
    fork_server: str = "auto"
    fork_server_preload: str = ""
    fork_server_idle_seconds: int = 1800
    keep_kernel_seconds: int = 72 * 3600
    kept_kernels: int = 8
    kept_memory_percent: int = 25

    @classmethod
    def of_workspace(cls, workspace: Path, state_dir: Path | None = None, **others: int | str) -> Settings:
        return cls(workspace, state_dir or workspace / STATE_DIR_NAME, **others)  # type: ignore[arg-type]

    @property
    def disk_reserve(self) -> int:
        """Bytes."""
        return self.disk_reserve_megabytes * 1024**2

    @property
    def preload(self) -> tuple[str, ...]:
        return tuple(name.strip() for name in self.fork_server_preload.split(",") if name.strip())

    @property
    def keep_bytes(self) -> int:
        return self.keep_megabytes * 1024**2

    def as_arguments(self) -> list[str]:
        """The worker's command line for these settings."""
        paths = ["--workspace", str(self.workspace), "--state-dir", str(self.state_dir)]
        return paths + [f"--{name.replace('_', '-')}={getattr(self, name)}" for name in OPTIONS]
