import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONValue } from '@lumino/coreutils';
import { kindOf } from '../model/fields';
import { Input } from '../parts/inputs';
import { LabelledInput } from '../parts/labelledInput';
import type { Arrangement, ParameterType, Property } from '../tokens/wire';

/** What a new parameter can be, and what its value is to begin with. */
function types(trans: TranslationBundle): [ParameterType, string, Property, JSONValue][] {
  return [
    ['string', trans.__('Text'), { type: 'string' }, ''],
    ['integer', trans.__('Whole number'), { type: 'integer' }, 0],
    ['number', trans.__('Number'), { type: 'number' }, 0],
    ['boolean', trans.__('Yes or no'), { type: 'boolean' }, false],
    ['date', trans.__('Date'), { type: 'string', format: 'date' }, null],
    ['array', trans.__('List'), { type: 'array', items: { type: 'string' } }, []]
  ];
}

/** Asks for a new parameter; messages are told by field: `name`, `value`. */
export function AddParameter(props: {
  onArrange: (arrangement: Arrangement) => Promise<Record<string, string> | null>;
  onDone: () => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { trans } = props;
  const offered = types(trans);
  const [name, setName] = React.useState('');
  const [chosen, choose] = React.useState(0);
  const [value, setValue] = React.useState<JSONValue>('');
  const [errors, setErrors] = React.useState<Record<string, string>>({});
  const [type, , property] = offered[chosen];
  const add = async () => {
    const told = await props.onArrange({ add: [{ name: name.trim(), value, type }] });
    if (told) {
      setErrors(told);
    } else {
      props.onDone();
    }
  };
  return (
    <form
      className="jns-Fields jns-Add"
      data-jns="add-form"
      onKeyDown={({ key }) => key === 'Escape' && props.onDone()}
      onSubmit={event => {
        event.preventDefault();
        void add();
      }}
    >
      <LabelledInput id="jns-add-name" label={trans.__('Name')} error={errors.name}>
        <input
          type="text"
          className="jp-mod-styled jns-Input-code"
          autoFocus
          required
          value={name}
          onChange={event => setName(event.target.value)}
        />
      </LabelledInput>
      <LabelledInput id="jns-add-type" label={trans.__('Type')} error={errors.type}>
        <select
          className="jp-mod-styled"
          value={chosen}
          onChange={event => {
            choose(Number(event.target.value));
            setValue(offered[Number(event.target.value)][3]);
          }}
        >
          {offered.map(([key, word], index) => (
            <option key={key} value={index}>
              {word}
            </option>
          ))}
        </select>
      </LabelledInput>
      <LabelledInput id="jns-add-value" label={trans.__('Value')} error={errors.value}>
        <Input
          key={type}
          label={trans.__('Value')}
          kind={kindOf(property)}
          property={property}
          value={value}
          onValue={setValue}
          trans={trans}
        />
      </LabelledInput>
      <div className="jns-Buttons">
        <button type="submit" className="jp-mod-styled jns-Secondary">
          {trans.__('Add')}
        </button>
        <button type="button" className="jns-Link" onClick={props.onDone}>
          {trans.__('Cancel')}
        </button>
      </div>
    </form>
  );
}
