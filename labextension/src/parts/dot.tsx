import * as React from 'react';
import type { RunState } from '../tokens/wire';

/** Of a run, or of a job that is paused, cannot run or has not run yet. */
export type DotState = RunState | 'paused' | 'problem' | 'new';

/** A state as a shape: full, ring, cross, bar, so that colour alone never tells it. The row's label says the word. */
export function Dot(props: { state: DotState; title: string }): JSX.Element {
  return (
    <svg className={`jns-Dot jns-mod-${props.state}`} viewBox="0 0 12 12" aria-hidden="true">
      <title>{props.title}</title>
      {shape(props.state)}
    </svg>
  );
}

function shape(state: DotState): JSX.Element {
  switch (state) {
    case 'failed':
    case 'problem':
      return <path d="M3.2 0 H8.8 L12 3.2 V8.8 L8.8 12 H3.2 L0 8.8 V3.2 Z" />;
    case 'running':
      return <path d="M1.5 0.5 L11.5 6 L1.5 11.5 Z" />;
    case 'queued':
      return <circle cx="6" cy="6" r="4.6" fill="none" strokeWidth="2" strokeDasharray="3 2" />;
    case 'cancelled':
      return <rect x="1.5" y="1.5" width="9" height="9" />;
    case 'skipped':
      return <circle cx="6" cy="6" r="4.6" fill="none" strokeWidth="2" />;
    case 'paused':
      return <path d="M2 1 H5 V11 H2 Z M7 1 H10 V11 H7 Z" />;
    case 'new':
      return <circle cx="6" cy="6" r="2.2" />;
    case 'succeeded':
      return <circle cx="6" cy="6" r="5.6" />;
  }
}
