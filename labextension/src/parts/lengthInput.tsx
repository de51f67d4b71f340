import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Length, Unit, UNITS, unitWord } from '../model/lengths';
import { LabelledInput } from './labelledInput';

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
      <select
        className="jp-mod-styled"
        data-jns={`${hook}Unit`}
        aria-label={trans.__('%1: unit', label)}
        value={value.unit}
        onChange={event => onValue({ ...value, unit: event.target.value as Unit })}
      >
        {UNITS.map(unit => (
          <option key={unit} value={unit}>
            {unitWord(unit, trans)}
          </option>
        ))}
      </select>
    </span>
  );
}
