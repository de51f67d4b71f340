"""What may be asked: one structure a request. They validate what comes in and make the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from ..domain.job import JobSpec, Name, Policies, Seconds
from ..domain.retry import Retry
from ..domain.run import Resources
from ..domain.sweep import Mode
from ..domain.trigger import Moment, Trigger

IdempotencyKey = Annotated[str, Meta(min_length=1, max_length=200)]
ParameterType = Literal["string", "integer", "number", "boolean", "array", "object", "date", "datetime", "any"]
Limit = Annotated[int, Meta(ge=1, le=200)]


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The root of all requests: unknown fields are refused."""


class Nothing(Form, frozen=True):
    """A request that needs no body."""


class Sweep(Form, frozen=True, kw_only=True):
    """``values``: names with lists of values (grid: every combination of them, zip: the first of each, the second of
    each, …), or a list of objects, one a run."""

    mode: Mode
    values: dict[str, Any] | list[Any]


class CreateRun(Form, frozen=True, kw_only=True):
    notebook: str
    parameters: dict[str, Any] = {}
    templates: bool = False
    kernel: str | None = None
    name: Name | None = None
    cause: Literal["api", "manual"] = "api"
    timeout_seconds: Seconds | None = None
    cell_timeout_seconds: Seconds | None = None
    retry: Retry = Retry()
    resources: Resources = Resources()
    keep_kernel_seconds: Annotated[int, Meta(ge=0, le=31_536_000)] | None = None
    idempotency_key: IdempotencyKey | None = None
    sweep: Sweep | None = None


class Rerun(Form, frozen=True, kw_only=True):
    source: Literal["same", "current"] = "same"
    notebook: str | None = None
    parameters: dict[str, Any] | None = None
    from_failed_cell: bool = False
    idempotency_key: IdempotencyKey | None = None


class KeepKernel(Form, frozen=True, kw_only=True):
    """``keep_seconds``: from now on; 0 ends it."""

    keep_seconds: Annotated[int, Meta(ge=0, le=31_536_000)]


class Replay(Form, frozen=True, kw_only=True):
    """``kernel_id``: one of this server's."""

    kernel_id: str


