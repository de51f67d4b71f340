import * as React from 'react';

/** How far something is: `share` from 0 to 1. */
export function Bar(props: { share: number; label: string }): JSX.Element {
  const percent = Math.round(props.share * 100);
  return (
    <span
      className="jns-Bar"
      role="progressbar"
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-label={props.label}
    >
      <span style={{ width: `${percent}%` }} />
    </span>
  );
}
