/** A job's row in words. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Job } from '../tokens/wire';
import { moment, span, until } from './times';
import { stateWord } from './words';

/** What stands beside its name: when it fires next, or why it does not. */
export function nextTime(job: Job, now: number, trans: TranslationBundle): string {
  if (job.paused) {
    return trans.__('paused');
  }
  if (job.next_run_at) {
    return until(job.next_run_at, now, trans);
  }
  if (job.trigger === null) {
    return trans.__('by hand');
  }
  return cannotRun(job) ? trans.__('cannot run') : trans.__('ended');
}

/** How long it is paused, where somebody said so. */
export function pausedWords(job: Job, now: number, trans: TranslationBundle): string | null {
  return job.paused && job.paused_until ? trans.__('Paused until %1', moment(job.paused_until, now)) : null;
}

export function cannotRun(job: Job): boolean {
  return job.problem !== null || job.notebook_missing;
}

/** Why it cannot run. */
export function problemWords(job: Job, trans: TranslationBundle): string | null {
  return job.problem ?? (job.notebook_missing ? trans.__('Its notebook is gone') : null);
}

/** The last run of a job in a few words: `last run failed Fri 07:00`. */
export function lastResult(job: Job, now: number, trans: TranslationBundle): string {
  const run = job.last_run;
  if (!run) {
    return trans.__('has not run yet');
  }
  const due = run.scheduled_for ?? run.created_at;
  const at = moment(due, now);
  switch (run.state) {
    case 'succeeded':
      return trans.__('last run %1, %2', at, span(run.duration_seconds ?? 0));
    case 'failed':
      return trans.__('last run failed %1', at);
    case 'running':
      return trans.__('running now');
    case 'queued':
      return trans.__('a run waits');
    case 'skipped':
      return Date.parse(due) > now ? trans.__('%1 is skipped', at) : trans.__('%1 was skipped', at);
    default:
      return trans.__('last run %1 %2', stateWord(run.state, trans).toLowerCase(), at);
  }
}
