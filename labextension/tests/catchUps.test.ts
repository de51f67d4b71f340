import { Problem } from '../src/api/problem';
import type { RunQuery } from '../src/api/server';
import { skipCatchUps, waitingCatchUps } from '../src/model/catchUps';
import type { Run, RunPage } from '../src/tokens/wire';
import { aRun } from './samples';

/** A server part after an outage, with pages of ten. */
class AfterOutage {
  constructor(public rows: Run[]) {}
  skipped: [string, string][] = [];

  readonly runs = {
    page: async (query: RunQuery): Promise<RunPage> => {
      const fitting = this.rows.filter(run => run.state === 'queued' && run.cause === query.cause);
      const counts = { queued: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0, skipped: 0 };
      this.rows.filter(run => run.cause === query.cause).forEach(run => (counts[run.state] += 1));
      const next_cursor = fitting.length > 10 ? '10' : null;
      return { runs: fitting.slice(0, 10), next_cursor, counts, counts_capped: false };
    }
  };

  readonly jobs = {
    skip: async (job: string, scheduledFor: string): Promise<Run> => {
      const run = this.rows.find(row => row.job_id === job && row.scheduled_for === scheduledFor);
      if (run?.state !== 'queued' || run.name === 'starts meanwhile') {
        throw new Problem(409, 'this due time has been run', 'wrong_state');
      }
      this.skipped.push([job, scheduledFor]);
      this.rows = this.rows.map(row => (row === run ? { ...run, state: 'skipped', reason: 'user' } : row));
      return run;
    }
  };
}

function missed(count: number, own: Partial<Run> = {}): Run[] {
  return Array.from({ length: count }, (_, hour) => {
    const at = new Date(Date.UTC(2026, 10, 20, hour)).toISOString();
    return aRun({ id: `r${hour}`, job_id: 'j1', cause: 'catch_up', scheduled_for: at, ...own });
  });
}

describe('runs after an outage', () => {
  it('are those that wait for their first attempt to make up for a missed time', async () => {
    const server = new AfterOutage([
      ...missed(3),
      ...missed(1, { id: 'again', attempt: 2 }),
      ...missed(1, { id: 'usual', cause: 'schedule' }),
      ...missed(1, { id: 'goes on', state: 'running' })
    ]);
    expect((await waitingCatchUps(server)).count).toBe(3);
  });

  it('are counted beyond the first page', async () => {
    expect((await waitingCatchUps(new AfterOutage(missed(23)))).count).toBe(23);
  });

  it('are left out one by one, page after page', async () => {
    const server = new AfterOutage(missed(23));
    expect(await skipCatchUps(server)).toBe(23);
    expect(server.skipped[0]).toEqual(['j1', '2026-11-20T00:00:00.000Z']);
    expect((await waitingCatchUps(server)).count).toBe(0);
  });

  it('go on where they have started meanwhile', async () => {
    const server = new AfterOutage([
      ...missed(2),
      ...missed(1, { id: 'x', job_id: 'j2', name: 'starts meanwhile' })
    ]);
    expect(await skipCatchUps(server)).toBe(2);
  });

  it('stay where the server cannot be reached, and that is told', async () => {
    const server = new AfterOutage(missed(2));
    server.jobs.skip = async () => {
      throw new Problem(0, 'unreachable', 'unreachable');
    };
    await expect(skipCatchUps(server)).rejects.toThrow('unreachable');
  });
});
