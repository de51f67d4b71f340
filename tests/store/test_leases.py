from __future__ import annotations

import threading
from dataclasses import replace

from jupyter_notebook_sched.store import leases
from jupyter_notebook_sched.store.attempts import Owner
from jupyter_notebook_sched.store.connection import Store
from jupyter_notebook_sched.store.leases import Lease, WorkerFacts

from ..made import ME, NOON, OTHER, SECOND

MINE, THEIRS = ME.identity, OTHER.identity
FACTS = WorkerFacts("here", "running", 2, ("ir", "python3"), "/run/user/1/nbs", "1.0")


def test_it_gives_the_lease_to_the_first_who_comes(store: Store) -> None:
    with store.write() as db:
        assert leases.holder(db) is None
        assert leases.take(db, MINE, None, "1.0") == Lease(MINE, epoch=1, beat=0)
        assert leases.take(db, THEIRS, None, "1.0") is None
        assert leases.holder(db) == Lease(MINE, epoch=1, beat=0)


def test_it_counts_renewals_and_lets_only_the_owner_renew(store: Store) -> None:
    with store.write() as db:
        lease = leases.take(db, MINE, None, "1.0")
        assert lease is not None
        assert leases.renew(db, lease)
        assert not leases.renew(db, replace(lease, owner=THEIRS))
        assert not leases.renew(db, replace(lease, epoch=2))
        assert leases.holder(db) == Lease(MINE, epoch=1, beat=1)
        assert leases.holds(db, lease)


def test_it_gives_the_lease_to_another_only_if_it_stands_as_it_was_seen(store: Store) -> None:
    with store.write() as db:
        lease = leases.take(db, MINE, None, "1.0")
        assert lease is not None
        seen = leases.holder(db)
        leases.renew(db, lease)
        assert leases.take(db, THEIRS, seen, "1.0") is None
        taken = leases.take(db, THEIRS, leases.holder(db), "1.0")
        assert taken is not None
        assert leases.holder(db) == taken
        assert (taken.owner, taken.epoch) == (THEIRS, 2)
        assert not leases.renew(db, lease)
        assert not leases.holds(db, lease)
        assert leases.holds(db, taken)


def test_it_fences_an_owner_from_an_epoch_of_its_own_that_is_over(store: Store) -> None:
    """The lease went to somebody else and came back: what was read under the first one is stale."""
    with store.write() as db:
        first = leases.take(db, MINE, None, "1.0")
        leases.take(db, THEIRS, first, "1.0")
        third = leases.take(db, MINE, leases.holder(db), "1.0")
        assert first is not None
        assert third is not None
        assert third.epoch == 3
        assert not leases.holds(db, first)
        assert not leases.renew(db, first)


def test_it_lets_only_the_owner_give_the_lease_up(store: Store) -> None:
    with store.write() as db:
        leases.take(db, MINE, None, "1.0")
        leases.give_up(db, THEIRS)
        held = leases.holder(db)
        assert held is not None
        assert held.owner == MINE
        leases.give_up(db, MINE)
        free = leases.holder(db)
        assert free is not None
        assert free.owner is None
        assert leases.take(db, THEIRS, free, "1.0")
        again = leases.holder(db)
        assert again is not None
        assert (again.owner, again.epoch) == (THEIRS, 2), "an epoch never comes again"


def test_it_gives_a_stale_lease_to_one_of_many(store: Store) -> None:
    with store.write() as db:
        leases.take(db, MINE, None, "1.0")
        seen = leases.holder(db)
    won: list[str] = []

    def take(owner: str) -> None:
        with store.write() as db:
            if leases.take(db, owner, seen, "1.0"):
                won.append(owner)
        store.close()

    threads = [threading.Thread(target=take, args=[f"w{number}"]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1


def test_it_counts_the_heartbeats_of_each_worker(store: Store) -> None:
    with store.write() as db:
        mine = leases.register(db, MINE, FACTS, NOON)
        theirs = leases.register(db, THEIRS, replace(FACTS, host="there", capacity=4), NOON)
        draining = replace(FACTS, state="draining", capacity=3)
        assert leases.beat(db, mine, draining, NOON + SECOND)
        rows = {row.identity: row for row in leases.workers(db)}
        assert (rows[MINE].owner, rows[MINE].beat, rows[MINE].facts) == (mine, 1, draining)
        assert rows[MINE].heartbeat_at == NOON + SECOND
        assert (rows[THEIRS].beat, rows[THEIRS].facts.capacity) == (0, 4)
        leases.unregister(db, mine)
        assert [row.owner for row in leases.workers(db)] == [theirs]


def test_it_gives_every_registration_an_epoch_that_never_comes_again(store: Store) -> None:
    with store.write() as db:
        first = leases.register(db, MINE, FACTS, NOON)
        second = leases.register(db, MINE, FACTS, NOON)
        assert [row.owner for row in leases.workers(db)] == [second], "one row a worker"
        leases.unregister(db, second)
        third = leases.register(db, THEIRS, FACTS, NOON)
    assert first.epoch < second.epoch < third.epoch


def test_it_tells_a_worker_that_was_given_up(store: Store) -> None:
    with store.write() as db:
        first = leases.register(db, MINE, FACTS, NOON)
        leases.unregister(db, first)
        assert not leases.beat(db, first, FACTS, NOON)
        second = leases.register(db, MINE, FACTS, NOON)
        assert not leases.beat(db, first, FACTS, NOON), "the new registration is not the old one's"
        leases.unregister(db, first)
        assert leases.beat(db, second, FACTS, NOON)
        assert not leases.beat(db, Owner(THEIRS, second.epoch), FACTS, NOON)
