import { byDay, runRow } from '../src/model/rows';
import { timeOfDay } from '../src/model/times';
import { aRun, trans } from './samples';

const NOW = Date.parse('2026-11-20T07:01:00Z');
const row = (own: Parameters<typeof aRun>[0], ofNotebook = false) =>
  runRow(aRun(own), NOW, trans, ofNotebook);

const SKIPPED: Record<string, string> = {
  missed: 'due time missed, the scheduler was off',
  overlap: 'the run before it was still going on',
  superseded: 'a later run took its place',
  user: 'skipped by hand'
};

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
    expect(row({ state: 'failed', reason: 'timeout' }).why).toBe('timeout');
    expect(row({ state: 'failed', reason: 'lost', message: 'the worker was stopped' }).why).toBe(
      'the worker was stopped'
    );
  });

  it('names one of a sweep by what differs, and among others by its notebook', () => {
    const one = {
      batch_id: 'b',
      name: 'report (2) (alpha=1, note=a (b))',
      parameters: { alpha: 1, note: 'a (b)' }
    };
    expect(row(one, true).what).toBe('alpha=1, note=a (b)');
    expect(row(one).what).toBe('report (2)');
    expect(row({ ...one, name: 'report' }, true).what).toBe('report');
    expect(row({ name: 'mine (alpha=1)' }).what).toBe('mine (alpha=1)');
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

  it('tells how long a running one should take, as long as it may', () => {
    const running = { state: 'running' as const, started_at: '2026-11-20T07:00:48Z' };
    expect(row({ ...running, expected_seconds: 40.4 }).when).toBe('0:12 of about 40 s');
    expect(row({ ...running, expected_seconds: 11.9 }).when).toBe('0:12');
    const begun = { ...running, started_at: '2026-11-20T07:00:59Z' };
    expect(row({ ...begun, expected_seconds: 3 }).when).toBe('0:01');
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

  it('tells a span of missed due times as one, as visible as a failure', () => {
    const covers = { count: 12, from: '2026-11-20T02:00:00Z', to: '2026-11-20T07:00:00Z' };
    const message = '12 due times missed: the scheduler was not running';
    const span = `${timeOfDay(covers.from)}–${timeOfDay(covers.to)}`;
    expect(row({ state: 'skipped', reason: 'missed', message, covers })).toMatchObject({
      when: timeOfDay(aRun().created_at),
      why: `12 due times missed, ${span}`,
      wrong: true
    });
  });

  it('names the days of a span that is longer than one', () => {
    const covers = { count: 48, from: '2026-11-18T12:00:00Z', to: '2026-11-20T12:00:00Z' };
    expect(row({ state: 'skipped', reason: 'missed', covers }).why).toMatch(
      /^48 due times missed, Wed.* 18.* – Fri.* 20.*/
    );
  });

  it.each([
    ['missed', true],
    ['overlap', true],
    ['superseded', true],
    ['user', false]
  ])('shows a due time skipped as %s like a failure: %s', (reason, wrong) => {
    const shown = row({ state: 'skipped', reason, message: 'as the server says, with ids and instants' });
    expect(shown.wrong).toBe(wrong);
    expect(shown.why).toBe(SKIPPED[reason]);
  });

  it('tells the day of a due time that was skipped before it came', () => {
    const skipped = { state: 'skipped', reason: 'user', cause: 'schedule' } as const;
    expect(row({ ...skipped, scheduled_for: '2026-11-20T09:00:00Z' }).when).toBe(
      timeOfDay('2026-11-20T09:00:00Z')
    );
    expect(row({ ...skipped, scheduled_for: '2026-11-22T09:00:00Z' }).when).toBe(
      `Sun ${timeOfDay('2026-11-22T09:00:00Z')}`
    );
  });

  it('says that it waits for another run, without the ids by which the server names it', () => {
    const message = 'waits for the run of this job before it (01a1fec6)';
    expect(row({ reason: 'overlap', message }).why).toBe('waits for the run before it');
  });

  it('names what a run makes up for, with the day where it is another one', () => {
    const created_at = '2026-11-20T12:00:00Z';
    const today = { created_at, scheduled_for: '2026-11-20T10:00:00Z' };
    expect(row({ cause: 'catch_up', reason: 'capacity', ...today }).why).toBe('catch-up · for a free place');
    expect(row({ cause: 'catch_up', state: 'running', ...today }).why).toBe(
      `Starting · catch-up for ${timeOfDay(today.scheduled_for)}`
    );
    const earlier = { created_at, scheduled_for: '2026-11-18T12:00:00Z' };
    expect(row({ cause: 'backfill', state: 'succeeded', duration_seconds: 42, ...earlier }).why).toMatch(
      /^42 s · backfill for Wed /
    );
    expect(row({ cause: 'schedule', state: 'succeeded', duration_seconds: 42, ...earlier }).why).toBe('42 s');
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
