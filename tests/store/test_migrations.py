from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlite_utils import Database

from jupyter_notebook_sched.errors import Unavailable
from jupyter_notebook_sched.store import migrations, runs
from jupyter_notebook_sched.store.connection import Store

from ..made import queued
from ..written import tree

NOW = migrations.NEWEST


@pytest.fixture
def a_later_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next release of this package, whose schema has one more step."""
    monkeypatch.setattr(migrations.migrations, "_migrations", list(migrations.migrations._migrations))
    step(monkeypatch, "m999_one_more_table", lambda db: db.execute("create table later (id text primary key) strict"))


@pytest.fixture
def a_broken_version(a_later_version: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A release whose last step fails half-way."""

    def fails(db: Database) -> None:
        db.execute("create table half (id text)")
        db.execute("insert into no_such_table values (1)")

    step(monkeypatch, "m999_two_fails", fails)


def step(monkeypatch: pytest.MonkeyPatch, name: str, change: Callable[[Database], object]) -> None:
    migrations.migrations(name=name)(change)
    monkeypatch.setattr(migrations, "KNOWN", migrations.KNOWN | {name})


def tables(path: Path) -> set[str]:
    with sqlite3.connect(path) as connection:
        found = {row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")}
    connection.close()
    return found


def test_it_says_how_far_the_schema_is(store: Store) -> None:
    with store.read() as db:
        assert migrations.schema_version(db) == NOW == "m004_reopening"


def test_it_backs_up_before_it_migrates_and_keeps_the_rows(store: Store, request: pytest.FixtureRequest) -> None:
    before = queued(store)
    store.close()
    request.getfixturevalue("a_later_version")
    later = Store(store.path, store.network)
    with later.read() as db:
        assert runs.get(db, before.id) == before
        assert migrations.schema_version(db) == "m999_one_more_table"
    backup = store.path.with_name(f"store-before-migration-of-{NOW}.db")
    assert "later" in tables(store.path)
    assert "later" not in tables(backup)
    with sqlite3.connect(backup) as connection:
        assert connection.execute("select id from runs").fetchall() == [(before.id,)]
    connection.close()
    later.close()


def test_it_applies_all_or_nothing(store: Store, request: pytest.FixtureRequest) -> None:
    before = queued(store)
    store.close()
    request.getfixturevalue("a_broken_version")
    with pytest.raises(sqlite3.OperationalError, match="no_such_table"), Store(store.path, store.network).read():
        raise AssertionError("the block must not be entered")
    assert not {"later", "half"} & tables(store.path)
    with sqlite3.connect(store.path) as connection:
        assert connection.execute("select id from runs").fetchall() == [(before.id,)]
    connection.close()


def test_it_refuses_a_newer_store_and_leaves_it_untouched(
    store: Store, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    this_version, known = list(migrations.migrations._migrations), migrations.KNOWN
    request.getfixturevalue("a_later_version")
    later = Store(store.path, store.network)
    store.close()
    queued(later)
    later.close()
    before = tree(store.path.parent)
    monkeypatch.setattr(migrations.migrations, "_migrations", this_version)
    monkeypatch.setattr(migrations, "KNOWN", known)
    older = Store(store.path, store.network)
    for use in (older.read, older.write):
        with pytest.raises(Unavailable) as refused, use():
            raise AssertionError("the block must not be entered")
        assert refused.value.reason == "newer_store"
        assert refused.value.status == 503
    older.close()
    assert tree(store.path.parent) == before


def test_it_notices_a_newer_version_that_came_while_it_had_the_store_open(
    store: Store, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker asks at every heartbeat."""
    with store.read() as db:
        assert migrations.is_current(db)
    this_version, known = list(migrations.migrations._migrations), migrations.KNOWN
    request.getfixturevalue("a_later_version")
    later = Store(store.path, store.network)
    queued(later)
    later.close()
    monkeypatch.setattr(migrations.migrations, "_migrations", this_version)
    monkeypatch.setattr(migrations, "KNOWN", known)
    with pytest.raises(Unavailable) as refused, store.write() as db:
        migrations.is_current(db)
    assert refused.value.reason == "newer_store"
