"""Events waiting to be told: written in the transaction of the change they tell, relayed afterwards by every server
from its own position, pruned by age."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from ..domain.times import to_text

TELL_RUN = """
insert into events (kind, payload, at)
select 'run', json_object('run_id', id, 'job_id', job_id, 'batch_id', batch_id, 'notebook', notebook, 'state', state,
    'reason', reason, 'attempt', attempt, 'progress', json_object('done', progress_done, 'total', progress_total,
    'current', progress_current)), :at
from runs_seen where id = :id
"""


class Event(msgspec.Struct, frozen=True):
    """``kind``: ``run`` or ``job``; ``payload``: JSON."""

    seq: int
    kind: str
    payload: bytes
    at: str

    @property
    def fields(self) -> dict[str, Any]:
        """The body that its schema (events/) describes. ValueError or TypeError where the row is damaged."""
        return {"seq": self.seq, **json.loads(self.payload), "at": self.at}


def tell_run(db: Database, run_id: str, now: datetime) -> None:
    """One event for a run as it now is."""
    db.conn.execute(TELL_RUN, {"id": run_id, "at": to_text(now)})


def tell_job(db: Database, job_id: str, change: str, now: datetime) -> None:
    """One event for a job; ``change`` is created, updated, deleted, paused, resumed or published."""
    _append(db, "job", {"job_id": job_id, "change": change}, now)


def _append(db: Database, kind: str, fields: dict[str, Any], now: datetime) -> None:
    db.conn.execute("insert into events (kind, payload, at) values (?, ?, ?)", [kind, json.dumps(fields), to_text(now)])


def after(db: Database, seq: int, limit: int = 500) -> list[Event]:
    """The events behind ``seq``, oldest first."""
    rows = db.conn.execute(
        "select seq, kind, cast(payload as blob), at from events where seq > ? order by seq limit ?", [seq, limit]
    ).fetchall()
    return [Event(*row) for row in rows]


def last_seq(db: Database) -> int:
    """The newest position, counting pruned rows too."""
    row = db.conn.execute("select seq from sqlite_sequence where name = 'events'").fetchone()
    return int(row[0]) if row else 0


def prune(db: Database, before: datetime) -> None:
    db.conn.execute("delete from events where at < ?", [to_text(before)])
