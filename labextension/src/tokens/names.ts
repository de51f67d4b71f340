/** Names that other parts of JupyterLab, settings, layouts and tests know us by. */
export const PACKAGE = 'jupyter-notebook-sched';
export const TRANSLATION_DOMAIN = 'jupyter_notebook_sched';

/** The drive that holds source and output notebooks, and the widget factory that shows them. */
export const ARCHIVE_DRIVE = 'archive';
export const ARCHIVE_FACTORY = 'Archived notebook';

export const PARAMETERS_PANEL = `${PACKAGE}:parameters`;
export const RUNS_PANEL = `${PACKAGE}:runs`;
export const TOOLBAR_BUTTON = 'run-or-schedule';

export const RUN_EVENTS = 'https://events.jupyter.org/jupyter_notebook_sched/run/v1';
export const JOB_EVENTS = 'https://events.jupyter.org/jupyter_notebook_sched/job/v1';

export const PARAMETERS_TAG = 'parameters';
export const INJECTED_TAG = 'injected-parameters';
/** What is ours in a notebook's metadata. */
export const OWN_METADATA = 'notebook_sched';

export const CommandIDs = {
  schedule: `${PACKAGE}:run-or-schedule`,
  runNow: `${PACKAGE}:run-now`,
  sweep: `${PACKAGE}:sweep`,
  compareRuns: `${PACKAGE}:compare-runs`,
  cancelRest: `${PACKAGE}:cancel-rest`,
  retryFailed: `${PACKAGE}:retry-failed`,
  showParameters: `${PACKAGE}:show-parameters`,
  showRuns: `${PACKAGE}:show-runs`,
  makeParametersCell: `${PACKAGE}:make-parameters-cell`,
  openRun: `${PACKAGE}:open-run`,
  debugRun: `${PACKAGE}:debug-run`,
  retryRun: `${PACKAGE}:retry-run`,
  cancelRun: `${PACKAGE}:cancel-run`,
  deleteRun: `${PACKAGE}:delete-run`,
  takeOver: `${PACKAGE}:take-over`,
  keepKernel: `${PACKAGE}:keep-kernel`,
  continueRun: `${PACKAGE}:continue-run`,
  publishFix: `${PACKAGE}:publish-fix`,
  compareRun: `${PACKAGE}:compare-run`,
  publishJob: `${PACKAGE}:publish-job`,
  showVersions: `${PACKAGE}:show-versions`,
  showArchive: `${PACKAGE}:show-archive`,
  copyLink: `${PACKAGE}:copy-link`,
  exportHtml: `${PACKAGE}:export-html`,
  editJob: `${PACKAGE}:edit-job`,
  runJob: `${PACKAGE}:run-job`,
  pauseJob: `${PACKAGE}:pause-job`,
  pauseJobUntil: `${PACKAGE}:pause-job-until`,
  skipNext: `${PACKAGE}:skip-next`,
  backfillJob: `${PACKAGE}:backfill-job`,
  findNotebook: `${PACKAGE}:find-notebook`,
  pauseAll: `${PACKAGE}:pause-all`,
  resumeAll: `${PACKAGE}:resume-all`,
  resumeJob: `${PACKAGE}:resume-job`,
  deleteJob: `${PACKAGE}:delete-job`
} as const;
