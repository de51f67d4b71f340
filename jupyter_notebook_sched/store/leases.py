"""Who may schedule, and which workers there are. A lease is renewed by counting, so that nobody compares clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from .rows import change, select, text_or_none

SCHEDULING = "scheduling"


@dataclass(frozen=True)
class Lease:
    """``epoch`` grows with every change of owner, ``beat`` with every renewal."""

    owner: str | None
    epoch: int
    beat: int


@dataclass(frozen=True)
class WorkerRow:
    identity: str
    state: str
    beat: int
    heartbeat_at: str
    capacity: int


def holder(db: Database) -> Lease | None:
    rows = select(db, "select owner, epoch, beat from leases where name = ?", [SCHEDULING])
    return Lease(**rows[0]) if rows else None


def take(db: Database, owner: str, instead_of: Lease | None, code_version: str) -> bool:
    """Takes the scheduling lease, if it is still as ``instead_of`` says (None: nobody's)."""
    if instead_of is None:
        sql = (
            "insert into leases (name, owner, epoch, beat, code_version) values (?, ?, 1, 0, ?) on conflict do nothing"
        )
        return change(db, sql, [SCHEDULING, owner, code_version]) == 1
    return (
        change(
            db,
            """update leases set owner = ?, epoch = epoch + 1, beat = beat + 1, code_version = ?
               where name = ? and owner is ? and beat = ?""",
            [owner, code_version, SCHEDULING, instead_of.owner, instead_of.beat],
        )
        == 1
    )


def renew(db: Database, owner: str) -> bool:
    """False where the lease is somebody else's by now."""
    return change(db, "update leases set beat = beat + 1 where name = ? and owner = ?", [SCHEDULING, owner]) == 1


def give_up(db: Database, owner: str) -> None:
    change(db, "update leases set owner = null, beat = beat + 1 where name = ? and owner = ?", [SCHEDULING, owner])


def register(db: Database, identity: str, state: str, capacity: int, code_version: str, now: datetime) -> None:
    """The heartbeat of a worker: makes its row, or counts its beat on."""
    change(
        db,
        """insert into workers (identity, state, beat, heartbeat_at, capacity, code_version) values (?, ?, 0, ?, ?, ?)
           on conflict (identity) do update set state = excluded.state, beat = beat + 1,
               heartbeat_at = excluded.heartbeat_at, capacity = excluded.capacity""",
        [identity, state, text_or_none(now), capacity, code_version],
    )


def unregister(db: Database, identity: str) -> None:
    change(db, "delete from workers where identity = ?", [identity])


def workers(db: Database) -> list[WorkerRow]:
    return [WorkerRow(**row) for row in select(db, "select identity, state, beat, heartbeat_at, capacity from workers")]
