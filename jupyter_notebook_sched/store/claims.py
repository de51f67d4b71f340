"""Which waiting run may start next, taken in one statement; and why the others wait, by the same rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from ..domain.queueing import BEHIND, LAP, LONGEST_TURN, ONE_AT_A_TIME, SHORT
from ..domain.run import HAND_STARTED, Run
from ..domain.states import RunState, check_transition
from . import outbox
from .attempts import Claimed, Owner, claimed_of
from .rows import UNREADABLE, add, change, column, is_moment, select, text_or_none, to_json, value

PREFERRED = timedelta(seconds=5)
"""How long a run waits for the host where it was asked for before any other takes it."""


@dataclass(frozen=True)
class Place:
    """What a host has to offer. ``free_memory``: bytes; None: not known. ``kernels``: names of its kernelspecs."""

    host: str
    capacity: int
    kernels: frozenset[str]
    free_memory: int | None = None


_CAUSES = ", ".join(f"'{cause}'" for cause in ONE_AT_A_TIME)
# Running, or between two attempts: such a run is active.
ACTIVE_OF_JOB = """(select count(*) from runs as active where active.job_id = waiting.job_id
    and active.seq <> waiting.seq and active.state in ('queued', 'running') and active.tried > 0)"""
RULES = {
    "overlap": f"waiting.job_limit is null or {ACTIVE_OF_JOB} < waiting.job_limit",
    "needs_kernel": "waiting.kernel in (select value from json_each(:kernels))",
    "kept_elsewhere": "waiting.only_on is null or waiting.only_on = :host",
    "elsewhere": """waiting.asked_on is null or waiting.asked_on = :host or waiting.available_at <= :patience_over
        or not exists (select 1 from workers where host = waiting.asked_on and state = 'running')""",
    "short": f"""not :only_short or coalesce((select expected_seconds from titles where id = waiting.title), 0)
        < {SHORT.total_seconds()}""",
    "in_turn": f"""waiting.cause not in ({_CAUSES})
        or not exists (select 1 from runs where state = 'running' and host = :host and cause in ({_CAUSES})
            and started_at > :turn_over)""",
    # Where nothing of ours holds the memory, waiting frees none; a kept kernel has what it needs already.
    "low_memory": """:free_memory is null or waiting.only_on is not null
        or coalesce((select memory_bytes from titles where id = waiting.title), 0) <= :free_memory
        or not exists (select 1 from runs where state = 'running' and host = :host)""",
}
"""What must hold for a waiting run to start here, by the reason that it waits for where it does not."""
_MAY_START = " and ".join(f"({rule})" for rule in RULES.values())


def _first(index: str, causes: Iterable[str], by_hand: int) -> str:
    """The first of those causes that may start."""
    return f"""select * from (select seq, queue_at, {by_hand} as by_hand from runs as waiting indexed by {index}
        where state = 'queued' and cause in ({", ".join(f"'{cause}'" for cause in causes)})
        and available_at <= :now and {_MAY_START} order by queue_at, seq limit 1)"""


# Those that somebody waits for and the others take turns, once the others have waited for as long as they must.
CLAIM = f"""
update runs set state = 'running', reason = null, message = null, started_at = :now, finished_at = null,
    tried = attempt, host = :host, lease_owner = :owner, lease_epoch = :epoch
where seq = (
    select seq from (
        {_first("runs_waiting_by_hand", HAND_STARTED, 1)}
        union all {_first("runs_waiting_scheduled", BEHIND, 0)})
    order by by_hand = :by_hand_next and queue_at <= :now desc, queue_at, seq limit 1)
