import { Problem } from '../api/problem';
import type { Draft } from './draft';
import { without } from './without';

/** Messages by the API's name of the field: `trigger.cron`, `parameters.region`. */
export type FieldErrors = Record<string, string>;

/** The API's fields that a part of the draft stands for. */
const FIELDS: Partial<Record<keyof Draft, readonly string[]>> = {
  name: ['name'],
  kernel: ['kernel'],
  when: [
    'trigger',
    'trigger.type',
    'trigger.cron',
    'trigger.timezone',
    'trigger.every_seconds',
    'trigger.start_at',
    'trigger.at',
    'starts_at',
    'ends_at',
    'max_runs'
  ],
  onMissed: ['on_missed'],
  lateLimit: ['late_limit_seconds'],
  maxCatchUp: ['max_catch_up'],
  onOverlap: ['on_overlap'],
  maxParallel: ['max_parallel'],
  attempts: ['retry.max_attempts'],
  delay: ['retry.delay_seconds'],
  timeout: ['timeout_seconds'],
  cellTimeout: ['cell_timeout_seconds'],
  memory: ['resources.memory_mb'],
  processor: ['resources.cpu_seconds'],
  keepRuns: ['keep_runs'],
  keepDays: ['keep_days'],
  tags: ['tags'],
  description: ['description']
};

const PLACED = new Set(Object.values(FIELDS).flat());

export function fieldErrors(error: unknown): FieldErrors {
  const errors = error instanceof Problem ? error.errors : [];
  return Object.fromEntries(errors.map(({ field, message }) => [field, message]));
}

/** What is left to complain about once those parts of the draft have changed. */
export function withoutParts(errors: FieldErrors, parts: readonly (keyof Draft)[]): FieldErrors {
  return without(
    errors,
    parts.flatMap(part => FIELDS[part] ?? [])
  );
}

/** Whether an input of the form shows this message; else it stands with the buttons. */
export function isPlaced(field: string): boolean {
  return PLACED.has(field) || field.startsWith('parameters.');
}

/** The messages of one part of the request, by what follows it in the field's name. */
export function below(errors: FieldErrors, part: string): FieldErrors {
  const prefix = `${part}.`;
  return Object.fromEntries(
    Object.entries(errors)
      .filter(([field]) => field.startsWith(prefix))
      .map(([field, message]) => [field.slice(prefix.length), message])
  );
}
