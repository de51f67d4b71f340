"""The worker's loop: beat, schedule, claim, sleep until somebody wakes it. Only the loop sleeps."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from ..archive.layout import Archive
from ..config import Settings
from ..domain.run import Terms
from ..domain.times import from_text, utc_now
from ..errors import Unavailable
from ..executor.attempt import AttemptKeeper
from ..executor.claiming import Claims
from ..executor.interface import Executor
from ..executor.rescuing import Rescuer
from ..host.clock import clock_with_sleep
from ..host.identity import Identity
from ..host.rendezvous import Rendezvous
from ..host.waking import woken
from ..host.watching import Watch
from ..scheduler.leadership import Leadership
from ..scheduler.ticking import Deposed, Scheduler
from ..scheduler.zone_rules import follow_zone_rules
from ..service.delivering import Delivering
from ..store import claims, jobs
from ..store.attempts import Claimed
from ..store.connection import Store
from ..workspace import Workspace
from .delivering import Deliveries
from .heart import BEATS_A_LEASE, OVERDUE, Heart
from .keeping import Keeping
from .place import HostPlace
from .upkeep import Upkeep

log = logging.getLogger(__name__)
POLL_SECONDS = {False: 1.0, True: 5.0}
TROUBLE_SECONDS = 1.0
LONGEST_STRETCH_SECONDS = 2.0


class Worker:
    """Everything of one worker once its workspace has a store."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        me: Identity,
        meeting: Rendezvous,
        version: str,
        executor: Executor,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        archive, workspace = Archive(settings.state_dir / "archive"), Workspace(settings)
        self.store = store
        self.meeting = meeting
        self.clock = clock
        self.draining = False
        self._claimed_at = float("-inf")
        self.lease_seconds = settings.lease_seconds
        self.place = HostPlace(settings, me.host)
        self.leadership = Leadership(
            store, str(me), version, self._watch(me).is_gone, settings.lease_seconds / BEATS_A_LEASE
        )
        self.heart = Heart(store, me, self.place, str(meeting.directory), version, self.leadership)
        self.executor = executor
        self.keeping = Keeping(settings, store, meeting.directory, me.host, clock, self.tell_servers)
        self.scheduler = Scheduler(store, archive, workspace, settings.default_kernel, self.leadership.still_leads)
        self.rescuer = Rescuer(self._watch(me), self._carry_on if executor.outlives_worker else None)
        self.keeper = AttemptKeeper(
            store,
            archive,
            workspace,
            clock,
            self.tell_servers,
            lambda: self.heart.renewed_at,
            OVERDUE * settings.lease_seconds,
            _terms(settings),
            settings.keep_kernel_seconds,
            self.keeping.end,
        )
        self.claims = Claims(store, self.executor, self.keeper, self.place.now, clock)
        self.upkeep = Upkeep(settings, store, archive, clock)
        self.deliveries = Deliveries(Delivering(store, archive, workspace, clock, self.tell_servers), me.host)

    def _watch(self, me: Identity) -> Watch:
        return Watch(me, lease_seconds=self.lease_seconds)

    def tell_servers(self) -> None:
        self.meeting.tell("server")

    def step(self, wake: Callable[[], None]) -> bool:
        """One round of everything that is due; True when more is waiting already. ``wake``: when there is again."""
        self._wake = wake
        clock = clock_with_sleep()
        self._beat(clock)
        owner = self.heart.owner
        assert owner is not None
        more = False
        if not self.draining:
            if self.leadership.take_or_renew(clock):
                more = self._lead_apart(clock)
            if not more or clock - self._claimed_at > LONGEST_STRETCH_SECONDS:  # due times come before new runs
                self.claims.claim(owner, wake)
                self._claimed_at = clock
            self._look_after_kernels(clock)
        self.claims.cancel_where_asked(owner)
        self.deliveries.start_where_due(clock, self.leadership.leads)
        return more

    def seconds_to_sleep(self) -> float:
        """Until the next due time or the next run that becomes available, at most the polling interval."""
        longest = min(POLL_SECONDS[self.store.network], self.lease_seconds / (2 * BEATS_A_LEASE))
        if self.draining:
            return longest
        with self.store.read() as db:
            moments = [self._next_available(claims.next_available(db))]
            if self.leadership.leads:
                moments += [jobs.next_due(db), jobs.next_resumption(db)]
        known = [moment for moment in moments if moment is not None]
        if not known:
            return longest
        return min(longest, max(0.0, (from_text(min(known)) - self.clock()).total_seconds()))

    @property
    def is_done(self) -> bool:
        """Whether it drains and nothing is left that it has begun."""
        return self.draining and self.claims.busy == 0 and not self.deliveries.are_left()

    def leave(self) -> None:
        """Takes this worker out of the store."""
        self.heart.stop()

    def _carry_on(self, claimed: Claimed) -> None:
        self.claims.carry_on(claimed, self._wake)

    def _lead_apart(self, clock: float) -> bool:
        """A fault in scheduling must not keep runs from being claimed and cancelled."""
        try:
            return self._lead(clock)
        except (Unavailable, OSError):
            raise
        except Exception:
            log.exception("a fault of Notebook Sched itself")
            return False

    def _lead(self, clock: float) -> bool:
        now = self.clock()
        assert self.heart.owner is not None
        try:
            if self.leadership.is_new:
                follow_zone_rules(self.store, now)
                self.leadership.is_new = False
            rescued = self.rescuer.rescue(self.heart.owner, self.keeper, clock)
            more = self.scheduler.tick(now)
        except Deposed:
            self.leadership.lost()
            return True
        self.upkeep.start_where_due(clock)
        if more or rescued:
            self.tell_servers()
        return more or rescued > 0

    def _look_after_kernels(self, clock: float) -> None:
        if self.keeper.kept_one:
            self.keeper.kept_one = False
            self.keeping.look_soon(clock)
        self.keeping.start_where_due(clock)
        if self.keeping.has_any and self.claims.waits_for_memory():
            self.keeping.make_room(clock)

    def _next_available(self, moment: str | None) -> str | None:
        # One whose time has come already waits for something else, which will wake the loop too.
        return moment if moment is not None and from_text(moment) > self.clock() else None

    def _beat(self, clock: float) -> None:
        try:
            alive = self.heart.beat(clock, self.draining, self.clock())
        except Unavailable as error:
            if self.heart.is_overdue(clock) or error.reason in ("newer_store", "damaged"):
                log.error("this worker cannot renew what it holds: every attempt is stopped")
                self.claims.abandon()
            self.draining = self.draining or error.reason == "newer_store"
            raise
        if not alive:
            log.error("this worker was given up: every attempt is stopped, and nothing of it is written")
            self.claims.let_go()
            self.heart.begin(clock, self.draining, self.clock())
        elif self.heart.renewed_at == clock:
            self.executor.renewed(clock)


async def run_until_drained(worker: Worker, wake: asyncio.Event) -> None:
    """Until it drains and nothing runs any more. A store that cannot be used now is tried again."""
    while not worker.is_done:
        wake.clear()
        try:
            more = worker.step(wake.set)
            sleep = 0.0 if more else worker.seconds_to_sleep()
        except Unavailable as error:
            log.warning("%s", error)
            sleep = TROUBLE_SECONDS
        except Exception:  # whatever it is, the runs that go on must not end with it
            log.exception("a fault of Notebook Sched itself")
            sleep = TROUBLE_SECONDS
        if sleep:
            await woken(wake, sleep)
        else:
            await asyncio.sleep(0)


def _terms(settings: Settings) -> Terms:
    """0 is no limit."""
    nice, score = min(max(settings.nice, 0), 19), min(max(settings.oom_score_adj, 0), 1000)
    return Terms(settings.memory_mb or None, settings.cpu_seconds or None, nice, score)
