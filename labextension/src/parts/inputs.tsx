import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { JSONExt, JSONValue } from '@lumino/coreutils';
import { elementsOf, Kind, typeOf } from '../model/fields';
import { readJson, readNumber, showJson, showPlain, stepped, wrongJson } from '../model/typed';
import type { Property } from '../tokens/wire';
import { ListInput } from './listInput';

/** As a child of `LabelledInput` it has its id, and is told what is said about it. */
export interface InputProps extends Pick<
  React.AriaAttributes,
  'aria-describedby' | 'aria-invalid' | 'aria-label'
> {
  id?: string;
  label: string;
  kind: Kind;
  property: Property;
  nullable?: boolean;
  required?: boolean;
  placeholder?: string;
  value: JSONValue | undefined;
  disabled?: boolean;
  onValue: (value: JSONValue) => void;
  trans: TranslationBundle;
}

/** One value, in the input that suits its kind. */
export function Input(props: InputProps): JSX.Element {
  const Of = INPUTS[props.kind];
  return <Of {...props} />;
}

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

function common(props: InputProps) {
  return {
    id: props.id,
    className: 'jp-mod-styled',
    disabled: props.disabled,
    required: props.required,
    'aria-label': props['aria-label'],
    'aria-invalid': props['aria-invalid'],
    'aria-describedby': props['aria-describedby'],
    'data-jns': `field-${props.label}`
  };
}

/** Choices that do not bind are offered while typing. */
function suggested(props: InputProps) {
  const { property, id, placeholder } = props;
  const { examples } = property;
  return [
    { ...common(props), placeholder, list: examples && `${id}-list` },
    examples && (
      <datalist id={`${id}-list`}>
        {examples.map((one, index) => (
          <option key={index} value={showPlain(one)} />
        ))}
      </datalist>
    )
  ] as const;
}

function NumberInput(props: InputProps): JSX.Element {
  const { property, trans } = props;
  const shown = showPlain(props.value);
  const [text, setText] = useText(shown, typed => showPlain(readNumber(typed)) === shown);
  const type = (typed: string) => {
    setText(typed);
    props.onValue(readNumber(typed));
  };
  const step = (steps: number) => type(String(stepped(text, steps, property)));
  const steppable = property.multipleOf !== undefined || typeOf(property) === 'integer';
  const [attributes, suggestions] = suggested(props);
  return (
    <span className="jns-Stepper">
      <input
        {...attributes}
        type="text"
        inputMode="decimal"
        value={text}
        onChange={event => type(event.target.value)}
        onKeyDown={event => {
          const steps = { ArrowUp: 1, ArrowDown: -1 }[event.key];
          if (steps && steppable && !attributes.list) {
            event.preventDefault();
            step(steps);
          }
        }}
      />
      {suggestions}
      {steppable &&
        [-1, 1].map(steps => (
          <button
            key={steps}
            type="button"
            tabIndex={-1}
            disabled={props.disabled}
            aria-label={steps < 0 ? trans.__('%1: less', props.label) : trans.__('%1: more', props.label)}
            onClick={() => step(steps)}
          >
            {steps < 0 ? '−' : '+'}
          </button>
        ))}
    </span>
  );
}

/** The number can be typed too. */
function SliderInput(props: InputProps): JSX.Element {
  const { minimum = 0, maximum = 0, multipleOf } = props.property;
  return (
    <span className="jns-Slider">
      <input
        type="range"
        aria-label={props.trans.__('%1: slider', props.label)}
        disabled={props.disabled}
        min={minimum}
        max={maximum}
        step={multipleOf ?? (typeOf(props.property) === 'integer' ? 1 : (maximum - minimum) / 100)}
        value={Number(props.value ?? minimum)}
        onChange={event => props.onValue(Number(event.target.value))}
      />
      <NumberInput {...props} property={{}} />
    </span>
  );
}

