import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Draft } from '../model/draft';
import type { FieldErrors } from '../model/fieldErrors';
import { LabelledInput } from '../parts/labelledInput';

export interface PoliciesProps {
  id: string;
  draft: Draft;
  errors: FieldErrors;
  onChange: (part: Partial<Draft>) => void;
  trans: TranslationBundle;
}

type Countable =
  | 'attempts'
  | 'delay'
  | 'timeout'
  | 'cellTimeout'
  | 'memory'
  | 'processor'
  | 'keepRuns'
  | 'keepDays'
  | 'maxCatchUp'
  | 'maxParallel';

export interface CountProps extends PoliciesProps {
  part: Countable;
  /** The API's name of it. */
  field: string;
  min: number;
  label: string;
  help?: string;
}

/** A number of the draft. */
export function Count(props: CountProps): JSX.Element {
  const { part } = props;
  return (
    <LabelledInput
      id={`${props.id}-${part}`}
      label={props.label}
      help={props.help}
      error={props.errors[props.field]}
    >
      <input
        type="number"
        min={props.min}
        className="jp-mod-styled"
        data-jns={part}
        value={props.draft[part]}
        onChange={event => props.onChange({ [part]: event.target.value })}
      />
    </LabelledInput>
  );
}