class CreateJob(JobSpec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A job to be (API.md, *Jobs*)."""


class PatchJob(Policies, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Any subset of a job's fields; those of ``retry`` and ``resources`` merge, all else is replaced whole."""

    name: Name | msgspec.UnsetType = msgspec.UNSET
    notebook: Annotated[str, Meta(min_length=1)] | msgspec.UnsetType = msgspec.UNSET
    revision: int | None = None


class RunJob(Form, frozen=True, kw_only=True):
    parameters: dict[str, Any] = {}


class Pause(Form, frozen=True, kw_only=True):
    until: Moment | None = None


class PauseMany(Form, frozen=True, kw_only=True):
    """``tag``: those jobs that carry it; null: all."""

    tag: str | None = None
    until: Moment | None = None


class ResumeMany(Form, frozen=True, kw_only=True):
    tag: str | None = None


class SkipSlot(Form, frozen=True, kw_only=True):
    scheduled_for: Moment


class Publishing(Form, frozen=True, kw_only=True):
    """``jobs``: others that get the version, too. ``dry_run``: only tells what it would do."""

    message: Annotated[str, Meta(max_length=1000)] = ""
    dry_run: bool = False
    jobs: Annotated[list[str], Meta(max_length=1000)] = []


class Publish(Publishing, frozen=True, kw_only=True):
    """``source_version``: one that the job had before, or a run of it used; null: the notebook as it is now.
    ``revision``: that of the job as it was seen."""

    source_version: str | None = None
    revision: int | None = None


class PublishFix(Publishing, frozen=True, kw_only=True):
    """``source_version``: of a run that tried the fix out; null: ``notebook`` as it is now. ``last_modified``: of the
    workspace's notebook as it was seen, where that has changed meanwhile."""

    notebook: str | None = None
    source_version: str | None = None
    write_notebook: bool = False
    last_modified: Moment | None = None


class VersionsDiffQuery(Form, frozen=True, kw_only=True):
    """``left``, ``right``: a version of the job, or ``notebook``: the file as it is now."""

    left: str
    right: str
    format: Literal["json", "html"] = "json"
    theme: Literal["light", "dark"] = "light"


class Backfill(Form, frozen=True, kw_only=True, rename={"start": "from", "end": "to"}):
    """The due times from ``from`` (inclusive) to ``to`` (exclusive); those that succeeded already only ``again``."""

    start: Moment
    end: Moment
    again: bool = False
    dry_run: bool = False


class PreviewTrigger(Form, frozen=True, kw_only=True):
    trigger: Trigger
    count: Annotated[int, Meta(ge=1, le=100)] = 5
    after: Moment | None = None


class InspectCell(msgspec.Struct, frozen=True):
    """A cell as the editor holds it; whatever else a cell carries is ignored."""

    source: str
    tags: list[str] = []
    cell_type: str = "code"


class Inspect(Form, frozen=True, kw_only=True):
    cells: Annotated[list[InspectCell], Meta(max_length=10_000)]
    kernel: str | None = None
    values: dict[str, Any] | None = None
    presets: Any = None
    """As the notebook's metadata has them, whatever that is."""


class Candidates(Form, frozen=True, kw_only=True):
    """``kernel``: null for the configured default."""

    cells: Annotated[list[InspectCell], Meta(max_length=10_000)]
    kernel: str | None = None


class TakeAssignment(Form, frozen=True, kw_only=True):
    cell: int
    name: str


class AddParameter(Form, frozen=True, kw_only=True):
    """``type``: null for that of the value."""

    name: str
    value: Any
    type: ParameterType | None = None


class Arrange(Candidates, frozen=True, kw_only=True):
    take: Annotated[list[TakeAssignment], Meta(max_length=100)] = []
    add: Annotated[list[AddParameter], Meta(max_length=100)] = []
    remove: Annotated[list[str], Meta(max_length=100)] = []


class PutPresets(Form, frozen=True, kw_only=True):
    """``presets``: all that the notebook is to have, name → {parameter: value}."""

    notebook: str
    presets: dict[str, Any]
    last_modified: Moment


class PutParameters(Form, frozen=True, kw_only=True):
    notebook: str
    values: dict[str, Any]
    last_modified: Moment


class PreviewParameters(Form, frozen=True, kw_only=True):
    """``templates``: null renders them where ``scheduled_for`` is given. ``timezone`` and ``name`` are those of the job
    that the run would be one of."""

    notebook: str | None = None
    cells: list[InspectCell] | None = None
    kernel: str | None = None
    values: dict[str, Any] = {}
    templates: bool | None = None
    scheduled_for: Moment | None = None
    timezone: str = "UTC"
    name: str = ""


class NotebookQuery(Form, frozen=True, kw_only=True):
    notebook: str


class RunsQuery(Form, frozen=True, kw_only=True):
    """``parameter.NAME=VALUE`` may be given beside these, once a name."""

    state: list[Literal["queued", "running", "succeeded", "failed", "cancelled", "skipped"]] = []
    job: str | None = None
    notebook: str | None = None
    batch: str | None = None
    cause: str | None = None
    tag: str | None = None
    q: Annotated[str, Meta(max_length=1000)] | None = None
    since: Moment | None = None
    until: Moment | None = None
    by: Literal["created_at", "scheduled_for"] = "created_at"
    limit: Limit = 50
    cursor: str | None = None


class JobsQuery(Form, frozen=True, kw_only=True):
    notebook: str | None = None
    paused: bool | None = None
    q: Annotated[str, Meta(max_length=1000)] | None = None
    limit: Limit = 50
    cursor: str | None = None


class DiffQuery(Form, frozen=True, kw_only=True):
    """``against``: the id of another run, ``last_success``, ``source`` (the version that the job uses now, or the
    notebook as it is now), or a version."""

    against: Annotated[str, Meta(min_length=1, max_length=200)] = "last_success"
    format: Literal["json", "html"] = "json"
    theme: Literal["light", "dark"] = "light"


class OutputQuery(Form, frozen=True, kw_only=True):
    attempt: Annotated[int, Meta(ge=1)] | None = None
    format: Literal["ipynb", "html"] = "ipynb"
    hide_code: Literal["0", "1"] = "0"


class JobOutputQuery(Form, frozen=True, kw_only=True):
    format: Literal["ipynb", "html"] = "ipynb"
    hide_code: Literal["0", "1"] = "0"


class ContentsQuery(msgspec.Struct, frozen=True, kw_only=True):
    """As Jupyter's Contents API: what a newer client asks beside these is passed over."""

    content: Literal["0", "1"] = "1"
    type: Literal["notebook", "file", "directory"] | None = None
    format: Literal["text", "base64", "json"] | None = None
    hash: Literal["0", "1"] = "0"
