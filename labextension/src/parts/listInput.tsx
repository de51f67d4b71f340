import * as React from 'react';
import type { JSONValue } from '@lumino/coreutils';
import { deleteIcon } from '@jupyterlab/ui-components';
import { blankOf, elementsOf, kindOf } from '../model/fields';
import { Input, InputProps } from './inputs';

/** A list with an element a row. Enter adds one below. */
export function ListInput(props: InputProps): JSX.Element {
  const { id, label, property, disabled, onValue, trans } = props;
  const rows = (props.value ?? []) as JSONValue[];
  const items = elementsOf(property, rows) ?? {};
  const place = React.useRef<HTMLDivElement>(null);
  const [added, setAdded] = React.useState({ at: -1 });
  React.useEffect(() => {
    const row = place.current?.querySelectorAll('.jns-List-row')[added.at];
    row?.querySelector<HTMLElement>('input, select')?.focus();
  }, [added]);
  const add = (at: number) => {
    onValue([...rows.slice(0, at), blankOf(items), ...rows.slice(at)]);
    setAdded({ at });
  };
  return (
    <div
      ref={place}
      role="group"
      className="jns-List-rows"
      aria-labelledby={`${id}-label`}
      aria-describedby={props['aria-describedby']}
      data-jns={`field-${label}`}
    >
      {rows.map((value, index) => (
        <span
          key={index}
          className="jns-List-row"
          onKeyDown={event => {
            if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
              event.preventDefault();
              add(index + 1);
            }
          }}
        >
          <Input
            id={`${id}-${index}`}
            aria-label={`${label} ${index + 1}`}
            label={`${label} ${index + 1}`}
            kind={kindOf(items)}
            property={items}
            value={value}
            disabled={disabled}
            onValue={changed => onValue(rows.map((row, other) => (other === index ? changed : row)))}
            trans={trans}
          />
          <button
            type="button"
            className="jns-Link jns-mod-icon"
            disabled={disabled}
            title={trans.__('Remove')}
            aria-label={trans.__('Remove %1 %2', label, index + 1)}
            onClick={() => onValue(rows.filter((_, other) => other !== index))}
          >
            <deleteIcon.react tag="span" width="14px" height="14px" />
          </button>
        </span>
      ))}
      <button
        type="button"
        className="jns-Link"
        disabled={disabled}
        aria-label={trans.__('Add to %1', label)}
        onClick={() => add(rows.length)}
      >
        {trans.__('Add')}
      </button>
    </div>
  );
}
