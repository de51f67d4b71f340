import type { JSONObject, JSONValue } from '@lumino/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { BatchRun, Run } from '../tokens/wire';
import { clock, dayAndTime, dayHeading, dayNumber, moment, span, timeOfDay, until } from './times';
import { laterWords, reasonWords, stateWord } from './words';

/** One line for what and when, one small line for why. */
export interface RunRow {
  what: string;
  when: string;
  why: string;
  /** The small line tells an error. */
  wrong: boolean;
  /** The first line of the cell that failed. */
  source: string;
  /** Of a running one: 0 to 1. */
  share: number | null;
  /** All of it in a sentence, for those who do not see the row. */
  spoken: string;
}

const LONG_VALUE = 40;
/** Seconds; a shorter run is over before anybody has read how long it takes. */
const WORTH_TELLING = 10;

export function valueText(value: JSONValue): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONG_VALUE ? `${text.slice(0, LONG_VALUE - 1)}…` : text;
}

/** `region=fr`, `top_n=20`. */
export function parameterTexts(parameters: JSONObject): string[] {
  return Object.entries(parameters).map(([name, value]) => `${name}=${valueText(value)}`);
}

/** The server names a run of a sweep by what differs there, too: `report (alpha=1, beta=2)`. */
function named({ batch_id, name }: Run): string[] {
  return (batch_id !== null && /^(.*?) \(([^\s()]+=.*)\)$/s.exec(name)?.slice(1)) || [name];
}

/** `fr · 2026-11-19`: enough to tell the runs of one notebook apart; of a sweep's what differs there. */
export function valuesOnly(run: Run): string {
  const values = run.batch_id === null ? Object.values(run.parameters).map(valueText).join(' · ') : '';
  return values || (named(run)[1] ?? run.name);
}

export function errorLine({ error }: Pick<BatchRun, 'error'>, trans: TranslationBundle): string | null {
  if (!error) {
    return null;
  }
  const { cell_index, name, value } = error;
  const firstLine = value.split('\n', 1)[0];
  const what = [name, firstLine].filter(Boolean).join(': ');
  return cell_index === null ? what : trans.__('Cell %1 %2', cell_index + 1, what);
}

export function cellOf({ progress }: Pick<Run, 'progress'>, trans: TranslationBundle): string {
  const { done, total } = progress ?? { done: 0, total: 0 };
  return total ? trans.__('Cell %1 of %2', Math.min(done + 1, total), total) : trans.__('Starting');
}

/** For how long it has run, of how long it takes, as long as that may still be true: `0:12 of about 40 s`. */
export function elapsed(
  { started_at, expected_seconds }: Run,
  now: number,
  trans: TranslationBundle
): string {
  if (!started_at) {
    return '';
  }
  const seconds = (now - Date.parse(started_at)) / 1000;
  const expected = expected_seconds ?? 0;
  return expected < Math.max(seconds, WORTH_TELLING)
    ? clock(seconds)
    : trans.__('%1 of about %2', clock(seconds), span(Math.round(expected)));
}

/** The row of a run; within its own notebook's list the values name it better than the notebook does. */
export function runRow(run: Run, now: number, trans: TranslationBundle, ofNotebook = false): RunRow {
  const what = ofNotebook ? valuesOnly(run) : named(run)[0];
  const source = (run.state === 'failed' && run.error?.source_line) || '';
  const row = {
    what,
    when: when(run, now, trans),
    ...why(run, trans, ofNotebook),
    source,
    share: share(run)
  };
  const spoken = [stateWord(run.state, trans), what, row.when, row.why, source].filter(Boolean).join(', ');
  return { ...row, spoken };
}

function when(run: Run, now: number, trans: TranslationBundle): string {
  switch (run.state) {
    case 'running':
      return elapsed(run, now, trans);
    case 'queued':
      if (run.reason === 'retry_wait' && run.available_at) {
        return until(run.available_at, now, trans);
      }
      return run.message ? timeOfDay(run.scheduled_for ?? run.created_at) : trans.__('waits');
    default:
      return ended(run);
  }
}

