"""One worker among all schedules: by a lease whose renewals the others watch on their own clock."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_notebook_sched.host.identity import Identity, own_identity, start_time
from jupyter_notebook_sched.host.watching import BLINK_SECONDS, LEASE_SECONDS, Watch
from jupyter_notebook_sched.scheduler.leadership import RENEW_SECONDS, Leadership
from jupyter_notebook_sched.store import leases
from jupyter_notebook_sched.store.connection import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "state" / "store.db", network=False)


def beat(store: Store) -> int:
    with store.read() as db:
        held = leases.holder(db)
    assert held is not None
    return held.beat


def elsewhere(number: int = 1) -> Identity:
    return replace(own_identity(), host=f"host-{number}", boot_id="another", pid=number, started=number)


def leadership(store: Store, me: Identity | None = None) -> Leadership:
    identity = me or own_identity()
    return Leadership(store, str(identity), "1", Watch(identity).is_gone)


def test_it_leads_where_nobody_does_and_renews_only_when_it_is_time(store: Store) -> None:
    mine = leadership(store)
    assert mine.take_or_renew(100.0)
    assert beat(store) == 0
    assert mine.take_or_renew(100.0 + RENEW_SECONDS - 1)
    assert beat(store) == 0
    assert mine.take_or_renew(100.0 + RENEW_SECONDS)
    assert beat(store) == 1


def test_it_takes_over_at_once_from_one_whose_process_is_seen_to_be_dead(store: Store) -> None:
    dead = leadership(store, replace(own_identity(), pid=4_000_000, started=1))
    assert dead.take_or_renew(0.0)
    mine = leadership(store)
    assert mine.take_or_renew(0.1)
    assert not dead.take_or_renew(RENEW_SECONDS + 1)
    assert not dead.leads


def test_it_leaves_a_living_process_on_this_host_in_charge_however_still_it_stands(store: Store) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    started = start_time(child.pid)
    assert started is not None
    other = leadership(store, replace(own_identity(), pid=child.pid, started=started))
    assert other.take_or_renew(0.0)
    mine = leadership(store)
    assert not any(mine.take_or_renew(clock) for clock in (0.0, LEASE_SECONDS + 1, 10 * LEASE_SECONDS))
    child.kill()
    child.wait()
    assert mine.take_or_renew(11 * LEASE_SECONDS)


def looks(observer: Leadership, since: float, until: float) -> bool:
    """Looks every five seconds, as a worker does; whether it leads in the end."""
    return [observer.take_or_renew(clock) for clock in range(int(since), int(until) + 1, 5)][-1]


def test_it_takes_over_from_elsewhere_when_the_beat_has_stood_still_for_a_whole_lease(store: Store) -> None:
    far = leadership(store, elsewhere())
    assert far.take_or_renew(5000.0)
    mine = leadership(store)
    assert not looks(mine, 100, 100 + LEASE_SECONDS)
    assert far.take_or_renew(5000.0 + RENEW_SECONDS)
    assert not looks(mine, 101 + LEASE_SECONDS, 100 + 2 * LEASE_SECONDS), "it was renewed: the watch starts anew"
    assert mine.take_or_renew(102.0 + 2 * LEASE_SECONDS)
    assert mine.is_new
    assert not far.take_or_renew(5000.0 + 10 * LEASE_SECONDS)


def test_it_does_not_take_its_own_sleep_for_the_silence_of_another(store: Store) -> None:
    """A laptop that slept has seen nothing stand still."""
    far = leadership(store, elsewhere())
    assert far.take_or_renew(0.0)
    mine = leadership(store)
    assert not mine.take_or_renew(100.0)
    assert not mine.take_or_renew(100.0 + 100 * LEASE_SECONDS)
    assert not looks(mine, 105 + 100 * LEASE_SECONDS, 95 + 101 * LEASE_SECONDS)
    assert looks(mine, 100 + 101 * LEASE_SECONDS, 110 + 101 * LEASE_SECONDS)
    assert BLINK_SECONDS < LEASE_SECONDS


def test_it_lets_one_of_two_observers_take_over(store: Store) -> None:
    far = leadership(store, elsewhere(1))
    assert far.take_or_renew(0.0)
    mine, third = leadership(store), leadership(store, elsewhere(2))
    assert not looks(mine, 0, LEASE_SECONDS)
    assert not looks(third, 0, LEASE_SECONDS)
    took = [mine.take_or_renew(LEASE_SECONDS + 1), third.take_or_renew(LEASE_SECONDS + 1)]
    assert took == [True, False]


def test_it_can_give_up_what_it_has_and_nothing_else(store: Store) -> None:
    mine, far = leadership(store), leadership(store, elsewhere())
    assert mine.take_or_renew(0.0)
    with store.write() as db:
        far.give_up(db)
    assert beat(store) == 0
    with store.write() as db:
        mine.give_up(db)
    assert not mine.leads
    assert far.take_or_renew(0.0)


def test_it_is_fenced_from_the_moment_at_which_another_has_taken_over(store: Store) -> None:
    """Between two renewals it believes that it leads; inside each transaction it learns that it does not."""
    dead = leadership(store, replace(own_identity(), pid=4_000_000, started=1))
    mine = leadership(store)
    assert dead.take_or_renew(0.0)
    with store.write() as db:
        assert dead.still_leads(db)
    assert mine.take_or_renew(0.1)
    assert dead.take_or_renew(1.0), "it has not looked"
    with store.write() as db:
        assert not dead.still_leads(db)
        assert mine.still_leads(db)
    dead.lost()
    assert not dead.leads
    with store.read() as db:
        assert not dead.still_leads(db)


def test_it_takes_over_from_an_owner_that_nobody_can_read(store: Store) -> None:
    with store.write() as db:
        leases.take(db, "edited by hand", None, "1")
    assert leadership(store).take_or_renew(0.0)
