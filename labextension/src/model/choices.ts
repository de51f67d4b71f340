import type { TranslationBundle } from '@jupyterlab/translation';
import type { Job, Run } from '../tokens/wire';
import { hasEnded } from './merge';

export type RunAction =
  'open' | 'debug' | 'takeOver' | 'compare' | 'retry' | 'backfill' | 'cancel' | 'delete';
export type JobAction = 'update' | 'run' | 'edit' | 'pause' | 'resume' | 'find' | 'more' | 'delete';
/** What is done more rarely, and stands in a job's menu. */
export type RareJobAction = 'skip' | 'pauseUntil' | 'backfill' | 'versions' | 'runs';

/** What can be done with a run in its state, in the order in which it is offered. */
export function runActions(run: Run): RunAction[] {
  const actions: RunAction[] = [];
  if (run.output) {
    actions.push('open');
  }
  if (run.output && (run.state === 'failed' || run.state === 'cancelled')) {
    actions.push('debug');
  }
  if (run.batch_id !== null) {
    actions.push('compare');
  }
  if (!hasEnded(run.state)) {
    const going: RunAction[] = run.state === 'running' ? ['takeOver', 'cancel'] : ['cancel'];
    return run.cancel_requested_at ? actions : [...actions, ...going];
  }
  return [...actions, standsForMany(run) ? 'backfill' : 'retry', 'delete'];
}

/** Several due times in one record are made up for by a backfill; there is no single run to repeat. */
function standsForMany({ job_id, covers }: Run): boolean {
  return job_id !== null && covers !== null && covers.count > 1;
}

export function runActionWord(action: RunAction, trans: TranslationBundle): string {
  const words: Record<RunAction, string> = {
    open: trans.__('Open'),
    debug: trans.__('Debug in a copy'),
    takeOver: trans.__('Take over…'),
    compare: trans.__('Compare'),
    retry: trans.__('Retry'),
    backfill: trans.__('Backfill…'),
    cancel: trans.__('Cancel'),
    delete: trans.__('Delete')
  };
  return words[action];
}

export function jobActions(job: Job): JobAction[] {
  const actions: JobAction[] = ['run', 'edit', job.paused ? 'resume' : 'pause', 'more', 'delete'];
  return job.notebook_missing ? ['find', ...actions] : isBehind(job) ? ['update', ...actions] : actions;
}

/** Whether its notebook has changed since the version that it runs. */
export function isBehind({ source, notebook_changed, notebook_missing }: Job): boolean {
  return source === 'pinned' && notebook_changed && !notebook_missing;
}

export function jobActionWord(action: JobAction, trans: TranslationBundle): string {
  const words: Record<JobAction, string> = {
    update: trans.__('Update…'),
    run: trans.__('Run now'),
    edit: trans.__('Edit'),
    pause: trans.__('Pause'),
    resume: trans.__('Resume'),
    find: trans.__('Find it…'),
    more: trans.__('More'),
    delete: trans.__('Delete')
  };
  return words[action];
}

/** What fits the job as it is: only a coming time can be skipped, only a trigger be backfilled. */
export function rareJobActions(job: Job): RareJobAction[] {
  const actions: [RareJobAction, boolean][] = [
    ['skip', job.next_run_at !== null],
    ['pauseUntil', true],
    ['backfill', job.trigger !== null],
    ['versions', true],
    ['runs', true]
  ];
  return actions.filter(([, fits]) => fits).map(([action]) => action);
}
