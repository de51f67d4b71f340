"""What every use case needs: the workspace's rooms, the kernels, the clock, and a way to wake the worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlite_utils import Database

from ..archive.layout import Archive
from ..config import Settings
from ..domain.times import utc_now
from ..errors import FieldError, Invalid
from ..host.filesystem import is_shared
from ..host.identity import own_identity
from ..host.rendezvous import Rendezvous
from ..host.watching import looking_out
from ..store import leases
from ..store.connection import Store
from ..workspace import Workspace


class Kernels(Protocol):
    """The kernels of this host."""

    def languages(self) -> dict[str, str]:
        """Kernelspec name → language in lower case."""
        ...


@dataclass
class Context:
    """All of one workspace. Made once a process; its parts are safe to use from several threads."""

    settings: Settings
    kernels: Kernels
    clock: Callable[[], datetime] = utc_now
    store: Store = field(init=False)
    archive: Archive = field(init=False)
    workspace: Workspace = field(init=False)
    meeting: Rendezvous = field(init=False)

    def __post_init__(self) -> None:
        settings = self.settings
        network = is_shared(settings.state_dir, settings.network_filesystem)
        self.store = Store(settings.state_dir / "store.db", network, looking_out(settings.lease_seconds))
        self.archive = Archive(self.settings.state_dir / "archive")
        self.workspace = Workspace(self.settings)
        self.meeting = Rendezvous(self.settings.state_dir)

    @property
    def host(self) -> str:
        """The name under which this host's workers are known."""
        return own_identity().host

    def committed(self) -> None:
        """Wakes the worker, which may have something to do, and the servers, which have something to tell."""
        self.meeting.tell("worker")
        self.meeting.tell("server")

    def known_kernel(self, asked: str | None, named: str | None) -> str:
        """The kernel to run on: the one asked for, else the one that the notebook names, else the default.

        Invalid where no host of the workspace has it.
        """
        kernel = asked or named or self.settings.default_kernel
        if kernel in (here := self.kernels.languages()):
            return kernel
        with self.store.read() as db:
            elsewhere = self.kernels_of_workers(db)
        if kernel in elsewhere:
            return kernel
        known = ", ".join(sorted(elsewhere.union(here))) or "none"
        whose = "" if asked else "the notebook's kernel "
        message = f"{whose}{kernel!r} is installed on no host of this workspace (installed: {known})"
        raise Invalid.fields([FieldError("kernel", message)], "no_such_kernel")

    def kernels_of_workers(self, db: Database) -> frozenset[str]:
        """The kernels of every host that runs notebooks of this workspace now."""
        working = leases.working_now(db, self.clock(), self.settings.lease_seconds)
        return frozenset(name for row in working for name in row.facts.kernels)

    def language_of(self, kernel: str | None) -> str | None:
        return self.kernels.languages().get(kernel or "")
