import { Problem } from '../src/api/problem';
import type { Server } from '../src/api/server';
import { Feed } from '../src/model/feed';
import { Publishing, Subject } from '../src/model/publishing';
import type { Differences, PublishedFix, PublishFixRequest, PublishRequest } from '../src/tokens/versions';
import type { Run } from '../src/tokens/wire';
import { aJob, anEvent, aRun, moments } from './samples';

const diff: Differences = { cells: [], capped: false };

/** A server part in memory: one failed run, whose trial ends as it is told. */
class Publisher {
  sent: (Partial<PublishFixRequest> & PublishRequest)[] = [];
  /** Refuses what is published, in this order. */
  refusals: Problem[] = [];
  conflict: PublishedFix['conflict'] = null;
  tested = false;
  trial: Run = aRun({ id: 't1', state: 'running', source_version: 'fixed' });

  readonly runs = {
    get: async (id: string) => (id === 't1' ? this.trial : aRun({ id, name: 'Daily report' })),
    rerun: async () => ({ ...this.trial, state: 'queued' as const }),
    cancel: async () => (this.trial = { ...this.trial, state: 'cancelled' }),
    publishFix: async (_: string, request: PublishFixRequest) => this.answer(request)
  };
  readonly jobs = {
    get: async () => aJob(),
    publish: async (_: string, request: PublishRequest) => this.answer(request)
  };

  private answer(request: PublishFixRequest | PublishRequest): PublishedFix {
    this.sent.push(request);
    const refused = this.refusals.shift();
    if (refused) {
      throw refused;
    }
    const others = ['a', 'b'].map(id => ({ id, name: id, preselected: id === 'a' }));
    return {
      source_version: 'fixed',
      diff,
      misfits: [],
      others,
      wrote: false,
      conflict: this.conflict,
      tested: this.tested,
      job: null
    };
  }

  get last() {
    return this.sent[this.sent.length - 1];
  }
}

async function opened(server = new Publisher(), subject: Subject = { run: 'r1', notebook: 'copy.ipynb' }) {
  const feed = new Feed();
  const publishing = new Publishing(server as unknown as Server, feed, subject);
  await publishing.look();
  return { server, feed, publishing };
}

async function trialEnds(server: Publisher, feed: Feed, part: Partial<Run>): Promise<void> {
  server.trial = { ...server.trial, ...part };
  feed.take(anEvent({ run_id: 't1', state: server.trial.state }));
  await moments(600);
}

describe('Publishing', () => {
  it('asks what it would do, and chooses the jobs that ran the same version', async () => {
    const { server, publishing } = await opened();
    expect(server.sent).toEqual([expect.objectContaining({ dry_run: true, write_notebook: false })]);
    expect(publishing.name).toBe('Daily report');
    expect([...publishing.chosen]).toEqual(['a']);
    publishing.choose('b', true);
    publishing.choose('a', false);
    await publishing.look();
    expect([...publishing.chosen]).toEqual(['b']);
    publishing.set({ message: 'why' });
    await publishing.publish();
    expect(server.last).toMatchObject({ dry_run: false, jobs: ['b'], message: 'why' });
    expect(publishing.done).not.toBeNull();
  });

  it('uses the very version that a trial has shown to work', async () => {
    const { server, feed, publishing } = await opened();
    expect(publishing.tested).toBe(false);
    await publishing.try();
    expect(publishing.trying).toBe(true);
    await trialEnds(server, feed, { progress: { done: 1, total: 4, current: 1 } });
    expect(publishing.trial?.progress.done).toBe(1);
    expect(publishing.done).toBeNull();
    await trialEnds(server, feed, { state: 'succeeded' });
    expect(server.last).toMatchObject({ dry_run: false, source_version: 'fixed' });
    expect(publishing.done).not.toBeNull();
  });

  it('publishes nothing where the trial fails or is cancelled, and once only where it succeeds', async () => {
    const { server, feed, publishing } = await opened();
    await publishing.try();
    await trialEnds(server, feed, { state: 'failed' });
    expect([publishing.trying, publishing.done, server.sent.length]).toEqual([false, null, 1]);
    server.trial = { ...server.trial, state: 'running' };
    await publishing.try();
    await publishing.cancelTrial();
    expect([publishing.trial?.state, publishing.done]).toEqual(['cancelled', null]);
    server.trial = { ...server.trial, state: 'running' };
    await publishing.try();
    await trialEnds(server, feed, { state: 'succeeded' });
    feed.lost();
    await moments(1);
    expect(server.sent.filter(({ dry_run }) => !dry_run)).toHaveLength(1);
  });

  it('goes to the notebook itself where no job has a version', async () => {
    const server = new Publisher();
    server.refusals = [new Problem(409, 'this run has no job', 'no_job')];
    const { publishing } = await opened(server);
    expect([publishing.onlyNotebook, publishing.write, publishing.problem]).toEqual([true, true, null]);
    await publishing.publish();
    expect(server.last).toMatchObject({ dry_run: false, write_notebook: true });
  });

  it('writes over somebody’s changes only where the person has seen them and says so', async () => {
    const { server, publishing } = await opened();
    publishing.set({ write: true });
    server.refusals = [new Problem(409, 'the notebook was changed', 'notebook_changed')];
    server.conflict = { last_modified: '2026-11-20T08:00:00Z', diff };
    await publishing.publish();
    expect(publishing.problem).toBe('the notebook was changed');
    expect(publishing.conflict).toBe(server.conflict);
    expect(server.sent.some(request => request.last_modified)).toBe(false);
    publishing.set({ over: true });
    await publishing.publish();
    expect(server.last.last_modified).toBe('2026-11-20T08:00:00Z');
    publishing.set({ write: false });
    expect(publishing.conflict).toBeNull();
  });

  it('gives a job an earlier version without a trial', async () => {
    const { server, publishing } = await opened(new Publisher(), { job: 'j1', version: 'old' });
    server.tested = true;
    await publishing.look();
    expect(publishing.tested).toBe(true);
    await publishing.publish();
    expect(server.last).toMatchObject({ source_version: 'old', dry_run: false });
    expect(server.last).not.toHaveProperty('write_notebook');
  });

  it('tells every field that the server refuses', async () => {
    const { server, publishing } = await opened();
    const errors = ['one', 'two'].map(message => ({ field: 'jobs', message }));
    server.refusals = [new Problem(422, 'two fields are wrong', 'invalid', errors)];
    await publishing.publish();
    expect([publishing.problem, publishing.done, publishing.busy]).toEqual(['one · two', null, false]);
  });
});
