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
  switch (action) {
    case 'open':
      return trans.__('Open');
    case 'debug':
      return trans.__('Debug in a copy');
    case 'takeOver':
      return trans.__('Take over…');
    case 'compare':
      return trans.__('Compare');
    case 'retry':
      return trans.__('Retry');
    case 'backfill':
      return trans.__('Backfill…');
    case 'cancel':
      return trans.__('Cancel');
    case 'delete':
      return trans.__('Delete');
  }
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
  switch (action) {
    case 'update':
      return trans.__('Update…');
    case 'run':
      return trans.__('Run now');
    case 'edit':
      return trans.__('Edit');
    case 'pause':
      return trans.__('Pause');
    case 'resume':
      return trans.__('Resume');
    case 'find':
      return trans.__('Find it…');
    case 'more':
      return trans.__('More');
    case 'delete':
      return trans.__('Delete');
  }
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
