import * as React from 'react';
import { LabelledInput } from './labelledInput';

/** A labelled date and time, as a wall time (`2026-11-20T07:00`); empty where there is none. */
export function MomentInput(props: {
  id: string;
  label: string;
  help?: string;
  error?: string;
  hook: string;
  value: string;
  onValue: (value: string) => void;
}): JSX.Element {
  const { value } = props;
  return (
    <LabelledInput id={props.id} label={props.label} help={props.help} error={props.error}>
      <input
        type="datetime-local"
        className="jp-mod-styled"
        data-jns={props.hook}
        step={value.length > 16 ? 1 : 60}
        value={value}
        onChange={event => props.onValue(event.target.value)}
      />
    </LabelledInput>
  );
}
