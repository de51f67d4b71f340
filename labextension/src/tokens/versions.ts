/** The shapes of API.md that tell of versions: which there are, what differs, what publishing one does. */
import type { Job } from './wire';

export interface Version {
  source_version: string;
  created_at: string;
  by: string | null;
  message: string;
  n: number;
  current: boolean;
  /** How many runs used it. */
  runs: number;
}

/** Whole lines; those that are not `added` make the left text. */
export interface Chunk {
  op: 'same' | 'removed' | 'added';
  text: string;
}

/** `left` and `right` are positions in the two notebooks. */
export interface CellDifference {
  op: 'same' | 'changed' | 'added' | 'removed' | 'moved';
  left: number | null;
  right: number | null;
  source: Chunk[];
}

export interface Differences {
  cells: CellDifference[];
  /** There is more than is told. */
  capped: boolean;
}

/** A stored value of a job that a version does not take. */
export interface Misfit {
  job_id: string;
  job_name: string;
  parameter: string;
  message: string;
}

/** Another job that could get the version, too. */
export interface OtherJob {
  id: string;
  name: string;
  preselected: boolean;
}

/** What publishing has done, or would do. */
export interface Published {
  source_version: string;
  diff: Differences;
  misfits: Misfit[];
  others: OtherJob[];
  job: Job | null;
  /** Which of the job's versions it already was; what came after that is undone. */
  earlier?: number | null;
}

/** The same for what was mended in a debug copy. `tested`: a run of it has succeeded. */
export interface PublishedFix extends Published {
  wrote: boolean;
  conflict: { last_modified: string; diff: Differences } | null;
  tested: boolean;
}

export interface PublishRequest {
  source_version?: string | null;
  message: string;
  jobs: string[];
  dry_run: boolean;
}

export interface PublishFixRequest extends PublishRequest {
  notebook: string;
  write_notebook: boolean;
  last_modified?: string;
}
