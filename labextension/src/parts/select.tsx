import * as React from 'react';

/** As a child of `LabelledInput` it has its id, and is told what is said about it. */
export interface SelectProps<Value extends string> extends Omit<React.AriaAttributes, 'children'> {
  id?: string;
  hook: string;
  value: Value;
  options: readonly (readonly [value: Value, words: string])[];
  onValue: (value: Value) => void;
}

/** One of a few, in the browser's own list. */
export function Select<Value extends string>(props: SelectProps<Value>): JSX.Element {
  const { hook, options, onValue, ...rest } = props;
  return (
    <select
      {...rest}
      className="jp-mod-styled"
      data-jns={hook}
      onChange={event => onValue(event.target.value as Value)}
    >
      {options.map(([value, words]) => (
        <option key={value} value={value}>
          {words}
        </option>
      ))}
    </select>
  );
}
