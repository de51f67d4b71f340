import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { timeOf } from '../model/rows';
import { dateAndTime } from '../model/times';
import { stateWord } from '../model/words';
import { Page, PageProps } from '../parts/page';
import { Select } from '../parts/select';
import type { Run } from '../tokens/wire';

export interface RunComparisonProps extends Pick<PageProps, 'load'> {
  run: Run | null;
  /** The id of another run, `last_success` or `source`. */
  against: string;
  /** With which it can be compared. */
  others: readonly Run[];
  onAgainst: (against: string) => void;
  trans: TranslationBundle;
}

/** A run beside another, the last success or its source. */
export function RunComparison(props: RunComparisonProps): JSX.Element {
  const { run, against, others, trans } = props;
  const known: [string, string][] = [
    ['last_success', trans.__('The last success')],
    ['source', trans.__('Its source now')],
    ...others.map((other): [string, string] => [
      other.id,
      `${when(other)} · ${stateWord(other.state, trans)}`
    ])
  ];
  return (
    <div className="jns-Pages" data-jns="run-comparison">
      <header className="jns-Line">
        <h2>{run && `${run.name} · ${when(run)}`}</h2>
        <label className="jns-Field jns-mod-beside">
          {trans.__('Compare with')}
          <Select
            hook="against"
            value={against}
            options={
              known.some(([id]) => id === against) ? known : [...known, [against, trans.__('Another run')]]
            }
            onValue={props.onAgainst}
          />
        </label>
      </header>
      <Page
        about={against}
        load={props.load}
        label={trans.__('What differs')}
        loading={trans.__('Comparing…')}
      />
    </div>
  );
}

function when(run: Run): string {
  return dateAndTime(timeOf(run));
}
