import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { FieldErrors } from '../model/fieldErrors';
import type { When } from '../model/when';
import { LabelledInput } from '../parts/labelledInput';
import { MomentInput } from '../parts/momentInput';

export interface BoundsProps {
  id: string;
  when: When;
  errors: FieldErrors;
  onWhen: (part: Partial<When>) => void;
  trans: TranslationBundle;
}

/** From when, until when and how often at most; open where any of it is set or wrong. */
export function BoundsForm(props: BoundsProps): JSX.Element {
  const { id, when, errors, onWhen, trans } = props;
  const set = Boolean(when.from || when.until || when.maxRuns);
  const [open, setOpen] = React.useState(set);
  const wrong = Boolean(errors.starts_at || errors.ends_at || errors.max_runs);
  return (
    <details
      className="jns-Details jns-mod-small"
      data-jns="bounds"
      open={open || wrong}
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>{trans.__('Start, end and number of runs')}</summary>
      <div className="jns-Line">
        <MomentInput
          id={`${id}-from`}
          label={trans.__('From')}
          error={errors.starts_at}
          hook="from"
          value={when.from}
          onValue={from => onWhen({ from })}
        />
        <MomentInput
          id={`${id}-until`}
          label={trans.__('Until')}
          help={trans.__('This moment is not included')}
          error={errors.ends_at}
          hook="until"
          value={when.until}
          onValue={until => onWhen({ until })}
        />
        <LabelledInput id={`${id}-max`} label={trans.__('Runs, at most')} error={errors.max_runs}>
          <input
            type="number"
            min={1}
            className="jp-mod-styled jns-Input-short"
            data-jns="maxRuns"
            value={when.maxRuns}
            onChange={event => onWhen({ maxRuns: event.target.value })}
          />
        </LabelledInput>
      </div>
    </details>
  );
}
