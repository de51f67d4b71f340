"""Runs whose worker is gone: gone on with where attempts outlive their worker; else finished from their whole final
file where there is one, else lost, with a message."""

from __future__ import annotations

import logging
from collections.abc import Callable

from ..errors import Unavailable
from ..host.identity import Identity
from ..host.watching import Watch
from ..store import attempts, leases
from ..store.attempts import Claimed, Owner
from .attempt import AttemptKeeper
from .interface import Ended

log = logging.getLogger(__name__)


class Rescuer:
    """Looks after the runs of other workers, and of registrations that are over. ``carry_on`` gets each that was taken
    over; None where attempts end with their worker."""

    def __init__(self, watch: Watch, carry_on: Callable[[Claimed], None] | None = None) -> None:
        self.watch = watch
        self.carry_on = carry_on

    def rescue(self, me: Owner, keeper: AttemptKeeper, clock: float) -> int:
        """Ends or takes over the runs of workers that are gone; returns how many ended. ``clock``: seconds that count
        sleep."""
        with keeper.store.read() as db:
            owners = [owner for owner in attempts.owners(db) if owner != me]
            workers = leases.workers(db)
        beats = {worker.owner: worker.beat for worker in workers}
        registered = {worker.identity for worker in workers}
        rescued = 0
        for owner in owners:
            is_over = owner not in beats and owner.identity in registered
            if is_over or self.watch.is_gone(owner.identity, beats.get(owner, -1), clock):
                rescued += self._rescue_runs_of(owner, beats.get(owner), me, keeper)
        return rescued + self._forget_gone(me, workers, keeper, clock)

    def _forget_gone(self, me: Owner, workers: list[leases.WorkerRow], keeper: AttemptKeeper, clock: float) -> int:
        """Workers without runs that are gone take their rows along."""
        gone = [row for row in workers if row.owner != me and self.watch.is_gone(row.identity, row.beat, clock)]
        for row in gone:
            with keeper.store.write() as db:
                leases.unregister(db, row.owner, row.beat)
        return 0

    def _rescue_runs_of(self, owner: Owner, beat: int | None, me: Owner, keeper: AttemptKeeper) -> int:
        with keeper.store.write() as db:
            # From here on it knows, should it wake up, that it was given up.
            if not leases.unregister(db, owner, beat):
                return 0
        with keeper.store.read() as db:
            orphans = attempts.held_by(db, owner)
        log.warning("the worker of %s runs is gone (%s)", len(orphans), owner.identity)
        if self.carry_on is None:
            return sum(self._put_away(claimed, keeper) for claimed in orphans)
        host = Identity.parse(me.identity).host
        with keeper.store.write() as db:
            taken = [attempts.take_over(db, claimed, me, host) for claimed in orphans]
        for claimed in taken:
            if claimed is not None:
                self.carry_on(claimed)
        return 0

    def _put_away(self, claimed: Claimed, keeper: AttemptKeeper) -> bool:
        """One that cannot be put away, now or ever, keeps nobody from the others."""
        for ending in (_as_it_left_it, _as_unreadable):
            try:
                return keeper.record(claimed, ending(claimed, keeper))
            except Unavailable:
                raise
            except OSError as error:
                log.warning("run %s cannot be put away now: %s", claimed.run.id, error)
                return False
            except Exception:
                log.exception("run %s, whose worker vanished, cannot be put away", claimed.run.id)
        return False


def _as_it_left_it(claimed: Claimed, keeper: AttemptKeeper) -> Ended:
    return keeper.how_it_ended(claimed, "its worker vanished")


def _as_unreadable(claimed: Claimed, keeper: AttemptKeeper) -> Ended:
    return Ended("failed", "lost", "its worker vanished, and what it left cannot be read")
