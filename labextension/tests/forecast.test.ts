import type { Server } from '../src/api/server';
import { forecast } from '../src/model/forecast';
import { newWhen, When, whenOf } from '../src/model/when';
import type { Trigger, TriggerPreview } from '../src/tokens/wire';
import { aJob } from './samples';

const NOW = Date.parse('2026-11-20T07:01:00Z');

/** A server part whose every trigger fires each full hour. */
class Hourly implements Pick<Server, 'preview'> {
  asked: { trigger: Trigger; count: number; after: string | null }[] = [];

  async preview(trigger: Trigger, count: number, after: string | null): Promise<TriggerPreview> {
    this.asked.push({ trigger, count, after });
    const hour = 3_600_000;
    const first = Math.floor(Date.parse(after ?? new Date(NOW).toISOString()) / hour) * hour + hour;
    const fires = Array.from({ length: count }, (_, index) => {
      const at = new Date(first + index * hour).toISOString();
      return { at, local: at, note: null };
    });
    return { description: 'Every hour', fires };
  }
}

const when = (part: Partial<When> = {}): When => ({ ...newWhen('UTC', NOW), ...part });
const hours = (preview: TriggerPreview | null) => preview?.fires.map(fire => fire.at.slice(0, 13));

describe('a look ahead', () => {
  const server = new Hourly();
  beforeEach(() => (server.asked = []));

  it('shows the next five times', async () => {
    const preview = await forecast(server, when(), null, NOW);
    expect(hours(preview)?.length).toBe(5);
    expect(server.asked[0].after).toBeNull();
  });

  it('asks nothing where there is no trigger', async () => {
    expect(await forecast(server, when({ kind: 'never' }), null, NOW)).toBeNull();
    expect(server.asked).toEqual([]);
  });

  it('begins with the first moment that is allowed, that one included', async () => {
    const preview = await forecast(server, when({ from: '2026-12-01T09:00' }), null, NOW);
    expect(hours(preview)?.[0]).toBe('2026-12-01T09');
  });

  it('begins now where the first moment has gone by', async () => {
    await forecast(server, when({ from: '2026-11-01T09:00' }), null, NOW);
    expect(server.asked[0].after).toBeNull();
  });

  it('stops before the end', async () => {
    const preview = await forecast(server, when({ until: '2026-11-20T10:00' }), null, NOW);
    expect(hours(preview)).toEqual(['2026-11-20T08', '2026-11-20T09']);
  });

  it('shows no more times than runs are left', async () => {
    expect(hours(await forecast(server, when({ maxRuns: '3' }), null, NOW))?.length).toBe(3);
    const job = aJob({ max_runs: 3, slots_run: 1 });
    expect(hours(await forecast(server, whenOf(job, 'UTC', NOW), job, NOW))?.length).toBe(2);
    const done = aJob({ max_runs: 3, slots_run: 4 });
    expect(hours(await forecast(server, whenOf(done, 'UTC', NOW), done, NOW))).toEqual([]);
  });

  it('goes on counting an interval from where its job counts', async () => {
    const trigger = { type: 'interval' as const, every_seconds: 900, start_at: null };
    const job = aJob({ trigger, next_run_at: '2026-11-20T07:11:00Z' });
    const same = whenOf(job, 'UTC', NOW);
    await forecast(server, same, job, NOW);
    await forecast(server, { ...same, from: '2026-11-20T09:00' }, job, NOW);
    await forecast(server, { ...same, interval: { count: '1', unit: 'hours' } }, job, NOW);
    expect(server.asked.map(({ after }) => after)).toEqual([
      '2026-11-20T06:56:00.000Z',
      '2026-11-20T08:56:00.000Z',
      null
    ]);
  });

  it('counts a new interval from now, however late it begins', async () => {
    const interval = { count: '1', unit: 'hours' as const };
    await forecast(server, when({ kind: 'interval', interval, from: '2026-11-20T10:00' }), null, NOW);
    expect(server.asked[0].after).toBe('2026-11-20T09:01:00.000Z');
  });
});
