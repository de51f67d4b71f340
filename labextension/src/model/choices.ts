import type { TranslationBundle } from '@jupyterlab/translation';
import type { Job, Run } from '../tokens/wire';
import { hasEnded } from './merge';

export type RunAction = 'open' | 'debug' | 'retry' | 'cancel' | 'delete';
export type JobAction = 'run' | 'edit' | 'pause' | 'resume' | 'delete';

/** What can be done with a run in its state, in the order in which it is offered. */
export function runActions(run: Run): RunAction[] {
  const actions: RunAction[] = [];
  if (run.output) {
    actions.push('open');
  }
  if (run.output && run.state === 'failed') {
    actions.push('debug');
  }
  if (!hasEnded(run.state)) {
    return run.cancel_requested_at ? actions : [...actions, 'cancel'];
  }
  return [...actions, 'retry', 'delete'];
}

export function runActionWord(action: RunAction, trans: TranslationBundle): string {
  switch (action) {
    case 'open':
      return trans.__('Open');
    case 'debug':
      return trans.__('Debug in a copy');
    case 'retry':
      return trans.__('Retry');
    case 'cancel':
      return trans.__('Cancel');
    case 'delete':
      return trans.__('Delete');
  }
}

export function jobActions(job: Job): JobAction[] {
  return ['run', 'edit', job.paused ? 'resume' : 'pause', 'delete'];
}

export function jobActionWord(action: JobAction, trans: TranslationBundle): string {
  switch (action) {
    case 'run':
      return trans.__('Run now');
    case 'edit':
      return trans.__('Edit');
    case 'pause':
      return trans.__('Pause');
    case 'resume':
      return trans.__('Resume');
    case 'delete':
      return trans.__('Delete');
  }
}
