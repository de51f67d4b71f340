import type { Run, RunEvent, RunState } from '../tokens/wire';

const ENDED: readonly RunState[] = ['succeeded', 'failed', 'cancelled', 'skipped'];

export function hasEnded(state: RunState): boolean {
  return ENDED.includes(state);
}

/** The row as the event tells it. A run that has ended never changes again, so a late event is ignored. */
export function withEvent(run: Run, event: RunEvent): Run {
  if (hasEnded(run.state)) {
    return run;
  }
  const { state, reason, attempt, progress } = event;
  const started = state === 'running' && run.state !== 'running' ? event.at : run.started_at;
  const finished = hasEnded(state) ? event.at : run.finished_at;
  return {
    ...run,
    state,
    reason,
    attempt,
    progress: progress ?? run.progress,
    message: state === run.state ? run.message : null,
    started_at: started,
    finished_at: finished
  };
}

/** Newest first, ids being ordered by time within the same instant; a row with the same id is replaced. */
export function withRow(rows: readonly Run[], row: Run): Run[] {
  const at = rows.findIndex(other => other.id === row.id);
  if (at >= 0) {
    return rows.map((other, index) => (index === at ? row : other));
  }
  const before = rows.findIndex(
    other => other.created_at < row.created_at || (other.created_at === row.created_at && other.id < row.id)
  );
  return before < 0 ? [...rows, row] : [...rows.slice(0, before), row, ...rows.slice(before)];
}

/** The word prefixes that the server's `q` looks for, tried on one row. */
export function answersTo(run: Run, q: string): boolean {
  const words = `${run.name} ${run.notebook}`.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return q
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .every(prefix => words.some(word => word.startsWith(prefix)));
}
