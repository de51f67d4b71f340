import type { Server } from '../api/server';
import type { Job, TriggerPreview } from '../tokens/wire';
import { boundsOf, triggerOf, When } from './when';

const FIRES = 5;

/**
 * A schedule in words and its next dates within the bounds; null without a trigger. `job` is the one that is edited.
 * A `Problem` names the fields of the trigger that are not valid.
 */
export async function forecast(
  server: Pick<Server, 'preview'>,
  when: When,
  job: Job | null,
  now: number
): Promise<TriggerPreview | null> {
  const trigger = triggerOf(when);
  if (!trigger) {
    return null;
  }
  const { starts_at, ends_at, max_runs } = boundsOf(when);
  const after = lookFrom(when, Date.parse(starts_at ?? ''), job, now);
  const { description, fires } = await server.preview(trigger, FIRES, after);
  const within = fires.filter(fire => ends_at === null || Date.parse(fire.at) < Date.parse(ends_at));
  const left = max_runs === null ? FIRES : Math.max(0, max_runs - (job?.slots_run ?? 0));
  return { description, fires: within.slice(0, left) };
}

/** The moment after which to look, null for now: just before the first one that is allowed. */
function lookFrom(when: When, starts: number, job: Job | null, now: number): string | null {
  const trigger = triggerOf(when);
  if (trigger?.type !== 'interval' || trigger.start_at !== null) {
    return starts > now ? iso(starts - 1) : null;
  }
  // The server counts from there too. The job counts from when it was made, and is due next at a multiple of that.
  const every = trigger.every_seconds * 1000;
  const counted = nextOf(job, trigger.every_seconds);
  const base = counted === null ? now : counted - every;
  const whole = starts > now && every > 0 ? Math.max(0, Math.floor((starts - 1 - base) / every)) : 0;
  return counted === null && !whole ? null : iso(base + whole * every);
}

/** When the job is due next, if it counts the same interval already. */
function nextOf(job: Job | null, every: number): number | null {
  const before = job?.trigger;
  const same = before?.type === 'interval' && before.start_at === null && before.every_seconds === every;
  return same && job?.next_run_at ? Date.parse(job.next_run_at) : null;
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
