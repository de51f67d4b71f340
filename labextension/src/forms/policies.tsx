import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Draft } from '../model/draft';
import { LabelledInput } from '../parts/labelledInput';

export interface PoliciesProps {
  id: string;
  draft: Draft;
  errors: Record<string, string>;
  onChange: (part: Partial<Draft>) => void;
  trans: TranslationBundle;
}

/** What is rarely set: retries, limits, tags, a description. */
export function Policies(props: PoliciesProps): JSX.Element {
  const { draft, trans } = props;
  return (
    <div className="jns-Grid">
      <Count
        {...props}
        part="attempts"
        field="retry.max_attempts"
        label={trans.__('Attempts')}
        help={trans.__('How often a failing run is tried in all')}
      />
      <Count
        {...props}
        part="delay"
        field="retry.delay_seconds"
        label={trans.__('Seconds between attempts')}
        help={trans.__('Grows with each attempt')}
      />
      <Count
        {...props}
        part="timeout"
        field="timeout_seconds"
        label={trans.__('Time limit of an attempt, in seconds')}
        help={trans.__('Empty: no limit')}
      />
      <Count
        {...props}
        part="cellTimeout"
        field="cell_timeout_seconds"
        label={trans.__('Time limit of each cell, in seconds')}
        help={trans.__('Empty: no limit')}
      />
      <LabelledInput
        id={`${props.id}-tags`}
        label={trans.__('Tags')}
        help={trans.__('Separated by commas')}
        error={props.errors.tags}
      >
        <input
          type="text"
          className="jp-mod-styled"
          value={draft.tags}
          onChange={event => props.onChange({ tags: event.target.value })}
        />
      </LabelledInput>
      <LabelledInput
        id={`${props.id}-description`}
        label={trans.__('Description')}
        error={props.errors.description}
      >
        <input
          type="text"
          className="jp-mod-styled"
          value={draft.description}
          onChange={event => props.onChange({ description: event.target.value })}
        />
      </LabelledInput>
    </div>
  );
}

type Countable = 'attempts' | 'delay' | 'timeout' | 'cellTimeout';

function Count(
  props: PoliciesProps & { part: Countable; field: string; label: string; help: string }
): JSX.Element {
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
        min={part === 'attempts' ? 1 : 0}
        className="jp-mod-styled"
        data-jns={part}
        value={props.draft[part]}
        onChange={event => props.onChange({ [part]: event.target.value })}
      />
    </LabelledInput>
  );
}
