"""Who may schedule, and which workers there are. A lease is renewed by counting, so that nobody compares clocks."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlite_utils import Database

from ..domain.times import from_text
from .attempts import Owner
from .migrations import NEWEST
from .rows import UNREADABLE, Row, add, change, select, text_or_none, to_json, value

SCHEDULING = "scheduling"


@dataclass(frozen=True)
class Lease:
    """``epoch`` grows with every change of owner, ``beat`` with every renewal."""

    owner: str | None
    epoch: int
    beat: int


@dataclass(frozen=True)
class WorkerFacts:
    """What a worker says of itself. ``meeting_place``: the directory of its sockets, on its own host."""

    host: str
    state: str
    capacity: int
    kernels: tuple[str, ...] = ()
    meeting_place: str | None = None
    code_version: str = ""


@dataclass(frozen=True)
class WorkerRow:
    identity: str
    epoch: int
    beat: int
    heartbeat_at: datetime
    facts: WorkerFacts

    @property
    def owner(self) -> Owner:
        return Owner(self.identity, self.epoch)

    def is_heard(self, now: datetime, lease_seconds: float) -> bool:
        """Whether it beat within a lease time, by clocks of several hosts: good enough to tell a person."""
        return (now - self.heartbeat_at).total_seconds() < lease_seconds


def holder(db: Database) -> Lease | None:
    rows = select(db, "select owner, epoch, beat from leases where name = ?", [SCHEDULING])
    return Lease(**rows[0]) if rows else None


def take(db: Database, owner: str, instead_of: Lease | None, code_version: str) -> Lease | None:
    """Takes the scheduling lease, if it is still as ``instead_of`` says (None: nobody's ever); None where it is not."""
    if instead_of is None:
        sql = """insert into leases (name, owner, epoch, beat, code_version, schema_version) values (?, ?, 1, 0, ?, ?)
            on conflict do nothing"""
        return Lease(owner, 1, 0) if change(db, sql, [SCHEDULING, owner, code_version, NEWEST]) else None
    changed = change(
        db,
        """update leases set owner = ?, epoch = epoch + 1, beat = beat + 1, code_version = ?, schema_version = ?
           where name = ? and owner is ? and epoch = ? and beat = ?""",
        [owner, code_version, NEWEST, SCHEDULING, instead_of.owner, instead_of.epoch, instead_of.beat],
    )
    return Lease(owner, instead_of.epoch + 1, instead_of.beat + 1) if changed else None


def renew(db: Database, lease: Lease) -> bool:
    """False where the lease is somebody else's by now."""
    sql = "update leases set beat = beat + 1 where name = ? and owner = ? and epoch = ?"
    return change(db, sql, [SCHEDULING, lease.owner, lease.epoch]) == 1


def holds(db: Database, lease: Lease) -> bool:
    """The fence of everything that the scheduler writes."""
    held = holder(db)
    return held is not None and (held.owner, held.epoch) == (lease.owner, lease.epoch)


def give_up(db: Database, owner: str) -> None:
    change(db, "update leases set owner = null, beat = beat + 1 where name = ? and owner = ?", [SCHEDULING, owner])


def register(db: Database, identity: str, facts: WorkerFacts, now: datetime) -> Owner:
    """A new registration; the epoch of an earlier one is over."""
    change(db, "delete from workers where identity = ?", [identity])
    row = {"identity": identity, "beat": 0, "heartbeat_at": text_or_none(now), **_columns(facts)}
    return Owner(identity, add(db, "workers", row))


def beat(db: Database, owner: Owner, facts: WorkerFacts, now: datetime) -> bool:
    """Renews all that a worker holds; False where it was given up, so that all it held is somebody else's by now."""
    values = {"epoch": owner.epoch, "identity": owner.identity, "at": text_or_none(now), **_columns(facts)}
    assignments = ", ".join(f"{name} = :{name}" for name in _columns(facts))
    sql = f"""update workers set beat = beat + 1, heartbeat_at = :at, {assignments}
        where epoch = :epoch and identity = :identity"""
    return change(db, sql, values) == 1


def unregister(db: Database, owner: Owner, beat: int | None = None) -> bool:
    """False where it has beaten since ``beat`` and stays."""
    values = {"epoch": owner.epoch, "identity": owner.identity, "beat": beat}
    this = "epoch = :epoch and identity = :identity"
    change(db, f"delete from workers where {this} and beat = coalesce(:beat, beat)", values)
    return not value(db, f"select exists (select 1 from workers where {this})", values)


def is_registered(db: Database, owner: Owner) -> bool:
    """Whether nobody has given this worker up."""
    sql = "select exists (select 1 from workers where epoch = ? and identity = ?)"
    return bool(value(db, sql, [owner.epoch, owner.identity]))


def workers(db: Database) -> list[WorkerRow]:
    """Those on record; a row that somebody damaged is none."""
    found = []
    for row in select(db, "select * from workers order by epoch"):
        with suppress(*UNREADABLE):
            found.append(_worker_of(row))
    return found


def working_now(db: Database, now: datetime, lease_seconds: float) -> list[WorkerRow]:
    """The workers that claim: heard of, and not draining."""
    return [row for row in workers(db) if row.facts.state == "running" and row.is_heard(now, lease_seconds)]


def _columns(facts: WorkerFacts) -> dict[str, object]:
    return {
        "host": facts.host,
        "state": facts.state,
        "capacity": facts.capacity,
        "kernels": to_json(facts.kernels),
        "meeting_place": facts.meeting_place,
        "code_version": facts.code_version,
        "schema_version": NEWEST,
    }


def _worker_of(row: Row) -> WorkerRow:
    own = {name: row[name] for name in WorkerFacts.__dataclass_fields__}
    facts = msgspec.convert(own | {"kernels": json.loads(row["kernels"])}, WorkerFacts)
    return WorkerRow(row["identity"], row["epoch"], row["beat"], from_text(row["heartbeat_at"]), facts)
