import type { CommandRegistry } from '@lumino/commands';
import { rangeOf } from '../model/backfilling';
import { JobAction, RareJobAction, rareJobActions, RunAction } from '../model/choices';
import { CommandIDs } from '../tokens/names';
import type { Job, Run } from '../tokens/wire';
import { openMenu } from './menu';

const RUN_COMMANDS: Record<Exclude<RunAction, 'backfill'>, string> = {
  compare: CommandIDs.compareRuns,
  open: CommandIDs.openRun,
  debug: CommandIDs.debugRun,
  takeOver: CommandIDs.takeOver,
  retry: CommandIDs.retryRun,
  cancel: CommandIDs.cancelRun,
  delete: CommandIDs.deleteRun
};

const JOB_COMMANDS: Record<Exclude<JobAction, 'more'>, string> = {
  run: CommandIDs.runJob,
  edit: CommandIDs.editJob,
  pause: CommandIDs.pauseJob,
  resume: CommandIDs.resumeJob,
  find: CommandIDs.findNotebook,
  update: CommandIDs.publishJob,
  delete: CommandIDs.deleteJob
};

const RARE_COMMANDS: Record<RareJobAction, string> = {
  skip: CommandIDs.skipNext,
  pauseUntil: CommandIDs.pauseJobUntil,
  backfill: CommandIDs.backfillJob,
  runs: CommandIDs.showRuns,
  versions: CommandIDs.showVersions
};

export type OnRun = (action: RunAction, run: Run) => void;
/** `anchor` is what was pressed: where a menu opens. */
export type OnJob = (action: JobAction, job: Job, anchor: HTMLElement) => void;

/** What a row offers is what the commands do. */
export function actOnRun(commands: CommandRegistry): OnRun {
  return (action, run) =>
    void (action === 'backfill'
      ? commands.execute(CommandIDs.backfillJob, { job: run.job_id, ...(run.covers && rangeOf(run.covers)) })
      : commands.execute(RUN_COMMANDS[action], { run: run.id, batch: run.batch_id }));
}

export function actOnJob(commands: CommandRegistry): OnJob {
  return (action, job, anchor) => {
    if (action === 'more') {
      const args = { job: job.id, scheduled_for: job.next_run_at };
      const items = rareJobActions(job).map(rare => ({ command: RARE_COMMANDS[rare], args }));
      openMenu(commands, items, anchor);
    } else {
      void commands.execute(JOB_COMMANDS[action], { job: job.id });
    }
  };
}

/** The menu above the jobs. */
export function openJobsMenu(commands: CommandRegistry, anchor: HTMLElement): void {
  const all = [CommandIDs.pauseAll, CommandIDs.resumeAll, CommandIDs.showArchive];
  openMenu(
    commands,
    all.map(command => ({ command })),
    anchor
  );
}
