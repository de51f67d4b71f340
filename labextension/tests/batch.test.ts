import type { Runs } from '../src/api/server';
import { LiveBatch } from '../src/model/batch';
import { Feed } from '../src/model/feed';
import type { Batch } from '../src/tokens/wire';
import { aBatch, aBatchRun, anEvent, moments } from './samples';

/** A server part in memory that counts what it is asked. */
class Batches implements Pick<Runs, 'batch'> {
  asked = 0;
  constructor(public found: Batch) {}

  async batch(): Promise<Batch> {
    this.asked += 1;
    await moments(1);
    return this.found;
  }
}

async function opened() {
  const server = new Batches(aBatch({ runs: [aBatchRun({ id: 'r1', state: 'running' })] }));
  const feed = new Feed();
  const live = new LiveBatch(server, feed, 'b1');
  await live.refresh();
  return { server, feed, live };
}

const progress = { done: 2, total: 4, current: 3 };

describe('LiveBatch', () => {
  it('takes progress from events and asks nothing for it', async () => {
    const { server, feed, live } = await opened();
    feed.take(anEvent({ run_id: 'r1', batch_id: 'b1', state: 'running', progress }));
    expect(live.batch?.runs[0].progress).toEqual(progress);
    await moments(500);
    expect(server.asked).toBe(1);
    live.dispose();
  });

  it('fetches once for many changes of state, and for a run that takes the place of another', async () => {
    const { server, feed, live } = await opened();
    feed.take(anEvent({ run_id: 'r1', batch_id: 'b1', state: 'failed', progress }));
    feed.take(anEvent({ run_id: 'r2', batch_id: 'b1', state: 'queued', progress }));
    server.found = aBatch({ runs: [aBatchRun({ id: 'r2', state: 'queued' })] });
    await moments(550);
    expect(server.asked).toBe(2);
    expect(live.batch?.runs[0].id).toBe('r2');
    live.dispose();
  });

  it('keeps the rows that have not changed', async () => {
    const { server, live } = await opened();
    const [before] = live.batch?.runs ?? [];
    server.found = aBatch({ runs: [{ ...before }, aBatchRun({ id: 'r2' })] });
    await live.refresh();
    expect(live.batch?.runs[0]).toBe(before);
    server.found = aBatch({ runs: [{ ...before, state: 'failed' }] });
    await live.refresh();
    expect(live.batch?.runs[0].state).toBe('failed');
    live.dispose();
  });

  it('leaves the runs of others alone', async () => {
    const { server, feed, live } = await opened();
    feed.take(anEvent({ run_id: 'r1', batch_id: 'b2', state: 'failed' }));
    feed.take(anEvent({ run_id: 'r1', batch_id: null, state: 'failed' }));
    await moments(500);
    expect(server.asked).toBe(1);
    live.dispose();
  });

  it('fetches again after a gap, but never twice at a time', async () => {
    const { server, feed, live } = await opened();
    feed.lost();
    feed.lost();
    feed.lost();
    await moments(20);
    expect(server.asked).toBe(3);
    live.dispose();
    feed.lost();
    await moments(5);
    expect(server.asked).toBe(3);
  });
});
