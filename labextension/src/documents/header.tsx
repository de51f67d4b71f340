import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { RunAction, runActions, runActionWord } from '../model/choices';
import { cellOf, elapsed, errorLine, parameterTexts } from '../model/rows';
import { moment, span } from '../model/times';
import { reasonWords, stateWord } from '../model/words';
import { Dot } from '../parts/dot';
import type { Run } from '../tokens/wire';

export interface HeaderProps {
  run: Run;
  now: number;
  onAct: (action: RunAction, run: Run) => void;
  trans: TranslationBundle;
}

/** What happened, in the toolbar of an output notebook. */
export function Outcome({ run, now, trans }: HeaderProps): JSX.Element {
  return (
    <div className="jns-Outcome" data-jns="outcome" data-state={run.state}>
      <Dot state={run.state} title={stateWord(run.state, trans)} />
      <strong>{stateWord(run.state, trans)}</strong>
      <span>{facts(run, now, trans).join(' · ')}</span>
    </div>
  );
}

function facts(run: Run, now: number, trans: TranslationBundle): string[] {
  const said = [run.name, moment(run.scheduled_for ?? run.started_at ?? run.created_at, now)];
  if (run.state === 'running') {
    return [...said, elapsed(run, now, trans), cellOf(run, trans)].filter(Boolean);
  }
  return run.duration_seconds === null ? said : [...said, span(run.duration_seconds)];
}

/** What can be done about it. *Debug in a copy* is the one to press after a failure. */
export function Actions({ run, onAct, trans }: HeaderProps): JSX.Element {
  const offered = runActions(run).filter(action => action !== 'open' && action !== 'delete');
  const ordered = [
    ...offered.filter(action => action !== 'debug'),
    ...offered.filter(action => action === 'debug')
  ];
  return (
    <div className="jns-Actions">
      {ordered.map(action => (
        <button
          key={action}
          type="button"
          className={`jp-mod-styled ${action === 'debug' ? 'jp-mod-accept' : 'jns-Secondary'}`}
          data-jns={`output-${action}`}
          onClick={() => onAct(action, run)}
        >
          {runActionWord(action, trans)}
        </button>
      ))}
    </div>
  );
}

/** Why it ended, and with which values it ran, in one line under the toolbar. */
export function Circumstances({ run, trans }: HeaderProps): JSX.Element {
  const why = errorLine(run, trans) ?? run.message ?? reasonWords(run, trans);
  return (
    <div className="jns-Circumstances" data-jns="circumstances">
      {why && <span className={run.state === 'failed' ? 'jns-Row-wrong jns-mod-code' : ''}>{why}</span>}
      {parameterTexts(run.parameters).map(text => (
        <code key={text} className="jns-Chip">
          {text}
        </code>
      ))}
      {parameterTexts(run.results ?? {}).map(text => (
        <code key={`result ${text}`} className="jns-Chip jns-mod-result" title={trans.__('Result')}>
          {text}
        </code>
      ))}
    </div>
  );
}
