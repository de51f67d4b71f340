"""What is no damage is not called damage, and what belongs to somebody else is not used."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

import pytest

from jupyter_notebook_sched.errors import Unavailable
from jupyter_notebook_sched.store import jobs
from jupyter_notebook_sched.store.connection import Store

from ..made import queued

PSEUDO = Path("/sys/notebook-sched")  # nobody, not even root, can make a directory there


def test_it_calls_a_fault_of_ours_no_damage(store: Store) -> None:
    with pytest.raises(sqlite3.ProgrammingError), store.read() as db:
        db.execute("select * from runs where id = ?", ["a", "b"])
    with pytest.raises(sqlite3.ProgrammingError), store.write() as db:
        db.execute("insert into idempotency values (?, '', '[]', '')", [object()])
    with pytest.raises(sqlite3.DataError), store.read() as db:
        db.execute("select zeroblob(2147483648)")
    queued(store)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
@pytest.mark.parametrize("which", ["directory", "file"])
def test_it_reads_and_writes_nothing_of_somebody_else(store: Store, which: str) -> None:
    queued(store)
    store.close()
    os.chown(store.path if which == "file" else store.path.parent, 12345, 12345)
    with pytest.raises(Unavailable, match="another user"), store.read() as db:
        jobs.totals(db)
    with pytest.raises(Unavailable, match="another user"):
        queued(store)


@pytest.mark.skipif(not Path("/sys/kernel").exists(), reason="needs sysfs")
def test_it_says_that_its_place_cannot_be_written() -> None:
    with pytest.raises(Unavailable) as refused, Store(PSEUDO / "store.db", network=False).write():
        raise AssertionError("the block must not be entered")
    assert refused.value.reason == "not_writable"


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EDQUOT, "disk_full"),
        (errno.EROFS, "not_writable"),
        (errno.EACCES, "not_writable"),
        (errno.EPERM, "not_writable"),
        (errno.EIO, "unavailable"),
    ],
)
def test_it_tells_the_troubles_of_a_disk_apart(number: int, reason: str) -> None:
    told = Unavailable.of_disk(OSError(number, os.strerror(number), "/srv/archive"))
    assert told is not None
    assert told.reason == reason
    assert "/srv/archive" in told.message


def test_it_takes_no_other_error_for_a_trouble_of_the_disk() -> None:
    assert Unavailable.of_disk(OSError(errno.EBADF, "Bad file descriptor")) is None
