"""When a job is due: its trigger, between the moments that bound it, by arithmetic wherever there may be many."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

import msgspec

from .clock_changes import Fire
from .trigger import Trigger

SECOND = timedelta(seconds=1)
_FIRST_WINDOW = 3600


class Schedule(msgspec.Struct, frozen=True):
    """All moments are aware. Every method raises ValueError with a sentence where the trigger is not valid.

    ``anchor``: creation or the last edit of the trigger, from which intervals without ``start_at`` count.
    ``starts_at`` is inclusive, ``ends_at`` exclusive.
    """

    trigger: Trigger
    anchor: datetime
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def next_after(self, after: datetime, recorded: Collection[datetime] = ()) -> datetime | None:
        """The first fire strictly after ``after`` that has no record yet; None: never again."""
        return next((fire.at for fire in self.fires(after) if fire.at not in recorded), None)

    def fires(self, after: datetime) -> Iterator[Fire]:
        """Every fire strictly after ``after``, in order, each moment once."""
        for fire in self.trigger.fires(self._not_before_start(after), self.anchor):
            if self.ends_at is not None and fire.at >= self.ends_at:
                return
            yield fire

    def count(self, after: datetime, until: datetime) -> int:
        """How many fires there are with after < at <= until, without walking through them."""
        until = until if self.ends_at is None else min(until, _just_before(self.ends_at))
        return self.trigger.count(self._not_before_start(after), until, self.anchor)

    def newest(self, after: datetime, until: datetime, limit: int) -> list[datetime]:
        """The newest ``limit`` fires with after < at <= until, oldest first."""
        if limit < 1:
            return []
        begin = after if self.count(after, until) <= limit else self._begin_of_newest(after, until, limit)
        found = []
        for fire in self.fires(begin):
            if fire.at > until:
                break
            found.append(fire.at)
        return found

    def has(self, moment: datetime) -> bool:
        """Whether that very moment is a fire."""
        return self.count(_just_before(moment), moment) == 1

    def _begin_of_newest(self, after: datetime, until: datetime, limit: int) -> datetime:
        """After which moment exactly ``limit`` of more fires are left: no two of them are within one second."""
        longest = (until - after) // SECOND
        few, enough = 0, min(_FIRST_WINDOW, longest)
        while self.count(until - enough * SECOND, until) < limit:
            few, enough = enough, min(enough * 2, longest)
        while enough - few > 1:
            middle = (few + enough) // 2
            if self.count(until - middle * SECOND, until) < limit:
                few = middle
            else:
                enough = middle
        return until - enough * SECOND

    def _not_before_start(self, after: datetime) -> datetime:
        return after if self.starts_at is None else max(after, _just_before(self.starts_at))


def spread_of(job_id: str, spread_seconds: int) -> timedelta:
    """How much later than its due times a job runs: always the same, 0 <= d < spread_seconds, whole milliseconds."""
    if spread_seconds <= 0:
        return timedelta()
    number = int.from_bytes(hashlib.sha256(job_id.encode()).digest()[:8], "big")
    return timedelta(milliseconds=number % (spread_seconds * 1000))


def _just_before(moment: datetime) -> datetime:
    """The latest moment before it, which starts and ends are compared by."""
    try:
        return moment - datetime.resolution
    except OverflowError:
        return moment
