import { answersTo, withEvent, withRow } from '../src/model/merge';
import { anEvent, aRun } from './samples';

describe('withEvent', () => {
  it('starts the clock of a run when it starts running', () => {
    const event = anEvent({ state: 'running', progress: { done: 0, total: 4, current: 0 } });
    const run = withEvent(aRun({ reason: 'capacity', message: 'for a free place' }), event);
    expect(run).toMatchObject({ state: 'running', started_at: event.at, reason: null, message: null });
  });

  it('keeps the start while progress goes on', () => {
    const running = aRun({ state: 'running', started_at: '2026-11-20T07:00:01Z' });
    const run = withEvent(running, anEvent({ progress: { done: 3, total: 4, current: 3 } }));
    expect(run.started_at).toBe('2026-11-20T07:00:01Z');
    expect(run.progress?.done).toBe(3);
  });

  it('keeps the last progress where an event tells none', () => {
    const running = aRun({ state: 'running', progress: { done: 3, total: 4, current: 3 } });
    expect(withEvent(running, anEvent({ state: 'failed', progress: null })).progress?.done).toBe(3);
  });

  it('never brings a run that has ended back to life', () => {
    const ended = aRun({ state: 'failed', finished_at: '2026-11-20T07:00:02Z' });
    expect(withEvent(ended, anEvent({ state: 'running' }))).toBe(ended);
  });
});

describe('withRow', () => {
  const older = aRun({ id: '01', created_at: '2026-11-20T07:00:00Z' });
  const newer = aRun({ id: '03', created_at: '2026-11-20T07:00:02Z' });

  it('puts a new run where its time belongs, newest first', () => {
    const between = aRun({ id: '02', created_at: '2026-11-20T07:00:01Z' });
    expect(withRow([newer, older], between).map(run => run.id)).toEqual(['03', '02', '01']);
  });

  it('orders runs of the same instant by id', () => {
    const twin = aRun({ id: '04', created_at: newer.created_at });
    expect(withRow([newer, older], twin).map(run => run.id)).toEqual(['04', '03', '01']);
  });

  it('replaces the row of a run that is already there', () => {
    const rows = withRow([newer, older], { ...older, state: 'succeeded' });
    expect(rows.map(run => [run.id, run.state])).toEqual([
      ['03', 'queued'],
      ['01', 'succeeded']
    ]);
  });
});

describe('answersTo', () => {
  it.each([
    ['daily', true],
    ['PLAYS rep', true],
    ['aily', false],
    ['daily weekly', false],
    ['', true]
  ])('finds word prefixes as the server does: %s', (q, found) => {
    expect(answersTo(aRun(), q)).toBe(found);
  });
});
