import { Problem } from '../api/problem';
import type { Server } from '../api/server';
import type { Run } from '../tokens/wire';

const PAGE = 200;

type Asked = { runs: Pick<Server['runs'], 'page'>; jobs: Pick<Server['jobs'], 'skip'> };

/** Runs that make up for due times missed in an outage and have not been tried yet. */
export interface CatchUps {
  count: number;
  /** The first of them. */
  runs: readonly Run[];
}

export async function waitingCatchUps(server: Pick<Asked, 'runs'>): Promise<CatchUps> {
  const page = await server.runs.page({ state: ['queued'], cause: 'catch_up', limit: PAGE });
  const runs = page.runs.filter(run => run.attempt === 1);
  return { count: page.next_cursor === null ? runs.length : page.counts.queued, runs };
}

/** Leaves them all out, one due time after the other; how many. What has started meanwhile goes on. */
export async function skipCatchUps(server: Asked): Promise<number> {
  let skipped = 0;
  for (;;) {
    const { runs } = await waitingCatchUps(server);
    const before = skipped;
    for (const { job_id, scheduled_for } of runs) {
      if (job_id && scheduled_for && (await isSkipped(server, job_id, scheduled_for))) {
        skipped += 1;
      }
    }
    if (skipped === before) {
      return skipped;
    }
  }
}

async function isSkipped(server: Asked, job: string, scheduledFor: string): Promise<boolean> {
  try {
    await server.jobs.skip(job, scheduledFor);
    return true;
  } catch (error) {
    if (error instanceof Problem && [404, 409, 422].includes(error.status)) {
      return false;
    }
    throw error;
  }
}