/** When it was due, or began: one that repeats another has the due time of that one. */
export function timeOf({ parent_run_id, scheduled_for, started_at, created_at }: Run): string {
  return (!parent_run_id && scheduled_for) || started_at || created_at;
}

/** With its day where the row stands under another one: a due time that was skipped before it came. */
function ended(run: Run): string {
  const at = timeOf(run);
  return run.cause === 'schedule' ? moment(at, Date.parse(run.created_at)) : timeOfDay(at);
}

function why(run: Run, trans: TranslationBundle, ofNotebook: boolean): Pick<RunRow, 'why' | 'wrong'> {
  const values = ofNotebook ? '' : (named(run)[1] ?? parameterTexts(run.parameters).join(' · '));
  const attempt =
    run.attempt > 1 ? trans.__('attempt %1 of %2', run.attempt, Math.max(run.max_attempts, run.attempt)) : '';
  const said = ownWords(run, trans) ?? run.message ?? reasonWords(run, trans) ?? '';
  const later = laterWords(run, trans);
  const line = (...parts: string[]) => parts.filter(Boolean).join(' · ');
  switch (run.state) {
    case 'running': {
      const doing = run.cancel_requested_at ? trans.__('Being cancelled') : cellOf(run, trans);
      return { why: line(doing, later, attempt, values), wrong: false };
    }
    case 'failed':
      return { why: line(errorLine(run, trans) ?? said, later), wrong: true };
    case 'queued':
      return { why: line(values, later, attempt, said), wrong: false };
    case 'skipped':
      // A due time that did not run weighs as much as one that failed, unless a person wanted it so.
      return {
        why: line(missed(run, trans) ?? reasonWords(run, trans) ?? said, later, values),
        wrong: run.reason !== 'user'
      };
    case 'cancelled':
      return { why: line(said, later, values), wrong: false };
    case 'succeeded': {
      const took = run.duration_seconds === null ? '' : span(run.duration_seconds);
      return { why: line(took, later, values, attempt, run.message ?? ''), wrong: false };
    }
  }
}

/** Where the server's sentence names runs by their ids. */
function ownWords({ state, reason }: Run, trans: TranslationBundle): string | null {
  return state === 'queued' && reason === 'overlap' ? trans.__('waits for the run before it') : null;
}

/** `12 due times missed, 02:00–07:00`. */
function missed({ reason, covers }: Run, trans: TranslationBundle): string | null {
  if (reason !== 'missed' || !covers || covers.count < 2) {
    return null;
  }
  const words = trans._n('%1 due time missed', '%1 due times missed', covers.count);
  return `${words}, ${period(covers.from, covers.to)}`;
}

/** From one time to another, with their days where these differ. */
function period(from: string, to: string): string {
  const sameDay = dayNumber(Date.parse(from)) === dayNumber(Date.parse(to));
  return sameDay ? `${timeOfDay(from)}–${timeOfDay(to)}` : `${dayAndTime(from)} – ${dayAndTime(to)}`;
}

function share(run: Run): number | null {
  if (run.state !== 'running') {
    return null;
  }
  return run.progress?.total ? run.progress.done / run.progress.total : 0;
}

export interface DayGroup {
  heading: string;
  runs: Run[];
}

/** Runs as they come (newest first), under the headings of their days. */
export function byDay(runs: readonly Run[], now: number, trans: TranslationBundle): DayGroup[] {
  const groups: DayGroup[] = [];
  let current: number | null = null;
  for (const run of runs) {
    const day = dayNumber(Date.parse(run.created_at));
    if (day !== current) {
      current = day;
      groups.push({ heading: dayHeading(run.created_at, now, trans), runs: [] });
    }
    groups[groups.length - 1].runs.push(run);
  }
  return groups;
}
