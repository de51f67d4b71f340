import type * as wire from '../tokens/wire';
import { Length, lengthOf, secondsOf } from './lengths';
import { numberOf, textOf } from './typed';

type OnMissed = wire.Policies['on_missed'];
type OnOverlap = wire.Policies['on_overlap'];

/** What is rarely set, as the form holds it: texts are as typed, empty ones mean no limit. */
export interface Policies {
  onMissed: OnMissed;
  lateLimit: Length;
  maxCatchUp: string;
  onOverlap: OnOverlap;
  maxParallel: string;
  attempts: string;
  delay: string;
  timeout: string;
  cellTimeout: string;
  memory: string;
  processor: string;
  keepRuns: string;
  keepDays: string;
}

/** The server's own defaults (API.md, *Jobs*). */
const DEFAULTS: wire.Policies = {
  on_missed: 'run_latest',
  late_limit_seconds: 86_400,
  max_catch_up: 10,
  on_overlap: 'queue_one',
  max_parallel: 1,
  retry: { max_attempts: 1, delay_seconds: 30 },
  timeout_seconds: null,
  cell_timeout_seconds: null,
  resources: { memory_mb: null, cpu_seconds: null },
  keep_runs: null,
  keep_days: null
};

export function policiesOf(job: wire.Policies = DEFAULTS): Policies {
  return {
    onMissed: job.on_missed,
    lateLimit: lengthOf(job.late_limit_seconds),
    maxCatchUp: String(job.max_catch_up),
    onOverlap: job.on_overlap,
    maxParallel: String(job.max_parallel),
    attempts: String(job.retry.max_attempts),
    delay: String(job.retry.delay_seconds),
    timeout: textOf(job.timeout_seconds),
    cellTimeout: textOf(job.cell_timeout_seconds),
    memory: textOf(job.resources.memory_mb),
    processor: textOf(job.resources.cpu_seconds),
    keepRuns: textOf(job.keep_runs),
    keepDays: textOf(job.keep_days)
  };
}

/** What the form says; a number that was emptied is the server's default again. */
export function policyRequest(policies: Policies): wire.Policies {
  const { lateLimit, maxCatchUp, maxParallel, attempts, delay } = policies;
  return {
    on_missed: policies.onMissed,
    late_limit_seconds: lateLimit.count.trim() ? secondsOf(lateLimit) : DEFAULTS.late_limit_seconds,
    max_catch_up: numberOf(maxCatchUp) ?? DEFAULTS.max_catch_up,
    on_overlap: policies.onOverlap,
    max_parallel: numberOf(maxParallel) ?? DEFAULTS.max_parallel,
    retry: {
      max_attempts: numberOf(attempts) ?? DEFAULTS.retry.max_attempts,
      delay_seconds: numberOf(delay) ?? DEFAULTS.retry.delay_seconds
    },
    timeout_seconds: numberOf(policies.timeout),
    cell_timeout_seconds: numberOf(policies.cellTimeout),
    resources: {
      memory_mb: numberOf(policies.memory),
      cpu_seconds: numberOf(policies.processor)
    },
    keep_runs: numberOf(policies.keepRuns),
    keep_days: numberOf(policies.keepDays)
  };
}

/** The choice, with what makes it meaningful: runs side by side are at least two. */
export function chooseOverlap(onOverlap: OnOverlap, { maxParallel }: Policies): Partial<Policies> {
  const alone = onOverlap === 'parallel' && maxParallel === '1';
  return alone ? { onOverlap, maxParallel: '2' } : { onOverlap };
}
