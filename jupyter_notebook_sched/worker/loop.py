"""The worker's loop: tick, claim, renew, sleep until somebody wakes it. Only the loop sleeps."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from ..archive.layout import Archive
from ..config import Settings
from ..domain.times import from_text, utc_now
from ..errors import Unavailable
from ..executor.attempt import AttemptKeeper
from ..executor.claiming import Claims
from ..executor.local import LocalExecutor
from ..executor.rescuing import Rescuer
from ..host.capacity import places
from ..host.identity import Identity
from ..host.rendezvous import Rendezvous
from ..scheduler.leadership import Leadership
from ..scheduler.ticking import Scheduler
from ..store import attempts, jobs, leases, outbox
from ..store.connection import Store
from ..workspace import Workspace

log = logging.getLogger(__name__)
HEARTBEAT_SECONDS = 10.0
STOP_WITHOUT_RENEWAL_SECONDS = 20.0
POLL_SECONDS = {False: 1.0, True: 5.0}
TROUBLE_SECONDS = 1.0
EVENTS_KEPT = timedelta(hours=1)


def clock_with_sleep() -> float:
    """Seconds that go on while the machine sleeps, so that a laptop that slept does not trust its lease."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class Worker:
    """Everything of one worker once its workspace has a store."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        me: Identity,
        meeting: Rendezvous,
        version: str,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        archive, workspace = Archive(settings.state_dir / "archive"), Workspace(settings)
        self.store = store
        self.me = me
        self.meeting = meeting
        self.version = version
        self.clock = clock
        self.draining = False
        self.executor = LocalExecutor(meeting.directory)
        self.scheduler = Scheduler(store, archive, workspace, settings.default_kernel)
        self.leadership = Leadership(store, me, version)
        self.rescuer = Rescuer(me)
        self.keeper = AttemptKeeper(store, archive, workspace, str(me), clock, self.tell_servers)
        self.claims = Claims(store, self.executor, self.keeper, me.host, places(settings.capacity), clock)
        self._heartbeat: float | None = None

    def tell_servers(self) -> None:
        self.meeting.tell("server")

    def step(self, wake: Callable[[], None]) -> bool:
        """One round of everything that is due; True when more is waiting already."""
        clock = clock_with_sleep()
        self._beat(clock)
        more = False
        if self.draining:
            if self.leadership.leads:
                self.leadership.give_up()
        else:
            if self.leadership.take_or_renew(clock):
                more = self.scheduler.tick(self.clock())
                if self.rescuer.rescue(self.keeper, clock):
                    more = True
            self.claims.claim(wake)
        self.claims.cancel_where_asked()
        return more

    def seconds_to_sleep(self) -> float:
        """Until the next due time or the next run that becomes available, at most the polling interval."""
        longest = POLL_SECONDS[self.store.network]
        if self.draining:
            return longest
        with self.store.read() as db:
            due = jobs.next_due(db) if self.leadership.leads else None
            moments = [moment for moment in (due, self._next_available(db)) if moment is not None]
        if not moments:
            return longest
        return min(longest, max(0.0, (from_text(min(moments)) - self.clock()).total_seconds()))

    def leave(self) -> None:
        """Takes this worker out of the store."""
        with self.store.write() as db:
            leases.give_up(db, str(self.me))
            leases.unregister(db, str(self.me))

    def _next_available(self, db: object) -> str | None:
        if self.claims.busy >= self.claims.capacity:
            return None  # a place that becomes free wakes the loop
        moment = attempts.next_available(db)  # type: ignore[arg-type]
        # One whose time has come already waits for something else, which will wake the loop too.
        return moment if moment is not None and from_text(moment) > self.clock() else None

    def _beat(self, clock: float) -> None:
        if self._heartbeat is not None and clock - self._heartbeat < HEARTBEAT_SECONDS:
            return
        try:
            with self.store.write() as db:
                state = "draining" if self.draining else "running"
                leases.register(db, str(self.me), state, self.claims.capacity, self.version, self.clock())
                outbox.prune(db, self.clock() - EVENTS_KEPT)
            self._heartbeat = clock
        except Unavailable:
            if self._heartbeat is not None and clock - self._heartbeat > STOP_WITHOUT_RENEWAL_SECONDS:
                log.error(
                    "no heartbeat could be written for %s s: every attempt is stopped", STOP_WITHOUT_RENEWAL_SECONDS
                )
                self.claims.abandon()
            raise


async def run_until_drained(worker: Worker, wake: asyncio.Event) -> None:
    """Until it drains and nothing runs any more. A store that cannot be used now is tried again."""
    while not (worker.draining and worker.claims.busy == 0):
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
            try:
                await asyncio.wait_for(wake.wait(), sleep)
            except asyncio.TimeoutError:
                continue
        else:
            await asyncio.sleep(0)
