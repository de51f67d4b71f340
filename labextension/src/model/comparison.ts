/** The runs of a sweep against each other: columns, order, how far they are, and a text for a spreadsheet. */
import type { JSONObject, JSONValue } from '@lumino/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Batch, BatchRun, RUN_STATES } from '../tokens/wire';
import { errorLine } from './rows';

/** `key` is unique among the columns of a batch, whatever parameters and results are called. */
export interface Column {
  key: string;
  title: string;
  value: (run: BatchRun) => JSONValue;
}

export function columnsOf({ varied, results }: Batch, trans: TranslationBundle): Column[] {
  return [
    ...varied.map(name => ({
      key: `parameter ${name}`,
      title: name,
      value: (run: BatchRun) => ownValue(run.parameters, name)
    })),
    { key: 'state', title: trans.__('State'), value: ({ state }) => state },
    { key: 'duration', title: trans.__('Duration'), value: run => run.duration_seconds },
    ...results.map(name => ({
      key: `result ${name}`,
      title: name,
      value: (run: BatchRun) => ownValue(run.results, name)
    }))
  ];
}

/** Not what every object has: a parameter may be called `constructor`. */
function ownValue(values: JSONObject, name: string): JSONValue {
  return Object.hasOwn(values, name) ? values[name] : null;
}

export interface Order {
  key: string;
  down: boolean;
}

/** Equal ones stay in the order of the sweep; those without a value come last either way. */
export function sorted(runs: readonly BatchRun[], column: Column | undefined, down: boolean): BatchRun[] {
  if (!column) {
    return [...runs];
  }
  const keyed = runs.map(run => ({ run, value: column.value(run) }));
  return keyed
    .sort((left, right) => {
      const [a, b] = [left.value, right.value];
      if (a === null || b === null) {
        return Number(a === null) - Number(b === null);
      }
      return (column.key === 'state' ? byState(a, b) : byValue(a, b)) * (down ? -1 : 1);
    })
    .map(({ run }) => run);
}

function byState(a: JSONValue, b: JSONValue): number {
  const place = (state: JSONValue) => RUN_STATES.findIndex(known => known === state);
  return place(a) - place(b);
}

function byValue(a: JSONValue, b: JSONValue): number {
  return typeof a === 'number' && typeof b === 'number'
    ? a - b
    : plain(a).localeCompare(plain(b), undefined, { numeric: true });
}

/** `7 of 12 done, 1 failed`. */
export function progressWords({ counts, total }: Batch, trans: TranslationBundle): string {
  const { queued, running, failed, cancelled } = counts;
  return [
    trans.__('%1 of %2 done', total - queued - running, total),
    failed ? trans.__('%1 failed', failed) : '',
    cancelled ? trans.__('%1 cancelled', cancelled) : ''
  ]
    .filter(Boolean)
    .join(', ');
}

/** `left`: about how many seconds the rest takes, from the pace so far; null while nobody can know. */
export interface Outlook {
  done: number;
  left: number | null;
}

export function outlookOf({ counts, total, runs }: Batch, now: number): Outlook {
  const rest = counts.queued + counts.running;
  const done = total - rest;
  const starts = runs.flatMap(({ started_at }) => (started_at ? [Date.parse(started_at)] : []));
  const passed = (now - Math.min(...starts)) / 1000;
  return { done, left: rest && done && starts.length ? (passed / done) * rest : null };
}

/** A table that spreadsheets take, in the order shown; `,` or a tab between the values. */
export function asText(
  runs: readonly BatchRun[],
  columns: readonly Column[],
  between: string,
  trans: TranslationBundle
): string {
  const rows = runs.map(run => [
    ...columns.map(column => plain(column.value(run))),
    errorLine(run, trans) ?? ''
  ]);
  return [[...columns.map(({ title }) => title), trans.__('Error')], ...rows]
    .map(row =>
      row.map(text => (/["\t\n\r,]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text)).join(between)
    )
    .join('\n');
}

/** All of a value, as text. */
export function plain(value: JSONValue): string {
  return value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
}
