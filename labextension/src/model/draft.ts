import type { JSONObject } from '@lumino/coreutils';
import { stem } from '../tokens/paths';
import type { Job, JobRequest, Parameter, RunRequest } from '../tokens/wire';
import { changedValues, shownValues } from './parameters';
import { policiesOf, Policies, policyRequest } from './policies';
import { boundsOf, newWhen, triggerOf, When, whenOf } from './when';

/** What the *Schedule* form holds; texts are as typed. */
export interface Draft extends Policies {
  name: string;
  notebook: string;
  kernel: string | null;
  /** The person's own values only; the cell's stand behind them. */
  parameters: JSONObject;
  templates: boolean;
  when: When;
  source: 'pinned' | 'live';
  tags: string;
  description: string;
}

export function newDraft(notebook: string, zone: string, now: number): Draft {
  return {
    ...policiesOf(),
    name: stem(notebook),
    notebook,
    kernel: null,
    parameters: {},
    templates: true,
    when: newWhen(zone, now),
    source: 'pinned',
    tags: '',
    description: ''
  };
}

export function draftOf(job: Job, zone: string, now: number): Draft {
  return {
    ...policiesOf(job),
    name: job.name,
    notebook: job.notebook,
    kernel: job.kernel,
    parameters: job.parameters,
    templates: job.templates,
    when: whenOf(job, zone, now),
    source: job.source,
    tags: job.tags.join(', '),
    description: job.description
  };
}

export function jobRequest(draft: Draft, parameters: readonly Parameter[]): JobRequest {
  return {
    ...boundsOf(draft.when),
    ...policyRequest(draft),
    name: draft.name.trim(),
    notebook: draft.notebook,
    source: draft.source,
    parameters: changedValues(parameters, draft.parameters),
    templates: draft.templates,
    kernel: draft.kernel,
    trigger: triggerOf(draft.when),
    tags: draft.tags
      .split(',')
      .map(tag => tag.trim())
      .filter(Boolean),
    description: draft.description
  };
}

/** A run now, with the values that the form shows. */
export function testRun(draft: Draft, parameters: readonly Parameter[]): RunRequest {
  const { name, notebook, kernel, timeout_seconds, cell_timeout_seconds, resources } = jobRequest(
    draft,
    parameters
  );
  return {
    notebook,
    parameters: shownValues(parameters, draft.parameters),
    templates: draft.templates,
    cause: 'manual',
    kernel,
    name,
    timeout_seconds,
    cell_timeout_seconds,
    resources
  };
}
