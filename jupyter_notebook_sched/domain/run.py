"""A run: one execution of a notebook with concrete parameter values, in one or more attempts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from .delivery import Delivered, Delivery
from .retry import Retry
from .states import RunState

Cause = Literal["manual", "api", "schedule", "catch_up", "backfill", "rerun", "resume"]
CellState = Literal["ok", "failed", "interrupted", "not_run", "skipped", "carried"]


Count = Annotated[int, Meta(ge=1, le=1_000_000)]
HAND_STARTED: tuple[Cause, ...] = ("manual", "api", "rerun", "resume")
"""Somebody waits for these; all other causes come from a schedule."""


class Resources(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an attempt may use, all its processes together: megabytes (of 1024² bytes) at a time, seconds of processor
    time in all. None: the configured default."""

    memory_mb: Annotated[int, Meta(ge=1, le=16_777_216)] | None = None
    cpu_seconds: Annotated[int, Meta(ge=1, le=31_536_000)] | None = None


class Terms(msgspec.Struct, frozen=True):
    """On which terms the processes of an attempt run; None: without that limit. ``nice``: added to the worker's own.
    ``oom_score_adj`` as in proc(5): the larger, the sooner the system ends them when memory runs out."""

    memory_mb: int | None = None
    cpu_seconds: int | None = None
    nice: int = 0
    oom_score_adj: int = 0

    def asked(self, resources: Resources) -> Terms:
        """These, with what a run asks for instead of them."""
        given = {name: value for name, value in msgspec.structs.asdict(resources).items() if value is not None}
        return msgspec.structs.replace(self, **given)


class RunPolicies(msgspec.Struct, frozen=True, omit_defaults=True):
    """The rules of a run, copied when it is made; later edits of its job never touch it. ``templates``: whether values
    that a rerun sends may be such."""

    retry: Retry = Retry()
    timeout_seconds: float | None = None
    cell_timeout_seconds: float | None = None
    resources: Resources = Resources()
    keep_kernel_seconds: int | None = None
    templates: bool = False
    deliver: Delivery | None = None

    @classmethod
    def of(cls, asked: Any) -> RunPolicies:
        """Those of a job, or of a request to run a notebook: both carry fields of these names, as far as they know
        them."""
        return cls(**{name: getattr(asked, name) for name in cls.__struct_fields__ if hasattr(asked, name)})


class Progress(msgspec.Struct, frozen=True):
    """Code cells done, in all, and the index (in the output notebook) of the one that runs."""

    done: int = 0
    total: int = 0
    current: int | None = None


class CellError(msgspec.Struct, frozen=True):
    """What a cell raised; ``traceback`` is plain text, without terminal codes. ``source_line``: the cell's first line
    that says something."""

    cell_index: int
    cell_id: str | None
    name: str
    value: str
    traceback: str
    source_line: str = ""


class CellOutcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """How one code cell of the output notebook ended; ``seconds`` only where it ran, ``started_at`` while it does."""

    index: int
    outcome: CellState
    seconds: float | None = None
    started_at: datetime | None = None


class Covers(msgspec.Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """The due times that one skipped record stands for: ``count`` of them, from ``start`` up to and with ``end``."""

    count: int
    start: datetime
    end: datetime


class Attempt(msgspec.Struct, frozen=True):
    n: int
    state: RunState
    reason: str | None
    message: str | None
    started_at: datetime | None
    finished_at: datetime | None
    output: str | None


class RunFile(msgspec.Struct, frozen=True):
    """A file that the notebook left in the run's own folder; ``path`` in the archive, ``size`` in bytes."""

    path: str
    size: int


class Resumption(msgspec.Struct, frozen=True):
    """A run that goes on where another failed, on its kept kernel: ``run_id``, whose output (``output``, in the
    archive) has the cells above ``cell_id`` that are carried over, as long as it is as recorded (``output_sha256``)."""

    run_id: str
    output: str
    cell_id: str
    output_sha256: str | None = None


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """A run as everybody sees it (API.md, *Runs*). ``expected_seconds``: what the last success of its kind took, for
    one that has not ended; None where there was none. ``results``: what the notebook recorded, by name (wire form).
    ``kernel_alive_until``: its kernel is kept until then, on ``host``."""

    id: str
    job_id: str | None
    batch_id: str | None
    parent_run_id: str | None
    name: str
    notebook: str
    source_version: str
    parameters: dict[str, Any]
    parameters_template: dict[str, Any]
    kernel: str
    cause: Cause
    scheduled_for: datetime | None
    covers: Covers | None
    state: RunState
    reason: str | None
    message: str | None
    attempt: int
    max_attempts: int
    created_at: datetime
    available_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    duration_seconds: float | None
    expected_seconds: float | None
    cancel_requested_at: datetime | None
    progress: Progress
    error: CellError | None
    output: str | None
    output_sha256: str | None
    kernel_alive_until: datetime | None
    host: str | None
    tags: list[str]
    results: dict[str, Any] = {}
    delivery: Delivered | None = None


class RunDetail(Run, frozen=True, kw_only=True):
    """A run with what only the single-run answer carries. ``files``: those of all attempts, but their output notebooks;
    ``files_capped``: there are more."""

    cells: list[CellOutcome]
    attempts: list[Attempt]
    files: list[RunFile]
    files_capped: bool = False
