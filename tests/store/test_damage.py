"""A store that is damaged or gone is stopped and told; nothing is ever made anew in silence."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from jupyter_notebook_sched.errors import Unavailable
from jupyter_notebook_sched.store import backups, damage, runs
from jupyter_notebook_sched.store.connection import Store

from ..made import NOON, queued, stored
from ..written import tree

DAY = timedelta(days=1)


def break_file(store: Store) -> None:
    """What a bad disk does: pages in the middle are garbage."""
    connection = sqlite3.connect(store.path)
    connection.execute("pragma wal_checkpoint(truncate)")
    connection.close()
    store.close()
    content = bytearray(store.path.read_bytes())
    content[4096:] = b"\x5a" * (len(content) - 4096)
    store.path.write_bytes(content)


def refused(use: Callable[[], object]) -> Unavailable:
    with pytest.raises(Unavailable) as told:
        use()
    assert told.value.status == 503
    return told.value


def look(store: Store) -> None:
    with store.read() as db:
        db.execute("select count(*), max(kernel) from runs").fetchall()


def test_it_stops_everybody_once_somebody_found_damage(store: Store) -> None:
    for _ in range(50):
        queued(store, parameters={"x": "y" * 1000})
    other = Store(store.path, store.network)
    look(other)
    break_file(store)
    assert refused(lambda: look(store)).reason == "damaged"
    broken = store.path.read_bytes()
    for use in (lambda: queued(other), lambda: queued(store), lambda: look(Store(store.path, store.network))):
        assert refused(use).reason == "damaged"
    assert store.path.read_bytes() == broken, "it is left as it is, for whoever can mend it"
    other.close()


def test_it_says_what_to_do(store: Store) -> None:
    for _ in range(50):
        queued(store, parameters={"x": "y" * 1000})
    backup = backups.back_up(store, NOON)
    break_file(store)
    told = refused(lambda: look(store))
    assert backup.stem in told.message
    assert "restore" in told.message
    backup.unlink()
    assert "there is no backup" in refused(lambda: look(store)).message


def test_it_puts_the_backup_back_and_keeps_the_damaged_file(store: Store) -> None:
    kept = [queued(store, parameters={"x": "y" * 1000}) for _ in range(50)]
    backup = backups.back_up(store, NOON)
    late = queued(store)
    break_file(store)
    refused(lambda: look(store))
    broken = store.path.read_bytes()
    assert damage.restore(store.path, "20260501T120000") == backup
    again = Store(store.path, store.network)
    assert [stored(again, run.id) for run in kept] == kept
    with again.read() as db:
        assert runs.get(db, late.id) is None
    queued(again)
    assert store.path.with_name("store-damaged-20260501T120000.db").read_bytes() == broken
    assert store.path.stat().st_mode & 0o777 == 0o600
    again.close()


def test_it_restores_nothing_where_there_is_no_backup(store: Store) -> None:
    queued(store)
    store.close()
    before = tree(store.path.parent)
    assert refused(lambda: damage.restore(store.path, "now")).reason == "no_backup"
    assert tree(store.path.parent) == before


def lose(store: Store) -> None:
    store.close()
    for file in store.path.parent.glob("store.db*"):
        file.unlink()


@pytest.mark.parametrize("left", ["archive/runs", "backups"])
def test_it_never_makes_a_lost_store_anew_in_silence(store: Store, left: str) -> None:
    queued(store)
    if left == "backups":
        backups.back_up(store, NOON)
    else:
        (store.path.parent / left).mkdir(parents=True)
    lose(store)
    before = tree(store.path.parent)
    for use in (
        lambda: look(store),
        lambda: queued(store),
        store.make,
        lambda: Store(store.path, store.network).make(),
    ):
        told = refused(use)
        assert told.reason == "damaged"
        assert "missing" in told.message
    assert tree(store.path.parent) == before


def test_it_puts_the_backup_back_where_the_store_was_lost(store: Store) -> None:
    run = queued(store)
    backups.back_up(store, NOON)
    lose(store)
    damage.restore(store.path, "now")
    assert stored(store, run.id) == run


def test_it_backs_up_once_a_day_and_keeps_the_newest_few(store: Store) -> None:
    queued(store)
    assert backups.is_due(store, NOON)
    made: list[Path] = []
    for day in range(5):
        assert backups.is_due(store, NOON + day * DAY)
        made.append(backups.back_up(store, NOON + day * DAY))
        assert not backups.is_due(store, NOON + (day + 1) * DAY - timedelta(seconds=1))
    assert damage.backups(store.path) == made[:-4:-1]
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in damage.backups(store.path))
    assert {path.name for path in (store.path.parent / "backups").iterdir()} == {path.name for path in made[-3:]}


def test_it_takes_no_half_made_backup_for_one(store: Store) -> None:
    run = queued(store)
    whole = backups.back_up(store, NOON)
    whole.with_name("store-2026-05-02T120000.part").write_bytes(b"half")
    assert damage.backups(store.path) == [whole]
    assert backups.back_up(store, NOON + DAY)
    copy = Store(whole, network=True)
    assert stored(copy, run.id) == run
    copy.close()


def test_it_writes_on_while_it_is_backed_up(store: Store) -> None:
    """A backup is one moment of the store, whole, and holds nobody up for long."""
    first = queued(store)
    path = backups.back_up(store, NOON)
    queued(store)
    copy = Store(path, network=True)
    with copy.read() as db:
        assert [row[0] for row in db.execute("select id from runs").fetchall()] == [first.id]
        assert db.execute("pragma integrity_check").fetchone()[0] == "ok"
    copy.close()
