"""A batch: the runs of one sweep, as a comparison of what they were given and what they found out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from .run import Progress
from .states import RunState
from .sweep import Mode


class NewBatch(msgspec.Struct, frozen=True, kw_only=True):
    """``varied``: the names of the parameters that differ, in the order of the sweep."""

    id: str
    name: str
    mode: Mode
    varied: tuple[str, ...]
    created_at: datetime


class Member(msgspec.Struct, frozen=True):
    """A run's place in its sweep; ``plain_name``: its name without what sets it apart there."""

    batch_id: str
    index: int
    label: str | None
    plain_name: str
    varied: tuple[str, ...]


class BriefError(msgspec.Struct, frozen=True):
    """What a cell raised, without its traceback."""

    cell_index: int
    name: str
    value: str


class BatchRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run beside the others of its sweep; ``parameters``: only those that differ."""

    id: str
    state: RunState
    reason: str | None
    message: str | None
    attempt: int
    progress: Progress
    parameters: dict[str, Any]
    results: dict[str, Any]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    duration_seconds: float | None
    error: BriefError | None
    output: str | None


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """A sweep with its runs in its order. Where one was run again, the newest stands in its place; ``total`` and
    ``counts`` (by state) are of those. ``finished_at``: None until all have ended. ``results``: every name that any of
    them recorded."""

    id: str
    name: str
    notebook: str
    source_version: str
    kernel: str
    created_at: datetime
    finished_at: datetime | None
    total: int
    counts: dict[str, int]
    varied: list[str]
    results: list[str]
    runs: list[BatchRun]
