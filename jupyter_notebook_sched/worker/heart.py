"""The worker's heartbeat: it renews all that this worker holds, and notices when that is somebody else's by now."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlite_utils import Database

from ..host.identity import Identity
from ..scheduler.leadership import Leadership
from ..store import leases, migrations, outbox
from ..store.attempts import Owner
from ..store.connection import Store
from ..store.leases import WorkerFacts
from .place import HostPlace

BEATS_A_LEASE = 3
OVERDUE = 2 / 3  # of a lease: what this worker holds is stopped before anybody else may take it
EVENTS_KEPT = timedelta(hours=1)


class Heart:
    """``owner`` is this worker's registration; its epoch is in everything that it claims."""

    def __init__(
        self, store: Store, me: Identity, place: HostPlace, meeting_place: str, version: str, leadership: Leadership
    ) -> None:
        self.store = store
        self.me = me
        self.place = place
        self.meeting_place = meeting_place
        self.version = version
        self.leadership = leadership
        self._lease_seconds = place.settings.lease_seconds
        self.owner: Owner | None = None
        self._told: WorkerFacts | None = None
        self._last = 0.0

    def beat(self, clock: float, draining: bool, now: datetime) -> bool:
        """Writes where it is time, or where there is something new to tell; False where this worker was given up."""
        if self.owner is None:
            self.begin(clock, draining, now)
            return True
        facts = self._facts(draining)
        if facts == self._told and clock - self._last < self._lease_seconds / BEATS_A_LEASE:
            return True
        with self.store.write() as db:
            migrations.is_current(db)
            alive = leases.beat(db, self.owner, facts, now)
            if alive:
                self._tell_all(db, draining, now)
        self._told, self._last = facts, clock
        return alive

    def begin(self, clock: float, draining: bool, now: datetime) -> None:
        """A new registration: what an earlier one held is somebody else's."""
        facts = self._facts(draining)
        with self.store.write() as db:
            self.owner = leases.register(db, str(self.me), facts, now)
            self._tell_all(db, draining, now)
        self._told, self._last = facts, clock

    @property
    def renewed_at(self) -> float:
        """When it last renewed what this worker holds, on the clock that counts sleep."""
        return self._last

    def is_overdue(self, clock: float) -> bool:
        """Whether others may soon take what this worker holds."""
        return self.owner is not None and clock - self._last > self._lease_seconds * OVERDUE

    def stop(self) -> None:
        with self.store.write() as db:
            self.leadership.give_up(db)
            if self.owner is not None:
                leases.unregister(db, self.owner)

    def _tell_all(self, db: Database, draining: bool, now: datetime) -> None:
        if draining:
            self.leadership.give_up(db)
        outbox.prune(db, now - EVENTS_KEPT)

    def _facts(self, draining: bool) -> WorkerFacts:
        return WorkerFacts(
            host=self.me.host,
            state="draining" if draining else "running",
            capacity=self.place.capacity,
            kernels=tuple(sorted(self.place.kernels())),
            meeting_place=self.meeting_place,
            code_version=self.version,
        )
