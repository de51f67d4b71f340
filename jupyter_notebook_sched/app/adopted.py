"""A kept kernel among a server's own, and the note that it leaves for the next server: beside the kernel's sockets, so
that it goes with them."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..host.identity import Identity, lives, own_identity
from ..host.kept_kernels import KeptKernel, KeptKernels
from ..host.kept_process import KeptProcess
from ..notebook.kept.provisioner import KeptProvisioner
from .left_kernels import NOTE

OF_SESSION = ("id", "path", "name", "type")


@dataclass
class Adopted:
    """``held_until`` (the loop's clock): for so long it is held, whether or not somebody is connected. ``sessions``: of
    its documents and consoles, as they were noted."""

    kept: KeptKernel
    manager: Any
    provisioner: KeptProvisioner
    held_until: float
    holds: bool = True
    sessions: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_kept(self) -> bool:
        """Whether it still is the kernel of the run: it may have been restarted, which begins a new one."""
        return self.provisioner.kept is not None

    def hold(self, still: bool) -> None:
        """Its time stands still, or goes on."""
        if self.provisioner.kept is not None and still != self.holds:
            self.provisioner.kept.hold(still)
            self.holds = still

    def note(self) -> None:
        """For the next server. A kernel that has just ended needs none."""
        note = {"server": str(own_identity()), "sessions": self.sessions}
        with suppress(OSError):
            fresh = self.kept.folder / f"{NOTE}.new"
            fresh.write_text(json.dumps(note))
            fresh.replace(self.kept.folder / NOTE)


@dataclass(frozen=True)
class Left:
    """A kernel that a server had adopted which does not live any more. ``folder``: of the kernel; ``sessions``: what
    was open on it there."""

    folder: Path
    sessions: list[dict[str, Any]]

    def connected(self, kernels: KeptKernels) -> tuple[KeptKernel, KeptProcess] | None:
        """It may take seconds. None where it has ended, or its supervisor does not answer."""
        kept = kernels.at(self.folder)
        return None if kept is None else (kept, kept.connect())


def left(kernels: KeptKernels) -> list[Left]:
    """By their notes: nobody is asked."""
    found = []
    for note_file in sorted(kernels.folder.glob(f"*/{NOTE}")):
        with suppress(OSError, ValueError, TypeError, KeyError):
            if note_file.parent.is_symlink():  # another name of the same
                continue
            note = json.loads(note_file.read_bytes())
            server = Identity.parse(note["server"])
            if not (server.same_place(own_identity()) and lives(server)):
                sessions = [{name: str(each[name]) for name in OF_SESSION} for each in note["sessions"]]
                found.append(Left(note_file.parent, sessions))
    return found
