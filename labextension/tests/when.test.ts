import { boundsOf, mayBeBounded, needsZone, newWhen, triggerOf, When, whenOf } from '../src/model/when';
import type { Job, Trigger } from '../src/tokens/wire';
import { aJob } from './samples';

const NOW = Date.parse('2026-11-20T07:01:00Z');
const ZONE = 'America/New_York';

const when = (part: Partial<When> = {}): When => ({ ...newWhen('Europe/Berlin', NOW), ...part });

describe('when a job runs', () => {
  it.each<Trigger | null>([
    null,
    { type: 'cron', cron: '0 7 * * 1-5', timezone: 'Europe/Berlin' },
    { type: 'cron', cron: '*/7 2-4 * jan,feb mon#1', timezone: 'Asia/Tehran' },
    { type: 'interval', every_seconds: 900, start_at: null },
    { type: 'interval', every_seconds: 86_401, start_at: '2026-11-20T07:00:00.5Z' },
    { type: 'once', at: '2026-11-01T05:30:00Z' },
    { type: 'once', at: '2026-11-01T06:30:00Z' }
  ])('comes through the form unchanged: %j', trigger => {
    expect(triggerOf(whenOf(aJob({ trigger }), ZONE, NOW))).toEqual(trigger);
  });

  it.each<Partial<Job>>([
    { starts_at: '2026-12-01T00:00:00Z', ends_at: '2026-12-24T11:59:59.999999Z', max_runs: 12 },
    { starts_at: null, ends_at: '2027-01-01T00:00:00Z' },
    { max_runs: 1, trigger: null }
  ])('keeps its bounds through the form: %j', bounds => {
    const job = aJob(bounds);
    const { starts_at, ends_at, max_runs } = job;
    expect(boundsOf(whenOf(job, ZONE, NOW))).toEqual({ starts_at, ends_at, max_runs });
  });

  it('starts with weekdays in the morning', () => {
    expect(triggerOf(when())).toEqual({ type: 'cron', cron: '0 7 * * 1-5', timezone: 'Europe/Berlin' });
  });

  it('sends a moment with the offset of the chosen zone', () => {
    expect(triggerOf(when({ kind: 'once', at: '2026-07-01T09:30' }))).toEqual({
      type: 'once',
      at: '2026-07-01T09:30:00+02:00'
    });
    expect(triggerOf(when({ kind: 'interval', start: '2026-12-01T09:30' }))).toEqual({
      type: 'interval',
      every_seconds: 900,
      start_at: '2026-12-01T09:30:00+01:00'
    });
    expect(boundsOf(when({ from: '2026-12-01T00:00', until: '2027-07-01T00:00' }))).toEqual({
      starts_at: '2026-12-01T00:00:00+01:00',
      ends_at: '2027-07-01T00:00:00+02:00',
      max_runs: null
    });
  });

  it('proposes tomorrow morning for a single time', () => {
    const late = Date.parse('2026-11-20T23:30:00Z');
    expect(triggerOf({ ...newWhen('Europe/Berlin', late), kind: 'once' })).toEqual({
      type: 'once',
      at: '2026-11-22T07:00:00+01:00'
    });
  });

  it('means another moment in another zone', () => {
    const job = aJob({ trigger: { type: 'once', at: '2026-12-01T12:00:00Z' } });
    const moved = { ...whenOf(job, 'UTC', NOW), timezone: 'Asia/Tokyo' };
    expect(triggerOf(moved)).toEqual({ type: 'once', at: '2026-12-01T12:00:00+09:00' });
  });

  it('leaves it to the server to say what is wrong with what was typed', () => {
    const interval = { count: '', unit: 'minutes' as const };
    expect(triggerOf(when({ kind: 'interval', interval }))).toMatchObject({ every_seconds: 0 });
    expect(triggerOf(when({ kind: 'once', at: '' }))).toEqual({ type: 'once', at: '' });
    expect(boundsOf(when({ maxRuns: '0' })).max_runs).toBe(0);
  });

  it('asks for a zone where a time needs one', () => {
    expect(needsZone(when({ kind: 'cron' }))).toBe(true);
    expect(needsZone(when({ kind: 'once' }))).toBe(true);
    expect(needsZone(when({ kind: 'interval' }))).toBe(false);
    expect(needsZone(when({ kind: 'interval', start: '2026-12-01T09:30' }))).toBe(true);
    expect(needsZone(when({ kind: 'interval', until: '2026-12-01T09:30' }))).toBe(true);
    expect(needsZone(when({ kind: 'never', start: '2026-12-01T09:30' }))).toBe(false);
  });

  it('shows bounds where they mean something, and wherever there are some', () => {
    expect(mayBeBounded(when({ kind: 'once' }))).toBe(false);
    expect(mayBeBounded(when({ kind: 'never', maxRuns: '3' }))).toBe(true);
    expect(mayBeBounded(when({ kind: 'interval' }))).toBe(true);
  });
});
