import { chartOf, drawn, offersOf } from '../src/model/chart';
import { asText, columnsOf, outlookOf, progressWords, sorted } from '../src/model/comparison';
import type { BatchRun } from '../src/tokens/wire';
import { aBatch, aBatchRun, trans } from './samples';

const runs = [
  aBatchRun({ id: '1', parameters: { alpha: 0.5, name: 'b' }, results: { score: 10 }, duration_seconds: 3 }),
  aBatchRun({ id: '2', parameters: { alpha: 0.1, name: 'a10' }, results: { score: 9 }, duration_seconds: 1 }),
  aBatchRun({ id: '3', parameters: { alpha: 0.3, name: 'a9' }, results: {}, state: 'failed' }),
  aBatchRun({ id: '4', parameters: { alpha: 0.1, name: 'b' }, results: { score: 100 }, state: 'running' })
];
const batch = aBatch({ varied: ['alpha', 'name'], results: ['score'], runs });
const columns = columnsOf(batch, trans);

function order(title: string, down: boolean): string {
  const column = columns.find(column => column.title === title);
  return sorted(runs, column, down)
    .map(run => run.id)
    .join('');
}

describe('sorted', () => {
  it('puts numbers by size, words by their numbers, states by their course, and what is missing last', () => {
    expect(order('alpha', false)).toBe('2431');
    expect(order('alpha', true)).toBe('1324');
    expect(order('name', false)).toBe('3214');
    expect(order('score', false)).toBe('2143');
    expect(order('score', true)).toBe('4123');
    expect(order('Duration', true)).toBe('1234');
    expect(order('State', false)).toBe('4123');
    expect(order('nothing like it', true)).toBe('1234');
  });

  it('leaves the rows themselves as they were', () => {
    sorted(runs, columns[0], true);
    expect(runs.map(run => run.id)).toEqual(['1', '2', '3', '4']);
  });
});

describe('asText', () => {
  const odd = aBatchRun({
    parameters: { alpha: 1, name: 'a,\t"b"' },
    state: 'failed',
    error: { cell_index: 2, name: 'ValueError', value: 'no\nmore' },
    results: { score: [1, null] }
  });

  it('quotes what a spreadsheet would take apart', () => {
    const [head, row] = asText([odd], columns, ',', trans).split('\n');
    expect(head).toBe('alpha,name,State,Duration,score,Error');
    expect(row).toBe('1,"a,\t""b""",failed,,"[1,null]",Cell 3 ValueError: no');
  });

  it('has as many tabs in each line as there are columns but one', () => {
    const lines = asText(runs, columns, '\t', trans).split('\n');
    expect(lines).toHaveLength(5);
    expect(lines.map(line => line.split('\t').length)).toEqual([6, 6, 6, 6, 6]);
  });
});

it('shows no values of JavaScript’s own for names that a run has no value for', () => {
  const names = ['constructor', 'toString', '__proto__'];
  const odd = columnsOf(aBatch({ varied: names, results: names }), trans);
  const run = aBatchRun({ parameters: { constructor: 1 as never }, results: {} });
  expect(odd.filter(({ key }) => /^[pr]/.test(key)).map(({ value }) => value(run))).toEqual([
    1,
    ...Array(5).fill(null)
  ]);
});

it('expects the rest to go at the pace so far', () => {
  const counts = { queued: 4, running: 2, succeeded: 5, failed: 1, cancelled: 0, skipped: 0 };
  const started = aBatchRun({ started_at: '2026-11-20T07:00:00Z' });
  const going = aBatch({ counts, total: 12, runs: [started] });
  const now = Date.parse('2026-11-20T07:01:00Z');
  expect(outlookOf(going, now)).toEqual({ done: 6, left: 60 });
  expect(progressWords(going, trans)).toBe('6 of 12 done, 1 failed');
  expect(outlookOf({ ...going, runs: [] }, now).left).toBeNull();
  const none = { ...counts, queued: 12, running: 0, succeeded: 0, failed: 0 };
  expect(outlookOf({ ...going, counts: none }, now).left).toBeNull();
});

describe('the chart', () => {
  const look = { text: 'black', line: 'grey', font: 'serif', width: 500 };
  const chart = (rows: BatchRun[], chosen = {}) => {
    const shown = { ...batch, runs: rows };
    return chartOf(drawn(offersOf(shown, columns, trans), chosen, rows), rows, look) as {
      mark: unknown;
      data: { values: unknown[] };
      encoding: Record<string, { type: string; title: string; field: string }>;
    };
  };

  it('shows the first numeric result along the first numeric parameter, coloured by another', () => {
    const { data, encoding, mark } = chart(runs);
    expect([encoding.x.title, encoding.y.title, encoding.color.title]).toEqual(['alpha', 'score', 'name']);
    expect(encoding.x.type).toBe('quantitative');
    expect(mark).toEqual({ type: 'line', point: true });
    expect(data.values).toEqual([
      { x: 0.5, y: 10, colour: 'b' },
      { x: 0.1, y: 9, colour: 'a10' },
      { x: 0.1, y: 100, colour: 'b' }
    ]);
  });

  it('draws no line through runs that differ in more than it shows', () => {
    expect(chart(runs, { colour: '' }).mark).toBe('point');
    expect(chart(runs, { colour: '' }).encoding.color).toBeUndefined();
  });

  it('draws bars from nought for names, and duration where nothing else is a number', () => {
    const { mark, encoding } = chart(runs, { x: 'parameter name', y: 'duration', colour: 'parameter alpha' });
    expect(mark).toBe('bar');
    expect(encoding.y).toMatchObject({ title: 'Duration', scale: { zero: true } });
    const silent = runs.map(run => ({ ...run, results: {} }));
    expect(chart(silent).encoding.y.title).toBe('Duration');
  });

  it('takes days as days of the viewer, and many numbers as a scale of colour', () => {
    const many = Array.from({ length: 11 }, (_, index) =>
      aBatchRun({ parameters: { alpha: index, name: `2026-11-${10 + index}` }, results: { score: index } })
    );
    const { encoding, mark, data } = chart(many, { x: 'parameter name', colour: 'parameter alpha' });
    expect([encoding.x.type, encoding.color.type, mark]).toEqual(['temporal', 'quantitative', 'point']);
    expect(data.values[0]).toEqual({ x: '2026-11-10T00:00', y: 0, colour: 0 });
  });
});
