import type { RunQuery, Runs } from '../src/api/server';
import { Feed } from '../src/model/feed';
import { RunList } from '../src/model/runs';
import type { Counts, Run, RunPage } from '../src/tokens/wire';
import { anEvent, aRun, moments } from './samples';

/** A server part in memory: the same filters, cursors and counts that API.md describes. */
class Rows implements Pick<Runs, 'page' | 'get'> {
  constructor(public rows: Run[]) {}
  asked: RunQuery[] = [];

  async page(query: RunQuery): Promise<RunPage> {
    this.asked.push(query);
    const fitting = this.rows.filter(
      run =>
        (!query.state || query.state.includes(run.state)) &&
        (query.job === undefined || run.job_id === query.job)
    );
    const start = Number(query.cursor ?? 0);
    const end = start + (query.limit ?? 50);
    const counts: Counts = { queued: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0, skipped: 0 };
    this.rows.forEach(run => (counts[run.state] += 1));
    return {
      runs: fitting.slice(start, end),
      next_cursor: end < fitting.length ? String(end) : null,
      counts,
      counts_capped: false
    };
  }

  async get(id: string): Promise<Run> {
    const run = this.rows.find(row => row.id === id);
    if (!run) {
      throw new Error(`no run ${id}`);
    }
    return run;
  }

  set(id: string, change: Partial<Run>): void {
    this.rows = this.rows.map(run => (run.id === id ? { ...run, ...change } : run));
  }
}

function minutes(count: number): Run[] {
  return Array.from({ length: count }, (_, index) => {
    const minute = String(59 - index).padStart(2, '0');
    return aRun({ id: `r${minute}`, created_at: `2026-11-20T07:${minute}:00Z`, state: 'succeeded' });
  });
}

