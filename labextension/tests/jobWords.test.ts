import { lastResult, nextTime, pausedWords, problemWords } from '../src/model/jobWords';
import { scheduleWords } from '../src/model/schedule';
import { browserZone, dateAndTime, moment, timeOfDay } from '../src/model/times';
import type { Job, Trigger } from '../src/tokens/wire';
import { aJob, aRun, trans } from './samples';

const NOW = Date.parse('2026-11-20T07:01:00Z');
const words = (own: Partial<Job>) => scheduleWords(aJob(own), NOW, trans);

describe('the row of a job', () => {
  it('says when it fires next, or why it does not', () => {
    expect(nextTime(aJob({ next_run_at: '2026-11-20T20:01:00Z' }), NOW, trans)).toBe('in 13 h');
    expect(nextTime(aJob({ paused: true }), NOW, trans)).toBe('paused');
    expect(nextTime(aJob({ next_run_at: null, trigger: null }), NOW, trans)).toBe('by hand');
    expect(nextTime(aJob({ next_run_at: null }), NOW, trans)).toBe('ended');
    expect(nextTime(aJob({ next_run_at: null, problem: 'no such zone' }), NOW, trans)).toBe('cannot run');
  });

  it('says until when it is paused, where somebody said so', () => {
    const paused_until = '2026-11-23T07:00:00Z';
    expect(pausedWords(aJob({ paused: true, paused_until }), NOW, trans)).toBe(
      `Paused until ${moment(paused_until, NOW)}`
    );
    expect(pausedWords(aJob({ paused: true }), NOW, trans)).toBeNull();
    expect(pausedWords(aJob(), NOW, trans)).toBeNull();
  });

  it('says why it cannot run, once', () => {
    expect(problemWords(aJob({ notebook_missing: true }), trans)).toBe('Its notebook is gone');
    expect(problemWords(aJob({ notebook_missing: true, problem: 'a.ipynb is gone' }), trans)).toBe(
      'a.ipynb is gone'
    );
    expect(problemWords(aJob(), trans)).toBeNull();
  });

  it('says how it last went', () => {
    const last_run = aRun({ state: 'failed', scheduled_for: '2026-11-20T07:00:00Z' });
    expect(lastResult(aJob({ last_run }), NOW, trans)).toBe(
      `last run failed ${timeOfDay('2026-11-20T07:00:00Z')}`
    );
    expect(lastResult(aJob(), NOW, trans)).toBe('has not run yet');
  });

  it('says which time somebody has skipped, be it past or still to come', () => {
    const said = (scheduled_for: string) =>
      lastResult(aJob({ last_run: aRun({ state: 'skipped', scheduled_for }) }), NOW, trans);
    const [past, coming] = ['2026-11-20T06:00:00Z', '2026-11-20T09:00:00Z'];
    expect(said(past)).toBe(`${timeOfDay(past)} was skipped`);
    expect(said(coming)).toBe(`${timeOfDay(coming)} is skipped`);
  });
});

describe('a schedule in words', () => {
  it.each<[Trigger | null, string]>([
    [null, 'By hand only'],
    [{ type: 'interval', every_seconds: 5400, start_at: null }, 'Every 90 minutes'],
    [{ type: 'once', at: '2026-12-01T12:00:00Z' }, `Once, ${dateAndTime('2026-12-01T12:00:00Z')}`],
    [{ type: 'cron', cron: '5 * * * *', timezone: browserZone() }, 'Every hour at minute 5'],
    [{ type: 'cron', cron: '0 7 * * *', timezone: browserZone() }, 'Every day at 07:00'],
    [{ type: 'cron', cron: '0 7 * * 1-5', timezone: 'Asia/Ho_Chi_Minh' }, 'Weekdays at 07:00, Ho Chi Minh'],
    [{ type: 'cron', cron: '30 18 * * 0,3', timezone: browserZone() }, 'Sun, Wed at 18:30'],
    [{ type: 'cron', cron: '0 7 31 * *', timezone: browserZone() }, 'Day 31 of every month at 07:00'],
    [{ type: 'cron', cron: '@daily', timezone: browserZone() }, 'Cron @daily']
  ])('tells %j', (trigger, said) => {
    expect(words({ trigger })).toBe(said);
  });

  it('tells its bounds as long as they matter', () => {
    const trigger: Trigger = { type: 'interval', every_seconds: 60, start_at: null };
    const [soon, later] = ['2026-12-01T00:00:00Z', '2026-12-24T00:00:00Z'];
    expect(words({ trigger, starts_at: soon, ends_at: later })).toBe(
      `Every minute, from ${moment(soon, NOW)}, until ${moment(later, NOW)}`
    );
    expect(words({ trigger, starts_at: '2026-11-01T00:00:00Z' })).toBe('Every minute');
    expect(words({ trigger, max_runs: 10, slots_run: 3 })).toBe('Every minute, 3 of 10 runs');
    expect(words({ trigger: null, max_runs: 10 })).toBe('By hand only');
  });
});
