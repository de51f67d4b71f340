"""Runs whose worker is gone: finished from their whole final file where there is one, else lost, with a message."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import msgspec

from ..archive import writing
from ..archive.layout import output_path
from ..host.identity import Identity, lives
from ..notebook.document import RUN_METADATA
from ..store import attempts, leases
from ..store.attempts import Claimed
from .attempt import AttemptKeeper, cut_off
from .interface import Ended

log = logging.getLogger(__name__)
LEASE_SECONDS = 30.0


class Rescuer:
    """Looks after the runs of other workers. ``clock`` arguments are seconds that count sleep (CLOCK_BOOTTIME)."""

    def __init__(self, me: Identity) -> None:
        self.me = me
        self._seen: dict[str, tuple[int, float]] = {}

    def rescue(self, keeper: AttemptKeeper, clock: float) -> int:
        """Ends the runs of workers that are gone; returns how many."""
        with keeper.store.read() as db:
            owners = [owner for owner in attempts.owners(db) if owner != str(self.me)]
            beats = {worker.identity: worker.beat for worker in leases.workers(db)}
        rescued = 0
        for owner in owners:
            if self._is_gone(owner, beats.get(owner, -1), clock):
                rescued += self._rescue_runs_of(owner, keeper)
        return rescued

    def _is_gone(self, owner: str, beat: int, clock: float) -> bool:
        """Looking at the process counts in the same PID namespace only; elsewhere its beat must stand still."""
        other = Identity.parse(owner)
        if self.me.same_place(other):
            return not lives(other)
        last, since = self._seen.get(owner, (None, clock))
        if last != beat:
            self._seen[owner] = (beat, clock)
            return False
        return clock - since > LEASE_SECONDS

    def _rescue_runs_of(self, owner: str, keeper: AttemptKeeper) -> int:
        with keeper.store.read() as db:
            orphans = attempts.owned_by(db, owner)
        for claimed in orphans:
            log.warning("the worker of run %s is gone (%s)", claimed.run.id, owner)
            keeper.record(owner, claimed, self._how_it_ended(claimed, keeper))
        with keeper.store.write() as db:
            leases.unregister(db, owner)
        return len(orphans)

    def _how_it_ended(self, claimed: Claimed, keeper: AttemptKeeper) -> Ended:
        run = claimed.run
        path = Path(keeper.archive.root, output_path(run.id, run.attempt, run.notebook))
        with keeper.store.read() as db:
            cells = cut_off(attempts.last_cells(db, run.id), run.progress)
        lost = Ended("failed", "lost", "its worker vanished", cells=cells, progress=run.progress)
        return _sealed_ending(path) or lost


def _sealed_ending(path: Path) -> Ended | None:
    """What the whole final file says of its end; None where the attempt did not come that far."""
    try:
        if path.stat().st_mode & 0o777 != writing.READ_ONLY:
            return None
        facts = json.loads(path.read_bytes())["metadata"][RUN_METADATA]
        return msgspec.convert(facts | {"output_sha256": None, "type": "ended"}, Ended)
    except (OSError, ValueError, KeyError, msgspec.ValidationError):
        return None
