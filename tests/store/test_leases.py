from __future__ import annotations

import threading

from jupyter_notebook_sched.store import leases
from jupyter_notebook_sched.store.connection import Store
from jupyter_notebook_sched.store.leases import Lease

from ..made import ME, NOON, OTHER, SECOND


def test_it_gives_the_lease_to_the_first_who_comes(store: Store) -> None:
    with store.write() as db:
        assert leases.holder(db) is None
        assert leases.take(db, ME, None, "1.0")
        assert not leases.take(db, OTHER, None, "1.0")
        assert leases.holder(db) == Lease(ME, epoch=1, beat=0)


def test_it_counts_renewals_and_lets_only_the_owner_renew(store: Store) -> None:
    with store.write() as db:
        leases.take(db, ME, None, "1.0")
        assert leases.renew(db, ME)
        assert not leases.renew(db, OTHER)
        assert leases.holder(db) == Lease(ME, epoch=1, beat=1)


def test_it_gives_the_lease_to_another_only_if_it_stands_as_it_was_seen(store: Store) -> None:
    with store.write() as db:
        leases.take(db, ME, None, "1.0")
        seen = leases.holder(db)
        leases.renew(db, ME)
        assert not leases.take(db, OTHER, seen, "1.0")
        assert leases.take(db, OTHER, leases.holder(db), "1.0")
        held = leases.holder(db)
        assert held is not None
        assert (held.owner, held.epoch) == (OTHER, 2)
        assert not leases.renew(db, ME)


def test_it_lets_only_the_owner_give_the_lease_up(store: Store) -> None:
    with store.write() as db:
        leases.take(db, ME, None, "1.0")
        leases.give_up(db, OTHER)
        held = leases.holder(db)
        assert held is not None
        assert held.owner == ME
        leases.give_up(db, ME)
        free = leases.holder(db)
        assert free is not None
        assert free.owner is None
        assert leases.take(db, OTHER, free, "1.0")
        again = leases.holder(db)
        assert again is not None
        assert (again.owner, again.epoch) == (OTHER, 2), "an epoch never comes again"


def test_it_gives_a_stale_lease_to_one_of_many(store: Store) -> None:
    with store.write() as db:
        leases.take(db, ME, None, "1.0")
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
        leases.register(db, ME, "running", 2, "1.0", NOON)
        leases.register(db, OTHER, "running", 4, "1.0", NOON)
        leases.register(db, ME, "draining", 3, "1.0", NOON + SECOND)
        rows = {row.identity: row for row in leases.workers(db)}
        assert (rows[ME].state, rows[ME].beat, rows[ME].capacity) == ("draining", 1, 3)
        assert rows[ME].heartbeat_at == "2026-05-01T12:00:01.000Z"
        assert rows[OTHER].beat == 0
        leases.unregister(db, ME)
        assert [row.identity for row in leases.workers(db)] == [OTHER]
