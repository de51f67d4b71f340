"""Every address of the API, and who answers it."""

from __future__ import annotations

from . import archive, batches, jobs, not_built, parameters, runs, status
from .base import SchedHandler, UnknownRoute

ID = r"([^/]+)"
PATH = r"(.*)"

ROUTES: list[tuple[str, type[SchedHandler]]] = [
    (r"notebook-sched/status", status.StatusNow),
    (r"notebook-sched/openapi\.json", status.OpenApi),
    (r"notebook-sched/parameters", parameters.ParametersOfNotebook),
    (r"notebook-sched/parameters/presets", parameters.PresetsOfNotebook),
    (r"notebook-sched/parameters/candidates", parameters.CandidateParameters),
    (r"notebook-sched/parameters/arrange", parameters.ArrangeParameters),
    (r"notebook-sched/parameters/inspect", parameters.InspectParameters),
    (r"notebook-sched/parameters/preview", parameters.PreviewOfParameters),
    (r"notebook-sched/triggers/preview", parameters.PreviewOfTrigger),
    (r"notebook-sched/runs", runs.Runs),
    (rf"notebook-sched/runs/{ID}", runs.OneRun),
    (rf"notebook-sched/runs/{ID}/cancel", runs.CancelRun),
    (rf"notebook-sched/runs/{ID}/rerun", runs.RerunRun),
    (rf"notebook-sched/runs/{ID}/debug", runs.DebugRun),
    (rf"notebook-sched/runs/{ID}/output", runs.RunOutput),
    (rf"notebook-sched/runs/{ID}/kernel", not_built.NotBuiltToExecute),
    (rf"notebook-sched/runs/{ID}/take-over", not_built.NotBuiltToExecute),
    (rf"notebook-sched/runs/{ID}/publish-fix", not_built.NotBuiltToWrite),
    (rf"notebook-sched/runs/{ID}/diff", not_built.NotBuiltToRead),
    (rf"notebook-sched/batches/{ID}", batches.OneBatch),
    (rf"notebook-sched/batches/{ID}/cancel", batches.CancelBatch),
    (r"notebook-sched/jobs", jobs.Jobs),
    (rf"notebook-sched/jobs/{ID}", jobs.OneJob),
    (rf"notebook-sched/jobs/{ID}/run", jobs.RunJobNow),
    (rf"notebook-sched/jobs/{ID}/pause", jobs.PauseJob),
    (rf"notebook-sched/jobs/{ID}/resume", jobs.ResumeJob),
    (rf"notebook-sched/jobs/{ID}/skip", jobs.SkipDueTime),
    (rf"notebook-sched/jobs/{ID}/publish", not_built.NotBuiltToWrite),
    (rf"notebook-sched/jobs/{ID}/versions", not_built.NotBuiltToRead),
    (rf"notebook-sched/jobs/{ID}/backfill", jobs.BackfillJob),
    (rf"notebook-sched/jobs/{ID}/moved", jobs.MovedNotebook),
    (rf"notebook-sched/jobs/{ID}/output", not_built.NotBuiltToRead),
    (r"notebook-sched/pause", jobs.PauseJobs),
    (r"notebook-sched/resume", jobs.ResumeJobs),
    (rf"notebook-sched/archive/api/contents/{PATH}/checkpoints", archive.ArchiveCheckpoints),
    (rf"notebook-sched/archive/api/contents/?{PATH}", archive.ArchiveContents),
    (rf"notebook-sched/archive/files/{PATH}", archive.ArchiveFiles),
    (rf"notebook-sched/{PATH}", UnknownRoute),
]
