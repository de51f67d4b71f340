import { byDay, lastResult, nextTime, runRow } from '../src/model/rows';
import { timeOfDay } from '../src/model/times';
import { aJob, aRun, trans } from './samples';

const NOW = Date.parse('2026-11-20T07:01:00Z');
const row = (own: Parameters<typeof aRun>[0], ofNotebook = false) =>
  runRow(aRun(own), NOW, trans, ofNotebook);

describe('the row of a run', () => {
  it('tells cell and error of a failed one in its small line', () => {
    const error = {
      cell_index: 6,
      cell_id: null,
      name: 'KeyError',
      value: "'device_type'\nmore",
      traceback: ''
    };
    expect(row({ state: 'failed', error })).toMatchObject({
      why: "Cell 7 KeyError: 'device_type'",
      wrong: true
    });
  });

  it('says why a run failed that no cell is to blame for', () => {
    expect(row({ state: 'failed', reason: 'timeout' }).why).toBe('took longer than its time limit');
    expect(row({ state: 'failed', reason: 'lost', message: 'the worker was stopped' }).why).toBe(
      'the worker was stopped'
    );
  });

  it('shows how far a running one is', () => {
    const running = {
      state: 'running' as const,
      started_at: '2026-11-20T07:00:48Z',
      progress: { done: 3, total: 10, current: 4 },
      parameters: { alpha: 0.3 }
    };
    expect(row(running)).toMatchObject({ when: '0:12', why: 'Cell 4 of 10 · alpha=0.3', share: 0.3 });
  });

  it('never counts beyond the last cell', () => {
    const progress = { done: 10, total: 10, current: null };
    expect(row({ state: 'running', progress }).why).toBe('Cell 10 of 10');
  });

  it('says what a waiting one waits for', () => {
    const message = 'waits for a free place (2 of 2 in use)';
    expect(row({ reason: 'capacity', message, parameters: { alpha: 0.5 } })).toMatchObject({
      when: timeOfDay(aRun().created_at),
      why: `alpha=0.5 · ${message}`
    });
    expect(row({ reason: 'needs_kernel' })).toMatchObject({ when: 'waits', why: 'for its kernel' });
    expect(
      row({ reason: 'retry_wait', available_at: '2026-11-20T07:01:30Z', attempt: 2, max_attempts: 3 })
    ).toMatchObject({
      when: 'in 30 s',
      why: 'attempt 2 of 3 · to be tried again'
    });
  });

  it('says who stopped or skipped it', () => {
    expect(row({ state: 'cancelled', reason: 'user' }).why).toBe('cancelled by hand');
    expect(row({ state: 'skipped', reason: 'user' }).why).toBe('skipped by hand');
  });

  it('tells a span of missed due times as one', () => {
    const covers = { count: 4, from: '2026-11-20T02:00:00Z', to: '2026-11-20T05:00:00Z' };
    expect(row({ state: 'skipped', reason: 'missed', covers })).toMatchObject({
      when: `${timeOfDay(covers.from)}–${timeOfDay(covers.to)}`,
      why: '4 due times missed'
    });
  });

  it('names the runs of one notebook by their values', () => {
    const parameters = { region: 'fr', run_date: '2026-11-19' };
    expect(row({ state: 'succeeded', duration_seconds: 42, parameters }, true)).toMatchObject({
      what: 'fr · 2026-11-19',
      why: '42 s'
    });
  });

  it('cuts long values short', () => {
    expect(row({ state: 'succeeded', parameters: { q: 'x'.repeat(100) } }).why).toBe(`q=${'x'.repeat(39)}…`);
  });

  it('speaks the state, which sighted people see as a shape', () => {
    expect(row({ state: 'succeeded' }).spoken).toMatch(/^Succeeded, daily_plays, /);
  });
});

describe('a list of runs', () => {
  it('comes under the headings of its days', () => {
    const runs = ['2026-11-20T06:00:00Z', '2026-11-20T05:00:00Z', '2026-11-18T12:00:00Z'].map(
      (created_at, index) => aRun({ id: String(index), created_at })
    );
    expect(byDay(runs, NOW, trans).map(({ runs }) => runs.length)).toEqual([2, 1]);
  });
});

describe('the row of a job', () => {
  it('says when it fires next, or why it does not', () => {
    expect(nextTime(aJob({ next_run_at: '2026-11-20T20:01:00Z' }), NOW, trans)).toBe('in 13 h');
    expect(nextTime(aJob({ paused: true }), NOW, trans)).toBe('paused');
    expect(nextTime(aJob({ next_run_at: null, trigger: null }), NOW, trans)).toBe('by hand');
  });

  it('says how it last went', () => {
    const last_run = aRun({ state: 'failed', scheduled_for: '2026-11-20T07:00:00Z' });
    expect(lastResult(aJob({ last_run }), NOW, trans)).toBe(
      `last run failed ${timeOfDay('2026-11-20T07:00:00Z')}`
    );
    expect(lastResult(aJob(), NOW, trans)).toBe('has not run yet');
  });
});
