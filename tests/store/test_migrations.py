from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from jupyter_notebook_sched.errors import Unavailable
from jupyter_notebook_sched.store import migrations, runs
from jupyter_notebook_sched.store.connection import Store

from ..made import queued
from ..written import tree


@pytest.fixture
def a_later_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next release of this package, whose schema has one more step."""
    monkeypatch.setattr(migrations.migrations, "_migrations", list(migrations.migrations._migrations))

    @migrations.migrations()
    def m999_one_more_table(db: Database) -> None:
        db.execute("create table later (id text primary key) strict")


@pytest.fixture
def a_broken_version(a_later_version: None) -> None:
    """A release whose last step fails half-way."""

    @migrations.migrations()
    def m999_two_fails(db: Database) -> None:
        db.execute("create table half (id text)")
        db.execute("insert into no_such_table values (1)")


def tables(path: Path) -> set[str]:
    with sqlite3.connect(path) as connection:
        found = {row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")}
    connection.close()
    return found


def test_it_says_how_far_the_schema_is(store: Store) -> None:
    with store.read() as db:
        assert migrations.schema_version(db) == "m001_the_first_schema"


def test_it_backs_up_before_it_migrates_and_keeps_the_rows(store: Store, request: pytest.FixtureRequest) -> None:
    before = queued(store)
    store.close()
    request.getfixturevalue("a_later_version")
    later = Store(store.path, store.network)
    with later.read() as db:
        assert runs.get(db, before.id) == before
        assert migrations.schema_version(db) == "m999_one_more_table"
    backup = store.path.with_name("store-before-migration-of-m001_the_first_schema.db")
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
    this_version = list(migrations.migrations._migrations)
    request.getfixturevalue("a_later_version")
    later = Store(store.path, store.network)
    store.close()
    queued(later)
    later.close()
    before = tree(store.path.parent)
    monkeypatch.setattr(migrations.migrations, "_migrations", this_version)
    older = Store(store.path, store.network)
    for use in (older.read, older.write):
        with pytest.raises(Unavailable) as refused, use():
            raise AssertionError("the block must not be entered")
        assert refused.value.reason == "newer_store"
        assert refused.value.status == 503
    older.close()
    assert tree(store.path.parent) == before
