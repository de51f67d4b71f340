"""A job: a notebook, parameter values, a trigger, and what to do when things go wrong."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from .delivery import Delivery
from .retry import Retry
from .run import Count, Resources, Run
from .schedule import Schedule
from .trigger import Moment, Trigger, as_stored

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Seconds = Annotated[float, Meta(gt=0, le=31_536_000)]
Tag = Annotated[str, Meta(min_length=1, max_length=100)]


class Notification(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    on: list[str]
    url: str


class Policies(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings of a job that a person may change later, with their defaults (API.md, *Jobs*)."""

    source: Literal["pinned", "live"] = "pinned"
    parameters: dict[str, Any] = {}
    templates: bool = True
    kernel: str | None = None
    trigger: Trigger | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    max_runs: Count | None = None
    on_missed: Literal["run_latest", "skip", "run_all"] = "run_latest"
    late_limit_seconds: Annotated[int, Meta(ge=0, le=31_536_000)] = 86_400
    max_catch_up: Annotated[int, Meta(ge=1, le=1000)] = 10
    on_overlap: Literal["queue_one", "skip", "parallel", "replace"] = "queue_one"
    max_parallel: Annotated[int, Meta(ge=1, le=1000)] = 1
    spread_seconds: Annotated[int, Meta(ge=0, le=86_400)] = 0
    retry: Retry = Retry()
    timeout_seconds: Seconds | None = None
    cell_timeout_seconds: Seconds | None = None
    resources: Resources = Resources()
    keep_kernel_seconds: Annotated[int, Meta(ge=0, le=31_536_000)] | None = None
    keep_runs: Count | None = None
    keep_days: Count | None = None
    notify: list[Notification] = []
    deliver: Delivery | None = None
    tags: Annotated[list[Tag], Meta(max_length=50)] = []
    description: Annotated[str, Meta(max_length=10_000)] = ""
    paused: bool = False

    def __post_init__(self) -> None:
        as_stored(self, "starts_at", "ends_at")


class JobSpec(Policies, frozen=True, kw_only=True):
    """Everything that a person decides about a job."""

    name: Name
    notebook: str


class Job(JobSpec, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """A stored job.

    ``source_version`` is the version that its runs use (for ``live``: the last one read), ``source_kernel`` the kernel
    that it names. ``next_run_at`` is the first due time without a record, ``anchor`` what an interval without a start
    counts from, ``restarted_at`` where its due times begin to count, ``slots_run`` how many of them became runs.
    """

    id: str
    source_version: str
    source_kernel: str | None
    next_run_at: datetime | None
    last_slot: datetime | None
    anchor: datetime
    restarted_at: datetime
    problem: str | None
    created_at: datetime
    updated_at: datetime
    revision: int
    slots_run: int = 0
    paused_until: datetime | None = None

    @property
    def schedule(self) -> Schedule | None:
        """When it is due; None: by hand only."""
        if self.trigger is None:
            return None
        return Schedule(self.trigger, self.anchor, self.starts_at, self.ends_at)

    @property
    def is_exhausted(self) -> bool:
        """Whether all the runs that it may make have been made."""
        return self.max_runs is not None and self.slots_run >= self.max_runs

    def next_slot(self, after: datetime, recorded: Collection[datetime] = ()) -> datetime | None:
        """The first due time strictly after that has no record yet (skipped ahead); None: never again. ValueError where
        the trigger is not valid."""
        if self.paused or self.is_exhausted or (schedule := self.schedule) is None:
            return None
        return schedule.next_after(after, recorded)


class JobAnswer(JobSpec, frozen=True, kw_only=True):
    """A job as everybody sees it (API.md, *Jobs*)."""

    id: str
    source_version: str
    notebook_changed: bool
    notebook_missing: bool
    next_run_at: datetime | None
    paused_until: datetime | None
    last_run: Run | None
    last_slot: datetime | None
    slots_run: int
    problem: str | None
    created_at: datetime
    updated_at: datetime
    revision: int
