import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { dateAndTime } from '../model/times';
import { stateWord } from '../model/words';
import { Page, PageProps } from '../parts/page';
import type { Run } from '../tokens/wire';

export interface RunComparisonProps extends Pick<PageProps, 'load' | 'wordsOf'> {
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
  const label = trans.__('Compare with');
  return (
    <div className="jns-Pages" data-jns="run-comparison">
      <header className="jns-Line">
        <h2>{run && `${run.name} · ${timeOf(run)}`}</h2>
        <label className="jns-Field jns-mod-beside">
          {label}
          <select
            className="jp-mod-styled"
            data-jns="against"
            value={against}
            onChange={event => props.onAgainst(event.target.value)}
          >
            <option value="last_success">{trans.__('The last success')}</option>
            <option value="source">{trans.__('Its source now')}</option>
            <optgroup label={trans.__('Another run')}>
              {others.map(other => (
                <option key={other.id} value={other.id}>
                  {`${timeOf(other)} · ${stateWord(other.state, trans)}`}
                </option>
              ))}
            </optgroup>
          </select>
        </label>
      </header>
      <Page
        about={against}
        load={props.load}
        wordsOf={props.wordsOf}
        label={trans.__('What differs')}
        loading={trans.__('Comparing…')}
      />
    </div>
  );
}

function timeOf(run: Run): string {
  return dateAndTime(run.scheduled_for ?? run.created_at);
}
