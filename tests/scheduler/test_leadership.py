"""One worker among all schedules: by a lease whose renewals the others watch on their own clock."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_notebook_sched.host.identity import Identity, own_identity, start_time
from jupyter_notebook_sched.scheduler.leadership import LEASE_SECONDS, RENEW_SECONDS, Leadership
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


def test_it_leads_where_nobody_does_and_renews_only_when_it_is_time(store: Store) -> None:
    mine = Leadership(store, own_identity(), "1")
    assert mine.take_or_renew(100.0)
    assert beat(store) == 0
    assert mine.take_or_renew(100.0 + RENEW_SECONDS - 1)
    assert beat(store) == 0
    assert mine.take_or_renew(100.0 + RENEW_SECONDS)
    assert beat(store) == 1


def test_it_takes_over_at_once_from_one_whose_process_is_seen_to_be_dead(store: Store) -> None:
    dead = Leadership(store, replace(own_identity(), pid=4_000_000, started=1), "1")
    assert dead.take_or_renew(0.0)
    mine = Leadership(store, own_identity(), "1")
    assert mine.take_or_renew(0.1)
    assert not dead.take_or_renew(RENEW_SECONDS + 1)
    assert not dead.leads


def test_it_leaves_a_living_process_on_this_host_in_charge_however_still_it_stands(store: Store) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    started = start_time(child.pid)
    assert started is not None
    other = Leadership(store, replace(own_identity(), pid=child.pid, started=started), "1")
    assert other.take_or_renew(0.0)
    mine = Leadership(store, own_identity(), "1")
    assert not any(mine.take_or_renew(clock) for clock in (0.0, LEASE_SECONDS + 1, 10 * LEASE_SECONDS))
    child.kill()
    child.wait()
    assert mine.take_or_renew(11 * LEASE_SECONDS)


def test_it_takes_over_from_elsewhere_when_the_beat_has_stood_still_for_a_whole_lease(store: Store) -> None:
    far = Leadership(store, elsewhere(), "1")
    assert far.take_or_renew(5000.0)
    mine = Leadership(store, own_identity(), "1")
    assert not mine.take_or_renew(100.0)
    assert not mine.take_or_renew(100.0 + LEASE_SECONDS)
    assert far.take_or_renew(5000.0 + RENEW_SECONDS)
    assert not mine.take_or_renew(101.0 + LEASE_SECONDS), "it was renewed: the watch starts anew"
    assert not mine.take_or_renew(100.0 + 2 * LEASE_SECONDS)
    assert mine.take_or_renew(102.0 + 2 * LEASE_SECONDS)
    assert not far.take_or_renew(5000.0 + 10 * LEASE_SECONDS)


def test_it_lets_one_of_two_observers_take_over(store: Store) -> None:
    far = Leadership(store, elsewhere(1), "1")
    assert far.take_or_renew(0.0)
    mine, third = Leadership(store, own_identity(), "1"), Leadership(store, elsewhere(2), "1")
    assert not mine.take_or_renew(0.0)
    assert not third.take_or_renew(0.0)
    took = [mine.take_or_renew(LEASE_SECONDS + 1), third.take_or_renew(LEASE_SECONDS + 1)]
    assert took == [True, False]


def test_it_can_give_up_what_it_has_and_nothing_else(store: Store) -> None:
    mine, far = Leadership(store, own_identity(), "1"), Leadership(store, elsewhere(), "1")
    assert mine.take_or_renew(0.0)
    far.give_up()
    assert beat(store) == 0
    mine.give_up()
    assert not mine.leads
    assert far.take_or_renew(0.0)
