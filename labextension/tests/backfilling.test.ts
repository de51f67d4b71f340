import { Problem } from '../src/api/problem';
import type { Jobs } from '../src/api/server';
import { Backfilling, lastDay, rangeOf } from '../src/model/backfilling';
import type { BackfillRequest, Run } from '../src/tokens/wire';
import { aJob, aRun, moments } from './samples';

const HOUR = 3_600_000;

/** A server part of a job that is due each full hour; more than 50 due times at once are too many. */
class Hourly implements Pick<Jobs, 'backfillSlots' | 'backfill'> {
  asked: BackfillRequest[] = [];
  started: BackfillRequest[] = [];

  async backfillSlots(_: string, request: BackfillRequest): Promise<string[]> {
    this.asked.push(request);
    const [from, to] = [Date.parse(request.from), Date.parse(request.to)];
    if (Number.isNaN(from)) {
      throw new Problem(422, 'not valid', 'invalid', [{ field: 'from', message: 'is not a time' }]);
    }
    const slots: string[] = [];
    for (let at = Math.ceil(from / HOUR) * HOUR; at < to; at += HOUR) {
      slots.push(new Date(at).toISOString());
    }
    if (slots.length > 50) {
      throw new Problem(422, 'that would be too many', 'too_many');
    }
    return slots;
  }

  async backfill(job: string, request: BackfillRequest): Promise<Run[]> {
    this.started.push(request);
    return (await this.backfillSlots(job, request)).map(scheduled_for => aRun({ scheduled_for }));
  }
}

describe('choosing what to backfill', () => {
  const trigger = { type: 'cron' as const, cron: '0 * * * *', timezone: 'Asia/Kathmandu' };
  const range = { from: '2026-11-20T02:15:00Z', to: '2026-11-20T05:15:00Z' };
  const made: Backfilling[] = [];
  const begin = async (server: Hourly, own = range) => {
    const backfilling = new Backfilling(server, aJob({ trigger }), own);
    made.push(backfilling);
    await moments(10);
    return backfilling;
  };
  afterEach(() => made.splice(0).forEach(backfilling => backfilling.dispose()));

  it('shows the range in the zone of the job, and how much would run', async () => {
    const backfilling = await begin(new Hourly());
    expect(backfilling.draft).toEqual({ from: '2026-11-20T08:00', to: '2026-11-20T11:00', again: false });
    expect(backfilling.slots?.length).toBe(3);
  });

  it('counts anew after a change, once for several in a row', async () => {
    const server = new Hourly();
    const backfilling = await begin(server);
    server.asked = [];
    backfilling.change({ to: '2026-11-20T12:00' });
    expect(backfilling.slots).toBeNull();
    backfilling.change({ again: true });
    await moments(400);
    expect(server.asked).toEqual([
      { from: '2026-11-20T08:00:00+05:45', to: '2026-11-20T12:00:00+05:45', again: true }
    ]);
    expect(backfilling.slots?.length).toBe(4);
  });

  it('tells what the server has against it, beside the field or below', async () => {
    const backfilling = await begin(new Hourly());
    backfilling.change({ from: '' });
    await moments(400);
    expect(backfilling).toMatchObject({ errors: { from: 'is not a time' }, problem: null, slots: null });
    backfilling.change({ from: '2026-01-01T00:00' });
    await moments(400);
    expect(backfilling).toMatchObject({ errors: {}, problem: 'that would be too many', slots: null });
  });

  it('starts what was counted', async () => {
    const server = new Hourly();
    const backfilling = await begin(server);
    expect((await backfilling.start()).length).toBe(3);
    expect(server.started).toEqual([server.asked[0]]);
  });
});

describe('the range of a backfill', () => {
  it('holds the last missed time of a record too', () => {
    const covers = { count: 2, from: '2026-11-20T02:00:00Z', to: '2026-11-20T07:00:00Z' };
    expect(rangeOf(covers)).toEqual({ from: covers.from, to: '2026-11-20T07:01:00.000Z' });
    expect(rangeOf({ ...covers, to: '2026-11-20T07:00:30.250Z' }).to).toBe('2026-11-20T07:00:31.000Z');
  });

  it('is the last day where nobody has said', () => {
    expect(lastDay(Date.parse('2026-11-20T07:01:30Z'))).toEqual({
      from: '2026-11-19T07:01:00.000Z',
      to: '2026-11-20T07:01:00.000Z'
    });
  });
});
