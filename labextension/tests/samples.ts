import { nullTranslator } from '@jupyterlab/translation';
import type { Batch, BatchRun, Inspection, Job, Parameter, Run, RunEvent } from '../src/tokens/wire';

export const trans = nullTranslator.load('jupyter_notebook_sched');

export function aRun(own: Partial<Run> = {}): Run {
  return {
    id: '01',
    job_id: null,
    batch_id: null,
    parent_run_id: null,
    name: 'daily_plays',
    notebook: 'reports/daily_plays.ipynb',
    source_version: 'ab',
    parameters: {},
    cause: 'manual',
    scheduled_for: null,
    covers: null,
    state: 'queued',
    reason: null,
    message: null,
    attempt: 1,
    max_attempts: 1,
    created_at: '2026-11-20T07:00:00Z',
    available_at: '2026-11-20T07:00:00Z',
    started_at: null,
    finished_at: null,
    duration_seconds: null,
    expected_seconds: null,
    cancel_requested_at: null,
    progress: { done: 0, total: 0, current: null },
    error: null,
    output: null,
    kernel_alive_until: null,
    results: {},
    ...own
  };
}

export function aJob(own: Partial<Job> = {}): Job {
  return {
    id: 'j1',
    name: 'Daily report',
    notebook: 'reports/daily_plays.ipynb',
    source: 'pinned',
    parameters: {},
    templates: true,
    kernel: null,
    trigger: { type: 'cron', cron: '0 7 * * 1-5', timezone: 'UTC' },
    starts_at: null,
    ends_at: null,
    max_runs: null,
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
    keep_days: null,
    tags: [],
    description: '',
    paused: false,
    paused_until: null,
    slots_run: 0,
    source_version: 'ab',
    notebook_changed: false,
    notebook_missing: false,
    next_run_at: '2026-11-23T07:00:00Z',
    last_run: null,
    problem: null,
    created_at: '2026-11-20T07:00:00Z',
    updated_at: '2026-11-20T07:00:00Z',
    revision: 1,
    ...own
  };
}

export function aBatchRun(own: Partial<BatchRun> = {}): BatchRun {
  return { ...aRun({ state: 'succeeded' }), error: null, ...own };
}

export function aBatch(own: Partial<Batch> = {}): Batch {
  return {
    id: 'b1',
    name: 'train',
    notebook: 'models/train.ipynb',
    created_at: '2026-11-20T07:00:00Z',
    finished_at: null,
    total: 1,
    counts: { queued: 0, running: 1, succeeded: 0, failed: 0, cancelled: 0, skipped: 0 },
    varied: ['alpha'],
    results: [],
    runs: [],
    ...own
  };
}

export function aParameter(own: Partial<Parameter> = {}): Parameter {
  return { name: 'alpha', type: 'string', nullable: false, default: null, required: false, ...own };
}

export function anInspection(parameters: Parameter[]): Inspection {
  return {
    kernel: 'python3',
    language: 'python',
    cell_index: 0,
    parameters,
    schema: { properties: {} },
    problems: []
  };
}

let seq = 0;

export function anEvent(own: Partial<RunEvent> = {}): RunEvent {
  seq += 1;
  return {
    kind: 'run',
    seq,
    at: new Date(Date.UTC(2026, 10, 20, 7, 0, seq)).toISOString(),
    run_id: '01',
    job_id: null,
    batch_id: null,
    notebook: 'reports/daily_plays.ipynb',
    state: 'running',
    reason: null,
    attempt: 1,
    progress: null,
    ...own
  };
}

export function moments(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}
