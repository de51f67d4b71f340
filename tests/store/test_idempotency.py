from __future__ import annotations

from datetime import timedelta

from jupyter_notebook_sched.store import idempotency
from jupyter_notebook_sched.store.connection import Store
from jupyter_notebook_sched.store.idempotency import Answered

from ..made import NOON


def test_it_gives_the_first_answer_for_a_day(store: Store) -> None:
    with store.write() as db:
        assert idempotency.find(db, "k", NOON) is None
        idempotency.remember(db, "k", "digest", ["r1", "r2"], NOON)
        assert idempotency.find(db, "k", NOON + timedelta(hours=24)) == Answered("digest", ["r1", "r2"])
        assert idempotency.find(db, "other", NOON) is None
        assert idempotency.find(db, "k", NOON + timedelta(hours=24, milliseconds=1)) is None


def test_it_forgets_old_keys_when_it_learns_new_ones(store: Store) -> None:
    with store.write() as db:
        idempotency.remember(db, "old", "digest", ["r1"], NOON)
        idempotency.remember(db, "new", "digest", ["r2"], NOON + timedelta(hours=25))
        assert db.execute("select key from idempotency").fetchall() == [("new",)]


def test_it_answers_a_key_whose_day_is_over_with_what_comes_next(store: Store) -> None:
    later = NOON + timedelta(hours=25)
    with store.write() as db:
        idempotency.remember(db, "k", "one", ["r1"], NOON)
        idempotency.remember(db, "k", "two", ["r2"], later)
        assert idempotency.find(db, "k", later) == Answered("two", ["r2"])
