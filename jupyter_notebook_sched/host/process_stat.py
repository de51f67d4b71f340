"""What Linux tells of a process in /proc/PID/stat (proc(5)); elsewhere there is nobody to be seen."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class ProcessStat(NamedTuple):
    """``state``: one letter. Times in clock ticks: ``own``, and ``ended`` of children that were waited for;
    ``started`` since boot. ``pages`` that are resident."""

    pid: int
    name: str
    state: str
    parent: int
    own: int
    ended: int
    started: int
    pages: int

    @property
    def is_over(self) -> bool:
        """It has ended, whether somebody has waited for it or not."""
        return self.state in "ZX"


def stat_of(pid: int) -> ProcessStat | None:
    """None where there is no such process."""
    try:
        # Names are any bytes, cut at the fifteenth: never assume that they are text.
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return None
    name, _, rest = text.partition("(")[2].rpartition(")")
    fields = rest.split()
    own, ended = int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])
    return ProcessStat(pid, name, fields[0], int(fields[1]), own, ended, int(fields[19]), int(fields[21]))


def newest_pid() -> int:
    """The pid given last in this PID namespace (proc(5), /proc/loadavg): who is younger than an earlier answer has a
    pid between the two, but where the numbers began anew. 0 where it is not told."""
    try:
        return int(Path("/proc/loadavg").read_text().split()[-1])
    except (OSError, ValueError, IndexError):
        return 0


def everybody() -> Iterator[ProcessStat]:
    """All processes that there are."""
    if sys.platform == "linux":
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and (stat := stat_of(int(entry.name))) is not None:
                yield stat
