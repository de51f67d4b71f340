import type { JSONObject } from '@lumino/coreutils';
import { stem } from '../tokens/paths';
import type { Job, JobRequest, Parameter, RunRequest, Trigger } from '../tokens/wire';
import { Every, fromCron, toCron } from './cron';
import { changedValues, shownValues } from './parameters';

/** What the *Schedule* form holds; texts are as typed. */
export interface Draft {
  name: string;
  notebook: string;
  kernel: string | null;
  /** The person's own values only; the cell's stand behind them. */
  parameters: JSONObject;
  when: When;
  timezone: string;
  source: 'pinned' | 'live';
  attempts: string;
  delay: string;
  timeout: string;
  cellTimeout: string;
  tags: string;
  description: string;
}

/** `kept` is a trigger of a kind that this form does not make; it stays as it is. */
export type When = Every | { every: 'never' } | { every: 'kept'; trigger: Trigger };

export function newDraft(notebook: string, timezone: string): Draft {
  return {
    name: stem(notebook),
    notebook,
    kernel: null,
    parameters: {},
    when: { every: 'weekday', time: '07:00' },
    timezone,
    source: 'pinned',
    attempts: '1',
    delay: '30',
    timeout: '',
    cellTimeout: '',
    tags: '',
    description: ''
  };
}

export function draftOf(job: Job, timezone: string): Draft {
  return {
    name: job.name,
    notebook: job.notebook,
    kernel: job.kernel,
    parameters: job.parameters,
    when: whenOf(job.trigger),
    timezone: job.trigger?.type === 'cron' ? job.trigger.timezone : timezone,
    source: job.source,
    attempts: String(job.retry.max_attempts),
    delay: String(job.retry.delay_seconds),
    timeout: textOf(job.timeout_seconds),
    cellTimeout: textOf(job.cell_timeout_seconds),
    tags: job.tags.join(', '),
    description: job.description
  };
}

function whenOf(trigger: Trigger | null): When {
  if (trigger === null) {
    return { every: 'never' };
  }
  return trigger.type === 'cron' ? fromCron(trigger.cron) : { every: 'kept', trigger };
}

export function triggerOf({ when, timezone }: Pick<Draft, 'when' | 'timezone'>): Trigger | null {
  switch (when.every) {
    case 'never':
      return null;
    case 'kept':
      return when.trigger;
    default:
      return { type: 'cron', cron: toCron(when), timezone };
  }
}

export function jobRequest(draft: Draft, parameters: readonly Parameter[]): JobRequest {
  return {
    name: draft.name.trim(),
    notebook: draft.notebook,
    source: draft.source,
    parameters: changedValues(parameters, draft.parameters),
    kernel: draft.kernel,
    trigger: triggerOf(draft),
    retry: { max_attempts: numberOf(draft.attempts) ?? 1, delay_seconds: numberOf(draft.delay) ?? 30 },
    timeout_seconds: numberOf(draft.timeout),
    cell_timeout_seconds: numberOf(draft.cellTimeout),
    tags: draft.tags
      .split(',')
      .map(tag => tag.trim())
      .filter(Boolean),
    description: draft.description
  };
}

/** A run now, with the values that the form shows. */
export function testRun(draft: Draft, parameters: readonly Parameter[]): RunRequest {
  const { name, notebook, kernel, timeout_seconds, cell_timeout_seconds } = jobRequest(draft, parameters);
  return {
    notebook,
    parameters: shownValues(parameters, draft.parameters),
    cause: 'manual',
    kernel,
    name,
    timeout_seconds,
    cell_timeout_seconds
  };
}

function numberOf(text: string): number | null {
  const trimmed = text.trim();
  return trimmed === '' ? null : Number(trimmed);
}

function textOf(value: number | null): string {
  return value === null ? '' : String(value);
}
