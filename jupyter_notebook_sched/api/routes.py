"""Every address of the API, and who answers it."""

from __future__ import annotations

from . import archive, batches, comparing, debugging, jobs, outputs, parameters, runs, status, versions
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
    (rf"notebook-sched/runs/{ID}/debug", debugging.DebugRun),
    (rf"notebook-sched/runs/{ID}/output", outputs.RunOutput),
    (rf"notebook-sched/runs/{ID}/kernel", debugging.KernelOfRun),
    (rf"notebook-sched/runs/{ID}/take-over", debugging.TakeOverRun),
    (rf"notebook-sched/runs/{ID}/replay", debugging.ReplayRun),
    (rf"notebook-sched/runs/{ID}/publish-fix", versions.PublishTheFix),
    (rf"notebook-sched/runs/{ID}/diff", comparing.DiffOfRun),
    (rf"notebook-sched/batches/{ID}", batches.OneBatch),
    (rf"notebook-sched/batches/{ID}/cancel", batches.CancelBatch),
    (r"notebook-sched/jobs", jobs.Jobs),
    (rf"notebook-sched/jobs/{ID}", jobs.OneJob),
    (rf"notebook-sched/jobs/{ID}/run", jobs.RunJobNow),
    (rf"notebook-sched/jobs/{ID}/pause", jobs.PauseJob),
    (rf"notebook-sched/jobs/{ID}/resume", jobs.ResumeJob),
    (rf"notebook-sched/jobs/{ID}/skip", jobs.SkipDueTime),
    (rf"notebook-sched/jobs/{ID}/publish", versions.PublishVersion),
    (rf"notebook-sched/jobs/{ID}/versions", versions.VersionsOfJob),
    (rf"notebook-sched/jobs/{ID}/versions/diff", versions.VersionsDiff),
    (rf"notebook-sched/jobs/{ID}/backfill", jobs.BackfillJob),
    (rf"notebook-sched/jobs/{ID}/moved", jobs.MovedNotebook),
    (rf"notebook-sched/jobs/{ID}/output", outputs.JobOutput),
    (r"notebook-sched/pause", jobs.PauseJobs),
    (r"notebook-sched/resume", jobs.ResumeJobs),
    (rf"notebook-sched/archive/api/contents/{PATH}/checkpoints", archive.ArchiveCheckpoints),
    (rf"notebook-sched/archive/api/contents/?{PATH}", archive.ArchiveContents),
    (rf"notebook-sched/archive/files/{PATH}", archive.ArchiveFiles),
    (rf"notebook-sched/{PATH}", UnknownRoute),
]
