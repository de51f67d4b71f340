import * as React from 'react';
import { LabelledInput } from '../parts/labelledInput';
import { Count, PoliciesProps } from './count';
import { DueTimes } from './dueTimes';

/** What is rarely set: due times that cannot run, retries, limits, what is kept, tags, a description. */
export function Policies(props: PoliciesProps): JSX.Element {
  const { draft, trans } = props;
  return (
    <div className="jns-Grid">
      {draft.when.kind !== 'never' && <DueTimes {...props} />}
      <Attempts {...props} />
      <Limits {...props} />
      <Kept {...props} />
      <Line {...props} part="tags" label={trans.__('Tags')} help={trans.__('Separated by commas')} />
      <Line {...props} part="description" label={trans.__('Description')} />
    </div>
  );
}

function Attempts(props: PoliciesProps): JSX.Element {
  const { trans } = props;
  const unlimited = trans.__('Empty: no limit');
  return (
    <>
      <Count
        {...props}
        part="attempts"
        field="retry.max_attempts"
        min={1}
        label={trans.__('Attempts')}
        help={trans.__('How often a failing run is tried in all')}
      />
      <Count
        {...props}
        part="delay"
        field="retry.delay_seconds"
        min={0}
        label={trans.__('Seconds between attempts')}
        help={trans.__('Grows with each attempt')}
      />
      <Count
        {...props}
        part="timeout"
        field="timeout_seconds"
        min={0}
        label={trans.__('Time limit of an attempt, in seconds')}
        help={unlimited}
      />
      <Count
        {...props}
        part="cellTimeout"
        field="cell_timeout_seconds"
        min={0}
        label={trans.__('Time limit of each cell, in seconds')}
        help={unlimited}
      />
    </>
  );
}

function Limits(props: PoliciesProps): JSX.Element {
  const { trans } = props;
  const usual = trans.__('Empty: as configured');
  return (
    <>
      <Count
        {...props}
        part="memory"
        field="resources.memory_mb"
        min={1}
        label={trans.__('Memory limit, in MB')}
        help={usual}
      />
      <Count
        {...props}
        part="processor"
        field="resources.cpu_seconds"
        min={1}
        label={trans.__('Processor time limit, in seconds')}
        help={usual}
      />
    </>
  );
}

function Kept(props: PoliciesProps): JSX.Element {
  const { trans } = props;
  const usual = trans.__('Empty: as for all jobs');
  return (
    <>
      <Count
        {...props}
        part="keepRuns"
        field="keep_runs"
        min={1}
        label={trans.__('Runs kept')}
        help={usual}
      />
      <Count
        {...props}
        part="keepDays"
        field="keep_days"
        min={1}
        label={trans.__('Days they are kept')}
        help={usual}
      />
    </>
  );
}

function Line(
  props: PoliciesProps & { part: 'tags' | 'description'; label: string; help?: string }
): JSX.Element {
  const { part } = props;
  return (
    <LabelledInput
      id={`${props.id}-${part}`}
      label={props.label}
      help={props.help}
      error={props.errors[part]}
    >
      <input
        type="text"
        className="jp-mod-styled"
        data-jns={part}
        value={props.draft[part]}
        onChange={event => props.onChange({ [part]: event.target.value })}
      />
    </LabelledInput>
  );
}
