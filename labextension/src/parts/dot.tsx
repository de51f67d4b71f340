import * as React from 'react';
import type { RunState } from '../tokens/wire';

/** Of a run, or of a job that is paused, cannot run or has not run yet. */
export type DotState = RunState | 'paused' | 'problem' | 'new';

const circle = (radius: number) => `M6 ${6 - radius}a${radius} ${radius} 0 1 1-.01 0z`;

const SHAPES: Record<DotState, string> = {
  failed: 'M3 0H9L12 3V9L9 12H3L0 9V3z',
  problem: 'M3 0H9L12 3V9L9 12H3L0 9V3z',
  running: 'M1.5.5 11.5 6 1.5 11.5z',
  queued: circle(4.6),
  cancelled: 'M1.5 1.5h9v9h-9z',
  skipped: circle(4.6),
  paused: 'M2 1H5V11H2zM7 1H10V11H7z',
  new: circle(2.2),
  succeeded: circle(5.6)
};

/** A state as a shape: full, ring, cross, bar, so that colour alone never tells it. The row's label says the word. */
export function Dot({ state, title }: { state: DotState; title: string }): JSX.Element {
  return (
    <svg className={`jns-Dot jns-mod-${state}`} viewBox="0 0 12 12" aria-hidden="true">
      <title>{title}</title>
      <path d={SHAPES[state]} />
    </svg>
  );
}
