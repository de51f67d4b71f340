/** What people read for the codes that the API uses. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Run, RunState } from '../tokens/wire';
import { dayNumber, moment } from './times';

export function stateWord(state: RunState, trans: TranslationBundle): string {
  const words: Record<RunState, string> = {
    queued: trans.__('Waiting'),
    running: trans.__('Running'),
    succeeded: trans.__('Succeeded'),
    failed: trans.__('Failed'),
    cancelled: trans.__('Cancelled'),
    skipped: trans.__('Skipped')
  };
  return words[state];
}

/** Why a run is in its state, where the server sent no sentence of its own (it does for each that failed). */
export function reasonWords(
  { reason, state }: Pick<Run, 'reason' | 'state'>,
  trans: TranslationBundle
): string | null {
  if (reason === null || reason === 'cell_error') {
    return null;
  }
  const words: Record<string, string> = {
    missed: trans.__('due time missed, the scheduler was off'),
    overlap:
      state === 'queued'
        ? trans.__('for the run before it')
        : trans.__('the run before it was still going on'),
    superseded: trans.__('a later run took its place'),
    user: state === 'skipped' ? trans.__('skipped by hand') : trans.__('cancelled by hand'),
    replaced: trans.__('replaced by the next run'),
    capacity: trans.__('for a free place'),
    retry_wait: trans.__('to be tried again'),
    needs_kernel: trans.__('for its kernel'),
    scheduler_stopped: trans.__('for the scheduler, which is not running')
  };
  return words[reason] ?? reason.replace(/_/g, ' ');
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
  const words: Record<Run['cause'], string> = {
    schedule: trans.__('on schedule'),
    catch_up: trans.__('caught up'),
    backfill: trans.__('backfilled'),
    rerun: trans.__('retried by hand'),
    resume: trans.__('continued from the failed cell'),
    manual: trans.__('started by hand'),
    api: trans.__('started by a program')
  };
  return words[run.cause];
}
