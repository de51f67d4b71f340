import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { RunAction, runActions, runActionWord } from '../model/choices';
import { variableWords } from '../model/debugging';
import { hasEnded } from '../model/merge';
import { runRow } from '../model/rows';
import { dateAndTime } from '../model/times';
import { causeWords, stateWord } from '../model/words';
import type { Run } from '../tokens/wire';
import { Bar } from './bar';
import { Dot } from './dot';
import { Links } from './links';

export interface RunRowProps {
  run: Run;
  now: number;
  /** In the list of its own notebook its values name a run. */
  ofNotebook?: boolean;
  selected: boolean;
  onSelect: (id: string) => void;
  onAct: (action: RunAction, run: Run) => void;
  trans: TranslationBundle;
}

/** A run: what and when, why, and, where the person is, what can be done about it. */
export const RunRow = React.memo((props: RunRowProps): JSX.Element => {
  const { run, now, selected, onSelect, onAct, trans } = props;
  const row = runRow(run, now, trans, props.ofNotebook);
  const actions = runActions(run);
  const shown = selected ? actions : actions.filter(action => action === 'cancel');
  const first = actions[0] === 'open' ? () => onAct('open', run) : () => onSelect(run.id);
  return (
    <li
      className={`jns-Row ${selected ? 'jns-mod-selected' : shown.length ? 'jns-mod-going' : ''}`}
      data-jns="run"
      data-run={run.id}
      data-state={run.state}
      data-reason={run.reason ?? undefined}
    >
      <Dot state={run.state} title={stateWord(run.state, trans)} />
      <button
        type="button"
        className="jns-Row-main"
        aria-label={row.spoken}
        title={about(run, trans)}
        onFocus={() => onSelect(run.id)}
        onClick={first}
      >
        <span className="jns-Row-line">
          <span className="jns-Row-what">{row.what}</span>
          <span className="jns-Row-when">{row.when}</span>
        </span>
        {row.share !== null && <Bar share={row.share} label={row.why} />}
        {row.why && <span className={whyClass(row.wrong, run)}>{row.why}</span>}
        {row.source && (
          <span className="jns-Row-source" data-jns="source-line">
            {row.source}
          </span>
        )}
      </button>
      {shown.length > 0 && (
        <Links
          actions={shown}
          word={action => runActionWord(action, trans)}
          about={row.what}
          onAct={action => onAct(action, run)}
        />
      )}
    </li>
  );
});

function whyClass(wrong: boolean, run: Run): string {
  return wrong ? `jns-Row-wrong ${run.error ? 'jns-mod-code' : ''}` : 'jns-Row-why';
}

function about(run: Run, trans: TranslationBundle): string {
  const at =
    run.finished_at && hasEnded(run.state) ? dateAndTime(run.finished_at) : dateAndTime(run.created_at);
  const kept = run.kernel_alive_until && variableWords(run, Date.now(), trans);
  const said = [
    `${stateWord(run.state, trans)}, ${causeWords(run, trans)}`,
    run.message,
    kept,
    run.notebook,
    at
  ];
  return said.filter(Boolean).join('\n');
}
