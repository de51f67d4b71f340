import type { Bounds, Job, Trigger } from '../tokens/wire';
import { Every, fromCron, toCron } from './cron';
import { instantOf, wallOf } from './instants';
import { Length, lengthOf, secondsOf } from './lengths';

const DAY = 86_400_000;

export const WHEN_KINDS = ['cron', 'interval', 'once', 'never'] as const;
export type WhenKind = (typeof WHEN_KINDS)[number];

/**
 * When a job runs, as the form holds it. What belongs to another kind than the chosen one is kept for one who
 * changes their mind. `start`, `at`, `from` and `until` are wall times in `timezone`, empty where there is none.
 */
export interface When {
  kind: WhenKind;
  every: Every;
  interval: Length;
  start: string;
  at: string;
  timezone: string;
  from: string;
  until: string;
  maxRuns: string;
  /** The job's own instants, which go back as they came as long as nobody touches them. */
  known: readonly string[];
}

export function newWhen(timezone: string, now: number): When {
  const tomorrow = wallOf(new Date(now + DAY).toISOString(), timezone).slice(0, 10);
  return {
    kind: 'cron',
    every: { every: 'weekday', time: '07:00' },
    interval: { count: '15', unit: 'minutes' },
    start: '',
    at: `${tomorrow}T07:00`,
    timezone,
    from: '',
    until: '',
    maxRuns: '',
    known: []
  };
}

/** `zone` is for times that have none of their own. */
export function whenOf({ trigger, starts_at, ends_at, max_runs }: Job, zone: string, now: number): When {
  const timezone = trigger?.type === 'cron' ? trigger.timezone : zone;
  const known: string[] = [];
  const wall = (at: string | null) => {
    if (at === null) {
      return '';
    }
    known.push(at);
    return wallOf(at, timezone);
  };
  const bounds = { from: wall(starts_at), until: wall(ends_at), maxRuns: max_runs?.toString() ?? '' };
  const when = { ...newWhen(timezone, now), ...bounds, known };
  switch (trigger?.type) {
    case 'cron':
      return { ...when, kind: 'cron', every: fromCron(trigger.cron) };
    case 'interval': {
      const interval = lengthOf(trigger.every_seconds);
      return { ...when, kind: 'interval', interval, start: wall(trigger.start_at) };
    }
    case 'once':
      return { ...when, kind: 'once', at: wall(trigger.at) };
    default:
      return { ...when, kind: 'never' };
  }
}

export function triggerOf(when: When): Trigger | null {
  switch (when.kind) {
    case 'cron':
      return { type: 'cron', cron: toCron(when.every), timezone: when.timezone };
    case 'interval':
      return { type: 'interval', every_seconds: secondsOf(when.interval), start_at: instant(when, 'start') };
    case 'once':
      return { type: 'once', at: instant(when, 'at') ?? '' };
    case 'never':
      return null;
  }
}

export function boundsOf(when: When): Bounds {
  return {
    starts_at: instant(when, 'from'),
    ends_at: instant(when, 'until'),
    max_runs: when.maxRuns.trim() === '' ? null : Number(when.maxRuns)
  };
}

/** Whether the form holds bounds, or a trigger that can have some. */
export function mayBeBounded({ kind, from, until, maxRuns }: When): boolean {
  return kind === 'cron' || kind === 'interval' || Boolean(from || until || maxRuns);
}

/** Whether any time in the form needs a zone to be understood. */
export function needsZone({ kind, start, from, until }: When): boolean {
  return kind === 'cron' || kind === 'once' || Boolean((kind === 'interval' && start) || from || until);
}

function instant(when: When, part: 'start' | 'at' | 'from' | 'until'): string | null {
  return when[part] === '' ? null : instantOf(when[part], when.timezone, when.known);
}
