"""Who schedules: one worker among all of a workspace, by a lease whose renewals others watch on their own clock."""

from __future__ import annotations

from collections.abc import Callable

from sqlite_utils import Database

from ..store import leases
from ..store.connection import Store
from ..store.leases import Lease

RENEW_SECONDS = 10.0
IsGone = Callable[[str, int, float], bool]
"""(identity, its beat, clock) → whether the holder of a lease is gone, as far as can be seen from here."""


class Leadership:
    def __init__(
        self, store: Store, me: str, code_version: str, is_gone: IsGone, renew_seconds: float = RENEW_SECONDS
    ) -> None:
        self.store = store
        self.me = me
        self.code_version = code_version
        self.is_gone = is_gone
        self.renew_seconds = renew_seconds
        self.lease: Lease | None = None
        self.is_new = False  # since it was taken, nobody has looked what may have changed before
        self._renewed = 0.0

    @property
    def leads(self) -> bool:
        return self.lease is not None

    def take_or_renew(self, clock: float) -> bool:
        """Whether this worker schedules, at ``clock`` (CLOCK_BOOTTIME seconds); writes only when something is due."""
        if self.lease is not None and clock - self._renewed < self.renew_seconds:
            return True
        with self.store.read() as db:
            held = leases.holder(db)
        if self.lease is not None:
            with self.store.write() as db:
                self.lease = self.lease if leases.renew(db, self.lease) else None
        elif held is None or held.owner in (None, self.me) or self.is_gone(held.owner or "", held.beat, clock):
            with self.store.write() as db:
                self.lease = leases.take(db, self.me, held, self.code_version)
            self.is_new = self.leads
        self._renewed = clock
        return self.leads

    def still_leads(self, db: Database) -> bool:
        """The fence, asked inside the transaction that it guards."""
        return self.lease is not None and leases.holds(db, self.lease)

    def lost(self) -> None:
        """Somebody else has the lease."""
        self.lease = None

    def give_up(self, db: Database) -> None:
        """In the transaction that tells why (a drain)."""
        leases.give_up(db, self.me)
        self.lease = None
