import type { CommandRegistry } from '@lumino/commands';
import type { JobAction, RunAction } from '../model/choices';
import { CommandIDs } from '../tokens/names';
import type { Job, Run } from '../tokens/wire';

const RUN_COMMANDS: Record<RunAction, string> = {
  open: CommandIDs.openRun,
  debug: CommandIDs.debugRun,
  retry: CommandIDs.retryRun,
  cancel: CommandIDs.cancelRun,
  delete: CommandIDs.deleteRun
};

const JOB_COMMANDS: Record<JobAction, string> = {
  run: CommandIDs.runJob,
  edit: CommandIDs.editJob,
  pause: CommandIDs.pauseJob,
  resume: CommandIDs.resumeJob,
  delete: CommandIDs.deleteJob
};

/** What a row offers is what the commands do. */
export function actOnRun(commands: CommandRegistry): (action: RunAction, run: Run) => void {
  return (action, run) => void commands.execute(RUN_COMMANDS[action], { run: run.id });
}

export function actOnJob(commands: CommandRegistry): (action: JobAction, job: Job) => void {
  return (action, job) => void commands.execute(JOB_COMMANDS[action], { job: job.id });
}
