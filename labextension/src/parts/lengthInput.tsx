import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Length, UNITS, unitWord } from '../model/lengths';
import { LabelledInput } from './labelledInput';
import { Select } from './select';

export interface LengthProps {
  id: string;
  label: string;
  help?: string;
  error?: string;
  hook: string;
  value: Length;
  onValue: (value: Length) => void;
  trans: TranslationBundle;
}

/** A labelled length of time: a number and its unit. */
export function LengthInput(props: LengthProps): JSX.Element {
  return (
    <LabelledInput id={props.id} label={props.label} help={props.help} error={props.error}>
      <Pair {...props} />
    </LabelledInput>
  );
}

/** The label belongs to the number. */
function Pair({ id, label, hook, value, onValue, trans, ...aria }: LengthProps): JSX.Element {
  return (
    <span className="jns-Length">
      <input
        id={id}
        aria-describedby={(aria as React.AriaAttributes)['aria-describedby']}
        aria-invalid={(aria as React.AriaAttributes)['aria-invalid']}
        type="number"
        min={0}
        className="jp-mod-styled jns-Input-short"
        data-jns={hook}
        value={value.count}
        onChange={event => onValue({ ...value, count: event.target.value })}
      />
      <Select
        hook={`${hook}Unit`}
        aria-label={trans.__('%1: unit', label)}
        value={value.unit}
        options={UNITS.map(unit => [unit, unitWord(unit, trans)])}
        onValue={unit => onValue({ ...value, unit })}
      />
    </span>
  );
}
