/** What people read for the codes that the API uses. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Run, RunState } from '../tokens/wire';
import { dayNumber, moment } from './times';

export function stateWord(state: RunState, trans: TranslationBundle): string {
  switch (state) {
    case 'queued':
      return trans.__('Waiting');
    case 'running':
      return trans.__('Running');
    case 'succeeded':
      return trans.__('Succeeded');
    case 'failed':
      return trans.__('Failed');
    case 'cancelled':
      return trans.__('Cancelled');
    case 'skipped':
      return trans.__('Skipped');
  }
}

/** Why a run is in its state, where the server sent no sentence of its own. */
export function reasonWords(
  { reason, state }: Pick<Run, 'reason' | 'state'>,
  trans: TranslationBundle
): string | null {
  switch (reason) {
    case null:
    case 'cell_error':
      return null;
    case 'timeout':
      return trans.__('took longer than its time limit');
    case 'cell_timeout':
      return trans.__('a cell took longer than its time limit');
    case 'kernel_died':
      return trans.__('the kernel died');
    case 'out_of_memory':
      return trans.__('ran out of memory');
    case 'lost':
      return trans.__('the scheduler was stopped while it ran');
    case 'invalid':
      return trans.__('could not be started');
    case 'internal':
      return trans.__('an internal error');
    case 'missed':
      return trans.__('due time missed, the scheduler was off');
    case 'overlap':
      return state === 'queued'
        ? trans.__('for the run before it')
        : trans.__('the run before it was still going on');
    case 'superseded':
      return trans.__('a later run took its place');
    case 'user':
      return state === 'skipped' ? trans.__('skipped by hand') : trans.__('cancelled by hand');
    case 'replaced':
      return trans.__('replaced by the next run');
    case 'capacity':
      return trans.__('for a free place');
    case 'retry_wait':
      return trans.__('to be tried again');
    case 'needs_kernel':
      return trans.__('for its kernel');
    case 'low_memory':
      return trans.__('for free memory');
    case 'scheduler_stopped':
      return trans.__('for the scheduler, which is not running');
    default:
      return reason.replace(/_/g, ' ');
  }
}

/** Where a run comes from, if it makes up for an earlier due time (`backfill for Thu 07:00`) or is one of a sweep. */
export function laterWords(run: Run, trans: TranslationBundle): string {
  const due = dueBefore(run);
  switch (run.cause) {
    case 'catch_up':
      return due ? trans.__('catch-up for %1', due) : trans.__('catch-up');
    case 'backfill':
      return due ? trans.__('backfill for %1', due) : trans.__('backfill');
    default:
      return run.batch_id === null ? '' : trans.__('sweep');
  }
}

/** The due time, where it is on another day than the row stands under, or where the row shows another time. */
function dueBefore({ scheduled_for, created_at, state }: Run): string | null {
  if (scheduled_for === null) {
    return null;
  }
  const [due, made] = [scheduled_for, created_at].map(at => Date.parse(at));
  const shown = state !== 'running' && dayNumber(due) === dayNumber(made);
  return shown ? null : moment(scheduled_for, made);
}

export function causeWords(run: Run, trans: TranslationBundle): string {
  switch (run.cause) {
    case 'schedule':
      return trans.__('on schedule');
    case 'catch_up':
      return trans.__('caught up');
    case 'backfill':
      return trans.__('backfilled');
    case 'rerun':
      return trans.__('retried by hand');
    case 'resume':
      return trans.__('continued from the failed cell');
    case 'manual':
      return trans.__('started by hand');
    case 'api':
      return trans.__('started by a program');
  }
}
