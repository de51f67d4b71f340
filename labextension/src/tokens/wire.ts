/** The shapes of API.md: what the server part sends and takes. Times are ISO 8601 in UTC unless said otherwise. */
import type { JSONObject, JSONValue } from '@lumino/coreutils';

export * from './parameters';

export const RUN_STATES = ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'skipped'] as const;
export type RunState = (typeof RUN_STATES)[number];
export type Counts = Record<RunState, number>;

/** `current` and the other positions count from 0; `done` and `total` count code cells only. */
export interface Progress {
  done: number;
  total: number;
  current: number | null;
}

export interface RunError {
  cell_index: number | null;
  cell_id: string | null;
  name: string;
  value: string;
  traceback: string;
  /** The cell's first line that says something; empty where none is known. */
  source_line?: string;
}

export type CellOutcome = 'ok' | 'failed' | 'interrupted' | 'not_run' | 'skipped' | 'carried';

export interface Cell {
  index: number;
  outcome: CellOutcome;
  seconds: number | null;
}

/** One try of a run. */
export interface Attempt {
  n: number;
  state: RunState;
  output: string | null;
}

export interface Run {
  id: string;
  job_id: string | null;
  /** The sweep that it belongs to. */
  batch_id: string | null;
  parent_run_id: string | null;
  name: string;
  notebook: string;
  source_version: string;
  parameters: JSONObject;
  cause: 'manual' | 'api' | 'schedule' | 'catch_up' | 'backfill' | 'rerun' | 'resume';
  scheduled_for: string | null;
  covers: { count: number; from: string; to: string } | null;
  state: RunState;
  reason: string | null;
  message: string | null;
  attempt: number;
  max_attempts: number;
  created_at: string;
  available_at: string | null;
  started_at: string | null;
  finished_at: string | null;
  duration_seconds: number | null;
  /** What the last success of its kind took; of one that has not ended. */
  expected_seconds: number | null;
  cancel_requested_at: string | null;
  progress: Progress | null;
  error: RunError | null;
  output: string | null;
  kernel_alive_until: string | null;
  /** What the notebook recorded, by name. */
  results: JSONObject;
  /** In the answer for one run only. */
  cells?: Cell[];
  attempts?: Attempt[];
}

export interface RunPage {
  runs: Run[];
  next_cursor: string | null;
  counts: Counts;
  counts_capped: boolean;
}

export interface RunRequest {
  notebook: string;
  parameters: JSONObject;
  templates?: boolean;
  cause: 'manual';
  kernel?: string | null;
  name?: string | null;
  timeout_seconds?: number | null;
  cell_timeout_seconds?: number | null;
  resources?: Resources;
}

/** One run for each set of values: all combinations, or the first of each list, the second of each, … */
export interface Sweep {
  mode: 'grid' | 'zip';
  values: { [parameter: string]: JSONValue[] };
}

export interface SweepRequest extends RunRequest {
  sweep: Sweep;
}

/** A run among those of its sweep; `parameters` are those that differ. */
export type BatchRun = Pick<
  Run,
  | 'id'
  | 'state'
  | 'reason'
  | 'message'
  | 'attempt'
  | 'progress'
  | 'parameters'
  | 'results'
  | 'created_at'
  | 'started_at'
  | 'finished_at'
  | 'duration_seconds'
  | 'output'
> & { error: Pick<RunError, 'cell_index' | 'name' | 'value'> | null };

/** The runs of a sweep, in its order. */
export interface Batch {
  id: string;
  name: string;
  notebook: string;
  created_at: string;
  finished_at: string | null;
  total: number;
  counts: Counts;
  varied: string[];
  results: string[];
  runs: BatchRun[];
}

export interface CronTrigger {
  type: 'cron';
  cron: string;
  timezone: string;
}
export type Trigger =
  | CronTrigger
  | { type: 'interval'; every_seconds: number; start_at: string | null }
  | { type: 'once'; at: string };

export interface Retry {
  max_attempts: number;
  delay_seconds: number;
}

/** Limits for all processes of a run together; null: as configured. */
export interface Resources {
  memory_mb: number | null;
  cpu_seconds: number | null;
}

/** Between which moments a trigger counts (`starts_at` inclusive, `ends_at` exclusive), and for how many runs. */
export interface Bounds {
  starts_at: string | null;
  ends_at: string | null;
  max_runs: number | null;
}

/** What becomes of due times that nobody was there for, or that come while a run goes on; what is kept of runs. */
export interface Policies {
  on_missed: 'run_latest' | 'skip' | 'run_all';
  late_limit_seconds: number;
  max_catch_up: number;
  on_overlap: 'queue_one' | 'skip' | 'parallel' | 'replace';
  max_parallel: number;
  retry: Retry;
  timeout_seconds: number | null;
  cell_timeout_seconds: number | null;
  resources: Resources;
  keep_runs: number | null;
  keep_days: number | null;
}

/** What a person can set on a job here; the server keeps its defaults for the rest. */
export interface JobRequest extends Bounds, Policies {
  name: string;
  notebook: string;
  source: 'pinned' | 'live';
  parameters: JSONObject;
  /** Whether `{{ … }}` in the values is rendered at each run. */
  templates: boolean;
  kernel: string | null;
  trigger: Trigger | null;
  tags: string[];
  description: string;
}

export interface Job extends JobRequest {
  id: string;
  paused: boolean;
  /** When a paused job goes on by itself. */
  paused_until: string | null;
  /** Due times that became runs: what `max_runs` counts. */
  slots_run: number;
  source_version: string | null;
  notebook_changed: boolean;
  notebook_missing: boolean;
  next_run_at: string | null;
  last_run: Run | null;
  problem: string | null;
  created_at: string;
  updated_at: string;
  revision: number | string;
}

export interface JobPage {
  jobs: Job[];
  next_cursor: string | null;
}

/** `local` carries the offset of the trigger's own zone. */
export interface Fire {
  at: string;
  local: string;
  note: string | null;
}

export interface TriggerPreview {
  description: string;
  fires: Fire[];
}

/** The due times to run between two moments (`to` exclusive); `again`: those too that have succeeded before. */
export interface BackfillRequest {
  from: string;
  to: string;
  again: boolean;
}

/** Paths of notebooks with the content that a job runs; `complete`: no notebook was left unseen. */
export interface Moved {
  notebooks: string[];
  complete?: boolean;
}

/** `message`: why there is no kernel with the variables of the run. */
export interface DebugCopy {
  notebook: string;
  cell_index: number | null;
  kernel_id: string | null;
  message: string | null;
}

/** What of a run's output is shown: an attempt (null: the last one), its code or not. */
export interface Shown {
  attempt: number | null;
  hideCode: boolean;
}

/** How a run is repeated: with which source, or on its kept kernel from the cell that failed. */
export interface Rerun {
  source?: 'same' | 'current';
  notebook?: string;
  from_failed_cell?: boolean;
}

export interface Status {
  version: string;
  worker: { state: 'running' | 'starting' | 'draining' | 'stopped' | 'elsewhere' };
}

export interface FieldError {
  field: string;
  message: string;
}

export interface RunEvent {
  kind: 'run';
  seq: number;
  at: string;
  run_id: string;
  job_id: string | null;
  batch_id: string | null;
  notebook: string;
  state: RunState;
  reason: string | null;
  attempt: number;
  progress: Progress | null;
}

export interface JobEvent {
  kind: 'job';
  seq: number;
  at: string;
  job_id: string;
  change: 'created' | 'updated' | 'deleted' | 'paused' | 'resumed' | 'published';
}
