"""Which due times of a job have come, and what becomes of each: run, caught up, or missed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..domain.job import Job
from ..domain.run import Cause, Covers
from ..domain.schedule import Schedule, spread_of

ON_TIME = timedelta(seconds=60)
MOST_AT_ONCE = 1000
"""Due times of one job that are on time together: a minute has sixty of one a second, a long spread has more."""
_MOMENT = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Slot:
    """A due time that runs. ``available_at`` is when it may start: later than ``due`` by the job's spread."""

    due: datetime
    available_at: datetime
    cause: Cause


@dataclass(frozen=True)
class Plan:
    """What a tick does for a job: the due times that run, the spans that were missed, how far that brings it.

    ``next_run_at`` is where the job goes on if it may still make runs then: one of these may give its place back.
    """

    runs: tuple[Slot, ...]
    missed: tuple[Covers, ...]
    last_slot: datetime | None
    next_run_at: datetime | None


def plan(job: Job, now: datetime, recorded: Sequence[datetime] = ()) -> Plan:
    """Every due time from the job's ``next_run_at`` up to now, each exactly once.

    ``recorded``: due times from there on that have a record already (skipped ahead of time), in order. Lateness is
    measured from the moment at which a due time may start; up to a minute late is on time (API.md, *Slots*).
    ValueError where the trigger is not valid.
    """
    schedule = job.schedule
    if schedule is None or job.next_run_at is None or job.is_exhausted:
        return Plan((), (), job.last_slot, None)
    spread = spread_of(job.id, job.spread_seconds)
    if job.max_runs is None and not recorded and (only := _the_only_one(schedule, job.next_run_at, now)):
        due, following = only
        if now - spread - due <= ON_TIME:
            return Plan((Slot(due, due + spread, "schedule"),), (), due, following)
    before = job.next_run_at - _MOMENT
    late_until = now - spread - ON_TIME - _MOMENT
    on_time = schedule.newest(max(before, late_until), now, MOST_AT_ONCE) if before < now else []
    if len(on_time) == MOST_AT_ONCE:
        late_until = on_time[0] - _MOMENT
    on_time = [due for due in on_time if due not in recorded]
    caught_up = _caught_up(job, schedule, before, late_until, now - spread, bool(on_time))
    caught_up = [due for due in caught_up if due not in recorded]
    missed_until = caught_up[0] - _MOMENT if caught_up else late_until
    missed = _spans(schedule, before, missed_until, recorded)
    slots = [Slot(due, due + spread, "catch_up") for due in caught_up]
    slots += [Slot(due, due + spread, "schedule") for due in on_time]
    allowed = len(slots) if job.max_runs is None else job.max_runs - job.slots_run
    slots, beyond = slots[:allowed], slots[allowed:]
    last = max((slot.due for slot in slots), default=None)
    last = max((moment for moment in (last, job.last_slot, *(span.end for span in missed)) if moment), default=None)
    return Plan(tuple(slots), tuple(missed), last, beyond[0].due if beyond else schedule.next_after(now, recorded))


def _the_only_one(schedule: Schedule, due: datetime, now: datetime) -> tuple[datetime, datetime | None] | None:
    """What nearly every tick finds: one due time has come, and the next one has not. None where it is otherwise."""
    fires = schedule.fires(due - _MOMENT)
    first, following = next(fires, None), next(fires, None)
    if first is None or first.at != due or (following is not None and following.at <= now):
        return None
    return due, following.at if following is not None else None


def _caught_up(
    job: Job, schedule: Schedule, before: datetime, late_until: datetime, now: datetime, superseded: bool
) -> list[datetime]:
    """The late due times that still run, by the job's ``on_missed`` and limits; the oldest first."""
    since = max(before, now - timedelta(seconds=job.late_limit_seconds) - _MOMENT)
    if job.on_missed == "skip" or since >= late_until or (job.on_missed == "run_latest" and superseded):
        return []
    return schedule.newest(since, late_until, 1 if job.on_missed == "run_latest" else job.max_catch_up)


def _spans(schedule: Schedule, after: datetime, until: datetime, recorded: Sequence[datetime]) -> list[Covers]:
    """The due times in (after, until] as few spans as there can be: those on record already stand between them."""
    spans = []
    for stop in [*(due for due in recorded if after < due <= until), None]:
        end = until if stop is None else stop - _MOMENT
        if end > after and (count := schedule.count(after, end)):
            first = schedule.next_after(after)
            assert first is not None
            spans.append(Covers(count, first, schedule.newest(after, end, 1)[0]))
        after = stop or until
    return spans
