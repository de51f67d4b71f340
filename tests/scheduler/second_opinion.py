"""When a trigger is due, found out slowly: minute by minute on the wall, or by adding; nothing of ours, no croniter."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from ..domain.crontab_oracle import walk

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
CHUNK = timedelta(days=4)
Trigger = dict[str, Any]


@dataclass(frozen=True)
class Calendar:
    """A trigger as it is sent in a request, with what it is counted from and what bounds it."""

    trigger: Trigger
    anchor: datetime
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def between(self, after: datetime, until: datetime) -> list[datetime]:
        """The due times with after < due <= until."""
        return [
            due
            for due in _unbounded(self.trigger, self.anchor, after, until)
            if (self.starts_at is None or due >= self.starts_at) and (self.ends_at is None or due < self.ends_at)
        ]

    def first(self, after: datetime, horizon: timedelta) -> datetime | None:
        """The first one after that moment, if it comes before the horizon."""
        until = after + horizon if self.ends_at is None else min(after + horizon, self.ends_at)
        begin = after if self.starts_at is None else max(after, self.starts_at - timedelta(milliseconds=1))
        while begin < until:
            if found := self.between(begin, min(begin + CHUNK, until)):
                return found[0]
            begin += CHUNK
        return None


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _unbounded(trigger: Trigger, anchor: datetime, after: datetime, until: datetime) -> list[datetime]:
    if trigger["type"] == "once":
        at = moment(trigger["at"])
        return [at] if after < at <= until else []
    if trigger["type"] == "interval":
        return _interval(trigger, anchor, after, until)
    numbers = range((after - EPOCH) // CHUNK, (until - EPOCH) // CHUNK + 1) if after < until else range(0)
    chunks = (_due_minutes(trigger["cron"], trigger["timezone"], number) for number in numbers)
    return [due for chunk in chunks for due in chunk if after < due <= until]


def _interval(trigger: Trigger, anchor: datetime, after: datetime, until: datetime) -> list[datetime]:
    every = timedelta(seconds=trigger["every_seconds"])
    due = moment(trigger["start_at"]) if trigger.get("start_at") else anchor + every
    found = []
    while due <= until:
        if due > after:
            found.append(due)
        due += every
    return found


@functools.lru_cache(maxsize=10_000)
def _due_minutes(expression: str, zone: str, number: int) -> tuple[datetime, ...]:
    begin = EPOCH + number * CHUNK
    return tuple(walk(expression, zone, begin - datetime.resolution, begin + CHUNK))