returning seq
"""


def claim(
    db: Database,
    owner: Owner,
    place: Place,
    now: datetime,
    output_of: Callable[[Run], str],
    by_hand_next: bool = True,
) -> Claimed | None:
    """Takes the next run that may start on this host; None where there is none, or no place.

    ``output_of``: the run's path in the archive, on record from its first moment, so that it opens while it fills.
    ``by_hand_next``: whose turn it is where both kinds have waited: one that a person started, or one of a schedule.
    """
    if running_on(db, place.host) >= place.capacity:
        return None
    while True:
        values = _values(db, place, now) | {"owner": owner.identity, "epoch": owner.epoch, "by_hand_next": by_hand_next}
        seq = value(db, CLAIM, values)
        if seq is None:
            return None
        row = select(db, "select * from runs_seen where seq = ?", [seq])[0]
        try:
            claimed = claimed_of(row)
        except UNREADABLE as error:
            _refuse_unreadable(db, row["id"], error, now)
            continue
        if claimed.run.cause in ONE_AT_A_TIME:
            _stand_in_line_again(db, now)
        if claimed.run.batch_id is not None:
            _next_of_sweep(db, claimed.run.batch_id, now)
        attempt = {"run": seq, "n": claimed.run.attempt, "state": "running", "owner": owner.identity}
        add(db, "attempts", attempt | {"started_at": text_or_none(now), "output": output_of(claimed.run)})
        outbox.tell_run(db, claimed.run.id, now)
        return claimed


def _stand_in_line_again(db: Database, now: datetime) -> None:
    """One of those that follow each other starts: the others wait for it, and let pass what comes meanwhile."""
    change(
        db,
        f"""update runs set queue_at = :behind where state = 'queued' and cause in ({_CAUSES})
           and queue_at < :behind""",
        {"behind": text_or_none(now + max(BEHIND[cause] for cause in ONE_AT_A_TIME))},
    )


def _next_of_sweep(db: Database, batch_id: str, now: datetime) -> None:
    """One run of a sweep starts: the next one goes to the end of the line."""
    change(
        db,
        """update runs set queue_at = min(queue_at, :end) where seq = (
               select seq from runs where batch_id = :batch and state = 'queued' and tried = 0 order by seq limit 1)""",
        {"batch": batch_id, "end": text_or_none(now + LAP)},
    )


def running_on(db: Database, host: str) -> int:
    """The running rows of a host, whoever of its workers holds them."""
    return int(value(db, "select count(*) from runs where state = 'running' and host = ?", [host]))


def next_available(db: Database) -> str | None:
    """When the next waiting run may start at the earliest (text, UTC)."""
    found: str | None = value(
        db,
        f"""select available_at from runs indexed by runs_becoming_available where state = 'queued'
           and {is_moment("available_at")}
           order by available_at limit 1""",
    )
    return found


def why_it_waits(db: Database, run_id: str, place: Place, now: datetime) -> str | None:
    """The name of the first rule (``RULES``) that keeps a waiting run from starting on a host; None: none does."""
    for reason, rule in RULES.items():
        sql = f"select 1 from runs as waiting where id = :id and not ({rule})"
        if value(db, sql, _values(db, place, now) | {"id": run_id}):
            return reason
    return None


def memory_of(db: Database, run_id: str) -> int:
    """Bytes that the last run of its kind used at its height; 0 where that is not known."""
    sql = "select memory_bytes from titles where id = (select title from runs where id = ?)"
    return int(value(db, sql, [run_id]) or 0)


def active_of_job(db: Database, run_id: str) -> list[str]:
    """The ids of the active runs of the same job, the oldest first."""
    sql = """select active.id from runs as waiting join runs as active on active.job_id = waiting.job_id
        where waiting.id = ? and active.seq <> waiting.seq and active.state in ('queued', 'running')
        and active.tried > 0 order by active.seq"""
    return column(db, sql, [run_id])


def waits_for_memory(db: Database, place: Place, now: datetime) -> bool:
    """Whether a run could start on a host if that had more free memory."""
    others = " and ".join(f"({rule})" for reason, rule in RULES.items() if reason != "low_memory")
    sql = f"""select 1 from runs as waiting where state = 'queued' and available_at <= :now
        and not ({RULES["low_memory"]}) and {others} limit 1"""
    return bool(value(db, sql, _values(db, place, now)))


def kernels_wanted(db: Database) -> list[str]:
    """The kernels that waiting runs want."""
    return column(db, "select distinct kernel from runs where state = 'queued'")


def waiting_for_kernel(db: Database, kernels: list[str], since: datetime) -> list[tuple[str, str]]:
    """(id, kernel) of runs that could have started before ``since`` on one of those kernels."""
    rows = select(
        db,
        """select id, kernel from runs where state = 'queued' and available_at <= ?
           and kernel in (select value from json_each(?)) limit 500""",
        [text_or_none(since), to_json(kernels)],
    )
    return [(row["id"], row["kernel"]) for row in rows]


def fail_unstarted(db: Database, run_id: str, message: str, now: datetime) -> bool:
    """A queued run that can never start."""
    check_transition(RunState.QUEUED, RunState.FAILED, "invalid")
    changed = change(
        db,
        """update runs set state = 'failed', reason = 'invalid', message = ?, finished_at = ?
           where id = ? and state = 'queued'""",
        [message, text_or_none(now), run_id],
    )
    if changed:
        outbox.tell_run(db, run_id, now)
    return bool(changed)


def _values(db: Database, place: Place, now: datetime) -> dict[str, object]:
    return {
        "now": text_or_none(now),
        "host": place.host,
        "kernels": to_json(sorted(place.kernels)),
        "patience_over": text_or_none(now - PREFERRED),
        "turn_over": text_or_none(now - LONGEST_TURN),
        "only_short": int(_only_short(db, place, now)),
        "free_memory": place.free_memory,
    }


def _only_short(db: Database, place: Place, now: datetime) -> bool:
    """Whether long runs hold all places of the host but one."""
    long_ones = value(
        db,
        """select count(*) from runs where state = 'running' and host = ? and (started_at <= ? or coalesce(
               (select expected_seconds from titles where id = title), 0) >= ?)""",
        [place.host, text_or_none(now - SHORT), SHORT.total_seconds()],
    )
    return bool(place.capacity > 1 and long_ones >= place.capacity - 1)


def _refuse_unreadable(db: Database, run_id: str, error: Exception, now: datetime) -> None:
    """A run whose rules cannot be read ends, so that it holds up no other."""
    change(
        db,
        """update runs set state = 'failed', reason = 'invalid', message = ?, finished_at = ?, lease_owner = null,
               lease_epoch = null where id = ?""",
        [f"the record of this run cannot be read: {error}", text_or_none(now), run_id],
    )
    outbox.tell_run(db, run_id, now)