describe('RunList', () => {
  const feed = new Feed();
  const made: RunList[] = [];
  const list = (server: Rows, ...rest: [object?, number?]) => {
    const runs = new RunList(server, feed, ...rest);
    made.push(runs);
    return runs;
  };
  afterEach(() => made.splice(0).forEach(runs => runs.dispose()));

  it('loads page after page until there is no more', async () => {
    const runs = list(new Rows(minutes(5)), {}, 2);
    await runs.refresh();
    expect([runs.rows.length, runs.hasMore]).toEqual([2, true]);
    await runs.loadMore();
    await runs.loadMore();
    expect(runs.rows.map(run => run.id)).toEqual(['r59', 'r58', 'r57', 'r56', 'r55']);
    expect(runs.hasMore).toBe(false);
  });

  it('fetches a run that it does not know when an event tells of it', async () => {
    const server = new Rows(minutes(1));
    const runs = list(server);
    await runs.refresh();
    server.rows = [aRun({ id: 'new', created_at: '2026-11-20T08:00:00Z', state: 'running' }), ...server.rows];
    feed.take(anEvent({ run_id: 'new', state: 'running' }));
    await moments(600);
    expect(runs.rows.map(run => run.id)).toEqual(['new', 'r59']);
    expect(runs.counts?.running).toBe(1);
  });

  it('shows an event at once and fetches what the event does not tell', async () => {
    const server = new Rows([aRun({ id: 'a', state: 'running' })]);
    const runs = list(server);
    await runs.refresh();
    const error = { cell_index: 6, cell_id: null, name: 'KeyError', value: "'x'", traceback: '' };
    server.set('a', { state: 'failed', error });
    feed.take(anEvent({ run_id: 'a', state: 'failed' }));
    expect(runs.rows[0]).toMatchObject({ state: 'failed', error: null });
    await moments(250);
    expect(runs.rows[0].error?.name).toBe('KeyError');
  });

  it('fetches a run whose event tells nothing new: something else has changed, such as a cancel request', async () => {
    const progress = { done: 1, total: 4, current: 1 };
    const server = new Rows([aRun({ id: 'a', state: 'running', progress })]);
    const runs = list(server);
    await runs.refresh();
    server.set('a', { cancel_requested_at: '2026-11-20T07:00:05Z' });
    feed.take(anEvent({ run_id: 'a', progress }));
    await moments(250);
    expect(runs.rows[0].cancel_requested_at).toBe('2026-11-20T07:00:05Z');
  });

  it('takes a run out of a filtered list once its state does not fit any more', async () => {
    const server = new Rows([aRun({ id: 'a', state: 'running' }), aRun({ id: 'b', state: 'failed' })]);
    const runs = list(server);
    await runs.narrow({ state: 'running' });
    expect(runs.rows.map(run => run.id)).toEqual(['a']);
    server.set('a', { state: 'succeeded' });
    feed.take(anEvent({ run_id: 'a', state: 'succeeded' }));
    expect(runs.rows).toEqual([]);
  });

  it('applies what was told while a page was on its way', async () => {
    const server = new Rows([aRun({ id: 'a', state: 'queued' })]);
    const runs = list(server);
    const refreshed = runs.refresh();
    feed.take(anEvent({ run_id: 'a', state: 'running' }));
    await refreshed;
    expect(runs.rows[0].state).toBe('running');
  });

  it('drops the answer to an older filter that comes in late', async () => {
    const server = new Rows([aRun({ id: 'a', state: 'failed' }), aRun({ id: 'b', state: 'succeeded' })]);
    const release: (() => void)[] = [];
    const page = server.page.bind(server);
    server.page = async query => {
      const answer = await page(query);
      if (query.state?.[0] === 'failed') {
        await new Promise<void>(resolve => release.push(resolve));
      }
      return answer;
    };
    const runs = list(server);
    const late = runs.narrow({ state: 'failed' });
    await runs.narrow({ state: 'succeeded' });
    await moments(0);
    release.forEach(go => go());
    await late;
    expect(runs.rows.map(run => run.id)).toEqual(['b']);
  });

  it('fetches again what it shows when events were missed', async () => {
    const server = new Rows([aRun({ id: 'a', state: 'running' })]);
    const runs = list(server);
    await runs.refresh();
    server.set('a', { state: 'succeeded' });
    feed.lost();
    await moments(20);
    expect(runs.rows[0].state).toBe('succeeded');
  });

  it('asks for a page instead of many single runs after a burst', async () => {
    const server = new Rows(minutes(30));
    const runs = list(server);
    await runs.refresh();
    server.asked = [];
    let single = 0;
    const get = server.get.bind(server);
    server.get = id => ((single += 1), get(id));
    for (let minute = 0; minute < 20; minute++) {
      feed.take(anEvent({ run_id: `burst${minute}` }));
    }
    await moments(600);
    expect(single).toBe(0);
    expect(server.asked.length).toBeLessThanOrEqual(2);
  });

  it('leaves runs of other notebooks alone in the list of one', async () => {
    const server = new Rows([aRun({ id: 'a' })]);
    const runs = list(server, { notebook: 'reports/daily_plays.ipynb' });
    await runs.refresh();
    server.asked = [];
    feed.take(anEvent({ run_id: 'z', notebook: 'other.ipynb' }));
    await moments(600);
    expect(server.asked).toEqual([]);
  });

  it('shows the runs of one job only, and hears of that job only', async () => {
    const server = new Rows([aRun({ id: 'a', job_id: 'j1' }), aRun({ id: 'b', job_id: 'j2' })]);
    const runs = list(server);
    await runs.narrow({ job: 'j1' });
    expect(runs.rows.map(run => run.id)).toEqual(['a']);
    server.asked = [];
    feed.take(anEvent({ run_id: 'b', job_id: 'j2', state: 'running' }));
    await moments(600);
    expect(server.asked).toEqual([]);
    await runs.narrow({ job: undefined });
    expect(runs.rows.map(run => run.id)).toEqual(['a', 'b']);
  });

  it('asks again why runs wait, now and then, and only while some do', async () => {
    const server = new Rows([aRun({ id: 'a' }), aRun({ id: 'b', state: 'running' })]);
    const runs = list(server);
    await runs.refresh();
    server.set('a', { reason: 'capacity', message: 'waits for a free place (2 of 2 in use)' });
    server.asked = [];
    await runs.lookAtWaiting(20_000);
    expect(runs.rows.find(run => run.id === 'a')?.reason).toBe('capacity');
    await runs.lookAtWaiting(21_000);
    expect(server.asked.length).toBe(1);
    server.set('a', { state: 'running' });
    feed.take(anEvent({ run_id: 'a', state: 'running' }));
    await moments(600);
    server.asked = [];
    await runs.lookAtWaiting(60_000);
    expect(server.asked).toEqual([]);
  });

  it('does not take a run that has started back to where it waited', async () => {
    const server = new Rows([aRun({ id: 'a' })]);
    const runs = list(server);
    await runs.refresh();
    const page = server.page.bind(server);
    server.page = async query => {
      const answer = await page(query);
      feed.take(anEvent({ run_id: 'a', state: 'running' }));
      return answer;
    };
    await runs.lookAtWaiting(20_000);
    expect(runs.rows[0].state).toBe('running');
  });
});
