import { runActions } from '../src/model/choices';
import {
  cellToMend,
  copyActions,
  CopyState,
  copyWords,
  replayWords,
  variableWords
} from '../src/model/debugging';
import { runRow } from '../src/model/rows';
import type { Cell, Run } from '../src/tokens/wire';
import { aRun, trans } from './samples';

const NOW = Date.parse('2026-11-20T07:00:00Z');
const IN_THREE_DAYS = '2026-11-23T07:00:00Z';
const cell = (index: number, outcome: Cell['outcome'], seconds: number | null = null) => ({
  index,
  outcome,
  seconds
});
const CELLS = [
  cell(0, 'ok', 0.5),
  cell(2, 'skipped'),
  cell(3, 'ok', 37.6),
  cell(4, 'failed', 2),
  cell(6, 'not_run')
];
const ERROR = {
  cell_index: 4,
  cell_id: 'c',
  name: 'KeyError',
  value: "'device_type'",
  traceback: '',
  source_line: 'by_device = plays.groupby("device_type").size()'
};

const failed = (own: Partial<Run> = {}) =>
  aRun({ state: 'failed', reason: 'cell_error', output: 'runs/x', error: ERROR, cells: CELLS, ...own });
const state = (own: Partial<CopyState> = {}): CopyState => ({
  run: failed({ kernel_alive_until: IN_THREE_DAYS }),
  attached: true,
  told: null,
  replayed: false,
  ...own
});
const gone = failed();

describe('a run that is looked into', () => {
  it('shows the first line of the cell that failed, to those too who do not see the row', () => {
    const row = runRow(failed(), NOW, trans);
    expect(row.source).toBe(ERROR.source_line);
    expect(row.spoken).toContain(`Cell 5 KeyError: 'device_type', ${ERROR.source_line}`);
    expect(runRow(failed({ error: { ...ERROR, source_line: undefined } }), NOW, trans).source).toBe('');
    expect(runRow(failed({ state: 'succeeded' }), NOW, trans).source).toBe('');
  });

  it('is debugged once it has failed or was cancelled, and taken over while it runs', () => {
    expect(runActions(failed())).toEqual(['open', 'debug', 'retry', 'delete']);
    expect(runActions(failed({ state: 'cancelled' }))).toContain('debug');
    expect(runActions(failed({ state: 'cancelled', output: null }))).not.toContain('debug');
    expect(runActions(failed({ state: 'succeeded' }))).not.toContain('debug');
    expect(runActions(aRun({ state: 'running' }))).toEqual(['takeOver', 'cancel']);
    expect(runActions(aRun({ state: 'running', cancel_requested_at: IN_THREE_DAYS }))).toEqual([]);
    expect(runActions(aRun({ state: 'queued' }))).toEqual(['cancel']);
  });

  it('is mended where it failed, else where it was interrupted, else where it had not come to', () => {
    expect(cellToMend(failed())).toBe(4);
    expect(cellToMend(failed({ error: null, cells: [cell(0, 'ok'), cell(2, 'interrupted')] }))).toBe(2);
    expect(cellToMend(failed({ error: null, cells: [cell(0, 'ok'), cell(2, 'not_run')] }))).toBe(2);
    expect(cellToMend(failed({ error: null, cells: [cell(0, 'ok')] }))).toBeNull();
  });

  it('says until when its variables are kept, or what a copy costs without them', () => {
    expect(variableWords(failed({ kernel_alive_until: IN_THREE_DAYS }), NOW, trans)).toMatch(
      /^Variables are kept until Mon \d\d:00$/
    );
    expect(variableWords(gone, NOW, trans)).toBe(
      'No kernel is kept: a copy gets a fresh one. The 2 cells above took 38 s.'
    );
    expect(replayWords(failed({ cells: [cell(4, 'failed', 2)] }), trans)).toBe('');
    expect(replayWords(failed({ cells: [cell(0, 'ok', 3), cell(4, 'failed', 2)] }), trans)).toBe(
      'The cell above took 3 s.'
    );
  });
});

describe('a debug copy', () => {
  it('goes on from the failed cell where it stands on the kernel of the run', () => {
    expect(copyActions(state())).toEqual(['retry', 'continue', 'publish']);
    expect(copyWords(state(), NOW, trans)).toBe('Its variables are here, kept for 3 d');
  });

  it('goes back to that kernel where it stands on another one', () => {
    const elsewhere = state({ attached: false });
    expect(copyActions(elsewhere)).toEqual(['retry', 'publish', 'connect']);
    expect(copyWords(elsewhere, NOW, trans)).toBe('Its variables are elsewhere, kept for 3 d');
  });

  it('runs the cells above where that kernel is gone, or could not be handed over', () => {
    const replayed = ['retry', 'publish', 'replay'];
    expect(copyActions(state({ run: gone, attached: false }))).toEqual(replayed);
    expect(copyActions(state({ run: gone }))).toEqual(replayed);
    const told = state({ attached: false, told: 'Its kernel is on the host pod-2.' });
    expect(copyActions(told)).toEqual(replayed);
    expect(copyWords(told, NOW, trans)).toBe('Its kernel is on the host pod-2. The 2 cells above took 38 s.');
    expect(copyWords(state({ run: gone }), NOW, trans)).toBe(
      'Its variables are gone. The 2 cells above took 38 s.'
    );
  });

  it('offers the fix once the cells above have run again', () => {
    const replayed = state({ run: gone, replayed: true });
    expect(copyActions(replayed)).toEqual(['replay', 'retry', 'publish']);
    expect(copyWords(replayed, NOW, trans)).toBe('The cells above have run again.');
  });

  it('waits for a run that went on from it, and has nothing to replay once that has succeeded', () => {
    expect(copyActions(state({ run: aRun({ state: 'running' }) }))).toEqual([]);
    const done = state({ run: aRun({ state: 'succeeded' }) });
    expect(copyActions(done)).toEqual(['retry', 'publish']);
    expect(copyWords(done, NOW, trans)).toBe('Succeeded');
  });
});
