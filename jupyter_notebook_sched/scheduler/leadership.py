"""Who schedules: one worker among all of a workspace, by a lease whose renewals others watch on their own clock."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from ..host.identity import Identity, lives
from ..store import leases
from ..store.connection import Store

log = logging.getLogger(__name__)
LEASE_SECONDS = 30.0
RENEW_SECONDS = 10.0


@dataclass
class Watch:
    """When a counter was last seen to move, on the observer's own clock (seconds that count sleep)."""

    seen: dict[str, tuple[int, float]] = field(default_factory=dict)

    def stands_still(self, name: str, beat: int, clock: float) -> bool:
        """Whether ``name`` has shown the same beat for a whole lease time."""
        last, since = self.seen.get(name, (None, clock))
        if last != beat:
            self.seen[name] = (beat, clock)
            return False
        return clock - since > LEASE_SECONDS


class Leadership:
    def __init__(self, store: Store, me: Identity, code_version: str) -> None:
        self.store = store
        self.me = me
        self.code_version = code_version
        self.leads = False
        self._watch = Watch()
        self._renewed = 0.0

    def take_or_renew(self, clock: float) -> bool:
        """Whether this worker schedules, at ``clock`` (CLOCK_BOOTTIME seconds); writes only when something is due."""
        if self.leads and clock - self._renewed < RENEW_SECONDS:
            return True
        with self.store.read() as db:
            held = leases.holder(db)
        if held is not None and held.owner == str(self.me):
            with self.store.write() as db:
                self.leads = leases.renew(db, str(self.me))
        elif held is None or self._is_free(held, clock):
            with self.store.write() as db:
                self.leads = leases.take(db, str(self.me), held, self.code_version)
        else:
            self.leads = False
        self._renewed = clock
        return self.leads

    def give_up(self) -> None:
        self.leads = False
        with self.store.write() as db:
            leases.give_up(db, str(self.me))

    def _is_free(self, held: leases.Lease, clock: float) -> bool:
        """It is nobody's, its owner is gone (seen where that can be seen), or has not renewed it for a lease time."""
        if held.owner is None:
            return True
        owner = Identity.parse(held.owner)
        if self.me.same_place(owner):
            return not lives(owner)
        return self._watch.stands_still(held.owner, held.beat, clock)
