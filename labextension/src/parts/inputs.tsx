import * as React from 'react';
import type { RegistryWidgetsType, WidgetProps as AnyWidgetProps } from '@rjsf/utils';
import { JSONExt, ReadonlyJSONObject } from '@lumino/coreutils';
import { readJson, readNumber, showJson, showPlain } from '../model/typed';

type WidgetProps = AnyWidgetProps<ReadonlyJSONObject>;

/** The text being typed, which follows the value from outside only where that says something else. */
function useText(
  shown: string,
  same: (text: string) => boolean
): [text: string, setText: (text: string) => void] {
  const [text, setText] = React.useState(shown);
  React.useEffect(() => {
    if (!same(text)) {
      setText(shown);
    }
  }, [shown]);
  return [text, setText];
}

function common(props: WidgetProps) {
  return {
    id: props.id,
    className: 'jp-mod-styled',
    disabled: props.disabled || props.readonly,
    'aria-invalid': Boolean(props.rawErrors?.length),
    'aria-describedby': `${props.id}-about`,
    'data-jns': `field-${props.label}`
  };
}

function NumberInput(props: WidgetProps): JSX.Element {
  const shown = showPlain(props.value);
  const [text, setText] = useText(shown, typed => showPlain(readNumber(typed)) === shown);
  const type = (typed: string) => {
    setText(typed);
    props.onChange(readNumber(typed));
  };
  return (
    <input
      {...common(props)}
      type="text"
      inputMode="decimal"
      value={text}
      placeholder={props.placeholder}
      onChange={event => type(event.target.value)}
    />
  );
}

function LineInput(props: WidgetProps): JSX.Element {
  const type = (text: string) => props.onChange(text === '' && props.options.nullable ? null : text);
  return (
    <input
      {...common(props)}
      type="text"
      value={showPlain(props.value)}
      placeholder={props.placeholder}
      onChange={event => type(event.target.value)}
    />
  );
}

function DateInput(props: WidgetProps): JSX.Element {
  return (
    <input
      {...common(props)}
      type="date"
      value={showPlain(props.value)}
      onChange={event => props.onChange(event.target.value || null)}
    />
  );
}

/** Lists and mappings, as JSON in one line; half-typed JSON stays in the input and is not passed on. */
function JsonInput(props: WidgetProps): JSX.Element {
  const shown = showJson(props.value);
  const [text, setText] = useText(shown, typed => {
    const reading = readJson(typed);
    return 'value' in reading && showJson(reading.value) === shown;
  });
  const wrong = 'wrong' in readJson(text);
  const type = (typed: string) => {
    setText(typed);
    const reading = readJson(typed);
    if ('value' in reading) {
      props.onChange(reading.value);
    }
  };
  return (
    <input
      {...common(props)}
      className="jp-mod-styled jns-Input-code"
      type="text"
      spellCheck={false}
      value={text}
      placeholder={props.placeholder || '[…] {…} "…"'}
      aria-invalid={wrong || Boolean(props.rawErrors?.length)}
      onChange={event => type(event.target.value)}
    />
  );
}

function Tick(props: WidgetProps): JSX.Element {
  return (
    <input
      {...common(props)}
      type="checkbox"
      checked={props.value === true}
      onChange={event => props.onChange(event.target.checked)}
    />
  );
}

function Select(props: WidgetProps & { choices: { label: string; value: unknown }[] }): JSX.Element {
  const { choices, value } = props;
  const chosen = choices.findIndex(choice => JSONExt.deepEqual(choice.value as string, value ?? null));
  const blank = chosen < 0 || props.options.nullable;
  return (
    <select
      {...common(props)}
      value={chosen}
      onChange={event => props.onChange(choices[Number(event.target.value)]?.value ?? null)}
    >
      {blank && <option value={-1}>{props.placeholder}</option>}
      {choices.map((choice, index) => (
        <option key={choice.label} value={index}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}

function Choice(props: WidgetProps): JSX.Element {
  const values: unknown[] = props.schema.enum ?? [];
  const choices = values
    .filter(value => value !== null)
    .map(value => ({ label: showPlain(value as string), value }));
  return <Select {...props} choices={choices} />;
}

function YesOrNo(props: WidgetProps): JSX.Element {
  const choices = [true, false].map(value => ({ label: String(value), value }));
  return <Select {...props} choices={choices} />;
}

export const inputs: RegistryWidgetsType<ReadonlyJSONObject> = {
  number: NumberInput,
  line: LineInput,
  date: DateInput,
  json: JsonInput,
  tick: Tick,
  choice: Choice,
  yesOrNo: YesOrNo
};
