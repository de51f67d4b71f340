from __future__ import annotations

import threading
import uuid
from datetime import datetime, timedelta, timezone

from jupyter_notebook_sched.domain import ids

NOW = datetime(2026, 3, 29, 1, 2, 3, 456_000, tzinfo=timezone.utc)


def test_it_makes_version_7_uuids_that_say_when_they_were_made() -> None:
    made = ids.new_id(datetime.now(timezone.utc) + timedelta(days=1))
    assert uuid.UUID(made).version == 7
    assert uuid.UUID(made).variant == uuid.RFC_4122
    assert ids.ID.fullmatch(made)


def test_it_sorts_ids_as_text_in_the_order_in_which_they_were_made() -> None:
    later = datetime.now(timezone.utc) + timedelta(days=2)
    made = [ids.new_id(later) for _ in range(10_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_it_keeps_the_order_when_the_clock_goes_back() -> None:
    later = datetime.now(timezone.utc) + timedelta(days=3)
    before = ids.new_id(later)
    assert ids.new_id(later - timedelta(hours=1)) > before


def test_it_keeps_ids_apart_when_threads_make_them_together() -> None:
    made: list[str] = []

    def make() -> None:
        made.extend(ids.new_id(NOW) for _ in range(2000))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 16_000


def test_it_reads_the_moment_back_to_the_millisecond() -> None:
    moment = datetime(2042, 5, 6, 7, 8, 9, 123_456, tzinfo=timezone.utc)
    assert ids.made_at(ids.new_id(moment)) == moment.replace(microsecond=123_000)