function LineInput(props: InputProps): JSX.Element {
  const [attributes, suggestions] = suggested(props);
  return (
    <>
      <input
        {...attributes}
        type="text"
        value={showPlain(props.value)}
        onChange={event => props.onValue(event.target.value)}
      />
      {suggestions}
    </>
  );
}

function Lines(props: InputProps & { code?: boolean; text: string; onText: (text: string) => void }) {
  const { text } = props;
  return (
    <textarea
      {...common(props)}
      className={`jp-mod-styled ${props.code ? 'jns-Input-code' : ''}`}
      spellCheck={!props.code}
      rows={Math.min(10, text.split('\n').length)}
      value={text}
      placeholder={props.placeholder}
      onChange={event => props.onText(event.target.value)}
    />
  );
}

function LinesInput(props: InputProps): JSX.Element {
  return <Lines {...props} text={showPlain(props.value)} onText={props.onValue} />;
}

function CodeInput(props: InputProps): JSX.Element {
  return <Lines {...props} code text={showPlain(props.value)} onText={props.onValue} />;
}

/** Lists and mappings; half-typed JSON stays in the input with what is wrong with it. */
function JsonInput(props: InputProps): JSX.Element {
  const shown = showJson(props.value);
  const [text, setText] = useText(shown, typed => showJson(readJson(typed)) === shown);
  const type = (typed: string) => {
    setText(typed);
    props.onValue(readJson(typed));
  };
  const wrong = wrongJson(text);
  return (
    <>
      <Lines {...props} code text={text} onText={type} placeholder={props.placeholder || '[…] {…} "…"'} />
      {wrong && <span>{wrong}</span>}
    </>
  );
}

function DateInput(props: InputProps): JSX.Element {
  return (
    <input
      {...common(props)}
      type="date"
      value={showPlain(props.value)}
      onChange={event => props.onValue(event.target.value || (props.property.format ? null : ''))}
    />
  );
}

const WALL_TIME = /^$|^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/;

/** What the browser's own input cannot hold (an offset, microseconds) is shown as text. */
function DatetimeInput(props: InputProps): JSX.Element {
  const text = showPlain(props.value);
  const wall = WALL_TIME.test(text);
  return (
    <input
      {...common(props)}
      type={wall ? 'datetime-local' : 'text'}
      step={1}
      value={text}
      onChange={({ target: { value } }) =>
        props.onValue(wall && value.length === 16 ? `${value}:00` : value || null)
      }
    />
  );
}

function Tick(props: InputProps): JSX.Element {
  return (
    <input
      {...common(props)}
      type="checkbox"
      required={false}
      checked={props.value === true}
      onChange={event => props.onValue(event.target.checked)}
    />
  );
}

/** Empty only where nothing is chosen yet, or where that can be a value. */
function Choice(props: InputProps): JSX.Element {
  const choices = (props.property.enum ?? [true, false]).filter(value => value !== null);
  const chosen = choices.findIndex(choice => JSONExt.deepEqual(choice, props.value ?? null));
  return (
    <select
      {...common(props)}
      value={chosen}
      onChange={event => props.onValue(choices[Number(event.target.value)] ?? null)}
    >
      {(chosen < 0 || props.nullable) && <option value={-1}>{props.placeholder}</option>}
      {choices.map((choice, index) => (
        <option key={index} value={index}>
          {showPlain(choice)}
        </option>
      ))}
    </select>
  );
}

const INPUTS: Record<Kind, (props: InputProps) => JSX.Element> = {
  choice: Choice,
  code: CodeInput,
  date: DateInput,
  datetime: DatetimeInput,
  json: JsonInput,
  line: LineInput,
  lines: LinesInput,
  list: props => {
    const Of = elementsOf(props.property, props.value) ? ListInput : JsonInput;
    return <Of {...props} />;
  },
  number: NumberInput,
  slider: SliderInput,
  tick: Tick,
  yesOrNo: Choice
};
