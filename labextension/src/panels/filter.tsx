import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { stateWord } from '../model/words';
import type { Counts, RunState } from '../tokens/wire';

export interface FilterProps {
  counts: Counts | null;
  state: RunState | null;
  q: string;
  /** The one job or notebook whose runs are shown, by name. */
  only: string | null;
  onState: (state: RunState | null) => void;
  onSearch: (q: string) => void;
  /** Shows the runs of all jobs and notebooks again. */
  onAll: () => void;
  trans: TranslationBundle;
}

const TABS: readonly (RunState | null)[] = [null, 'failed', 'running', 'queued'];

/** Which runs are shown: by state, by text, and of whom. */
export function Filter(props: FilterProps): JSX.Element {
  const { trans, counts, state, only } = props;
  const tabs = counts?.skipped || state === 'skipped' ? [...TABS, 'skipped' as const] : TABS;
  return (
    <div className="jns-Filter">
      <div role="group" aria-label={trans.__('Show')} className="jns-Tabs">
        {tabs.map(tab => {
          const word = tab ? stateWord(tab, trans) : trans.__('All');
          const count = tab && counts?.[tab];
          return (
            <button
              key={word}
              type="button"
              aria-pressed={state === tab}
              className="jns-Tab"
              data-jns={`tab-${tab ?? 'all'}`}
              onClick={() => props.onState(tab)}
            >
              {word}
              {count ? ` ${count}` : ''}
            </button>
          );
        })}
      </div>
      <input
        type="search"
        className="jp-mod-styled jns-Search"
        placeholder={trans.__('Search by name or notebook')}
        aria-label={trans.__('Search runs by name or notebook')}
        value={props.q}
        onChange={event => props.onSearch(event.target.value)}
      />
      {only !== null && (
        <p className="jns-Only" data-jns="only">
          <span>{trans.__('Only %1', only)}</span>
          <button type="button" className="jns-Link" data-jns="show-all" onClick={props.onAll}>
            {trans.__('Show all')}
          </button>
        </p>
      )}
    </div>
  );
}
