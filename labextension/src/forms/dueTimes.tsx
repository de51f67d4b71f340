import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { chooseOverlap } from '../model/policies';
import { LabelledInput } from '../parts/labelledInput';
import { Select } from '../parts/select';
import { LengthInput } from '../parts/lengthInput';
import type * as wire from '../tokens/wire';
import { Count, PoliciesProps } from './count';

type OnMissed = wire.Policies['on_missed'];
type OnOverlap = wire.Policies['on_overlap'];

/** What becomes of due times that were missed, or that come while a run goes on. */
export function DueTimes(props: PoliciesProps): JSX.Element {
  return (
    <>
      <div className="jns-Stack">
        <Missed {...props} />
      </div>
      <div className="jns-Stack">
        <Overlap {...props} />
      </div>
    </>
  );
}

function Missed(props: PoliciesProps): JSX.Element {
  const { id, draft, errors, onChange, trans } = props;
  return (
    <>
      <Choice<OnMissed>
        id={`${id}-missed`}
        label={trans.__('After an outage')}
        error={errors.on_missed}
        hook="onMissed"
        value={draft.onMissed}
        choices={missedChoices(trans)}
        onValue={onMissed => onChange({ onMissed })}
      />
      {(draft.onMissed === 'run_all' || errors.max_catch_up) && (
        <Count
          {...props}
          part="maxCatchUp"
          field="max_catch_up"
          min={1}
          label={trans.__('Missed times, at most')}
          help={trans.__('The newest of them run')}
        />
      )}
      {(draft.onMissed !== 'skip' || errors.late_limit_seconds) && (
        <LengthInput
          id={`${id}-late`}
          label={trans.__('Not later than')}
          help={trans.__('After its due time; an older one is skipped')}
          error={errors.late_limit_seconds}
          hook="lateLimit"
          value={draft.lateLimit}
          onValue={lateLimit => onChange({ lateLimit })}
          trans={trans}
        />
      )}
    </>
  );
}

function missedChoices(trans: TranslationBundle): [OnMissed, string][] {
  return [
    ['run_latest', trans.__('Run the latest missed time')],
    ['skip', trans.__('Skip missed times')],
    ['run_all', trans.__('Run every missed time')]
  ];
}

function Overlap(props: PoliciesProps): JSX.Element {
  const { id, draft, errors, onChange, trans } = props;
  return (
    <>
      <Choice<OnOverlap>
        id={`${id}-overlap`}
        label={trans.__('While a run goes on')}
        error={errors.on_overlap}
        hook="onOverlap"
        value={draft.onOverlap}
        choices={overlapChoices(trans)}
        onValue={onOverlap => onChange(chooseOverlap(onOverlap, draft))}
      />
      {(draft.onOverlap === 'parallel' || errors.max_parallel) && (
        <Count
          {...props}
          part="maxParallel"
          field="max_parallel"
          min={1}
          label={trans.__('Runs at once, at most')}
        />
      )}
    </>
  );
}

function overlapChoices(trans: TranslationBundle): [OnOverlap, string][] {
  return [
    ['queue_one', trans.__('Wait, keep only the newest')],
    ['skip', trans.__('Skip while one is running')],
    ['parallel', trans.__('Run side by side')],
    ['replace', trans.__('Stop the running one')]
  ];
}

function Choice<Value extends string>(props: {
  id: string;
  label: string;
  error?: string;
  hook: string;
  value: Value;
  choices: readonly [Value, string][];
  onValue: (value: Value) => void;
}): JSX.Element {
  return (
    <LabelledInput id={props.id} label={props.label} error={props.error}>
      <Select hook={props.hook} value={props.value} options={props.choices} onValue={props.onValue} />
    </LabelledInput>
  );
}
