"""The heartbeat: renews in time, tells what is new at once, and notices when it was given up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from jupyter_notebook_sched.errors import Unavailable
from jupyter_notebook_sched.host.identity import own_identity
from jupyter_notebook_sched.scheduler.leadership import Leadership
from jupyter_notebook_sched.store import leases, outbox
from jupyter_notebook_sched.store.leases import WorkerRow
from jupyter_notebook_sched.worker.heart import Heart
from jupyter_notebook_sched.worker.place import HostPlace

from ..house import House
from ..made import NOON, SECOND, running

ME = replace(own_identity(), host="here")
LEASE = 30.0


def heart(house: House, lease_seconds: int = 30) -> Heart:
    house.context.store.make()
    settings = replace(house.settings, lease_seconds=lease_seconds)
    leadership = Leadership(house.context.store, str(ME), "1", lambda *_: False, lease_seconds / 3)
    place = HostPlace(settings, "here")
    return Heart(house.context.store, ME, place, "/run/meeting", "1", leadership)


def rows(house: House) -> list[WorkerRow]:
    with house.context.store.read() as db:
        return leases.workers(db)


def test_it_tells_who_and_where_it_is(house: House) -> None:
    beating = heart(house)
    assert beating.beat(100.0, False, NOON)
    (row,) = rows(house)
    assert (row.identity, row.beat, row.heartbeat_at) == (str(ME), 0, NOON)
    facts = row.facts
    assert (facts.host, facts.state, facts.capacity, facts.meeting_place) == ("here", "running", 2, "/run/meeting")
    assert "python3" in facts.kernels


@pytest.mark.parametrize("lease_seconds", [30, 3])
def test_it_beats_three_times_a_lease_and_writes_nothing_between(house: House, lease_seconds: int) -> None:
    beating, every = heart(house, lease_seconds), lease_seconds / 3
    beating.beat(100.0, False, NOON)
    assert beating.beat(100.0 + every - 0.01, False, NOON + SECOND)
    assert rows(house)[0].beat == 0
    assert beating.beat(100.0 + every, False, NOON + SECOND)
    (row,) = rows(house)
    assert (row.beat, row.heartbeat_at) == (1, NOON + SECOND)


def test_it_tells_at_once_that_it_drains_and_gives_up_the_lead(house: House) -> None:
    beating = heart(house)
    beating.beat(100.0, False, NOON)
    assert beating.leadership.take_or_renew(100.0)
    assert beating.beat(100.1, True, NOON)
    assert rows(house)[0].facts.state == "draining"
    assert not beating.leadership.leads
    with house.context.store.read() as db:
        held = leases.holder(db)
    assert held is not None
    assert held.owner is None, "another may take it at once"
    assert beating.beat(100.2, False, NOON), "the drain was called off"
    assert rows(house)[0].facts.state == "running"


def test_it_tells_at_once_of_a_kernel_that_came(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    beating = heart(house)
    beating.beat(100.0, False, NOON)
    monkeypatch.setattr(beating.place, "kernels", lambda: frozenset({"python3", "new"}))
    beating.beat(100.1, False, NOON)
    assert rows(house)[0].facts.kernels == ("new", "python3")


def given_up(house: House, beating: Heart) -> None:
    assert beating.owner is not None
    with house.context.store.write() as db:
        leases.unregister(db, beating.owner)


def taken_over(house: House, beating: Heart) -> None:
    """A process of the very same identity registered again: the first one's epoch is over."""
    facts = rows(house)[0].facts
    with house.context.store.write() as db:
        leases.register(db, str(ME), facts, NOON)


@pytest.mark.parametrize("loses", [given_up, taken_over])
def test_it_notices_that_it_was_given_up(house: House, loses: Callable[[House, Heart], None]) -> None:
    beating = heart(house)
    beating.beat(100.0, False, NOON)
    old = beating.owner
    loses(house, beating)
    assert beating.beat(105.0, False, NOON), "it has not looked yet"
    assert not beating.beat(110.0, False, NOON)
    beating.begin(110.0, False, NOON)
    assert beating.owner != old, "what it held is somebody else's"
    assert beating.beat(121.0, False, NOON)
    assert len(rows(house)) == 1


def test_it_is_overdue_after_two_thirds_of_a_lease_of_a_clock_that_counts_sleep(house: House) -> None:
    beating = heart(house)
    assert not beating.is_overdue(10**9), "it holds nothing yet"
    beating.beat(100.0, False, NOON)
    assert not beating.is_overdue(100.0 + LEASE * 2 / 3)
    assert beating.is_overdue(100.1 + LEASE * 2 / 3)
    beating.beat(8 * 3600.0, False, NOON)
    assert not beating.is_overdue(8 * 3600.0 + 1)


def test_it_is_not_misled_by_a_wall_clock_that_jumps(house: House) -> None:
    beating = heart(house)
    beating.beat(100.0, False, NOON)
    for number, jump in enumerate((timedelta(days=400), timedelta(days=-400), timedelta())):
        assert beating.beat(100.0 + 11 * (number + 1), False, NOON + jump)
        assert rows(house)[0].beat == number + 1


def test_it_says_that_the_store_is_newer_than_itself(house: House) -> None:
    beating = heart(house)
    beating.beat(100.0, False, NOON)
    with house.context.store.write() as db:
        db.execute("insert into _sqlite_migrations (migration_set, name) values ('notebook_sched', 'm999_later')")
    with pytest.raises(Unavailable) as refused:
        beating.beat(200.0, False, NOON)
    assert refused.value.reason == "newer_store"
    assert rows(house)[0].beat == 0


def test_it_lets_old_events_go(house: House) -> None:
    beating = heart(house)
    beating.beat(100.0, False, NOON)
    running(house.context.store, now=NOON)
    beating.beat(200.0, False, NOON + timedelta(minutes=59))
    with house.context.store.read() as db:
        assert outbox.after(db, 0)
    beating.beat(300.0, False, NOON + timedelta(minutes=61))
    with house.context.store.read() as db:
        assert outbox.after(db, 0) == []


def test_it_takes_its_row_along(house: House) -> None:
    beating = heart(house)
    beating.beat(100.0, False, NOON)
    beating.leadership.take_or_renew(100.0)
    beating.stop()
    assert rows(house) == []
    with house.context.store.read() as db:
        held = leases.holder(db)
    assert held is not None
    assert held.owner is None
