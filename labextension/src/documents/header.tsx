import * as React from 'react';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { RunAction, runActions, runActionWord } from '../model/choices';
import { cellToShow, variableWords } from '../model/debugging';
import { hasEnded } from '../model/merge';
import { cellOf, elapsed, errorLine, parameterTexts, timeOf } from '../model/rows';
import { moment, span } from '../model/times';
import { reasonWords, stateWord } from '../model/words';
import { Link, Push } from '../parts/buttons';
import { Changed } from '../parts/changed';
import { Dot } from '../parts/dot';
import { MenuButton } from '../parts/menuButton';
import { CommandIDs } from '../tokens/names';
import type { Run } from '../tokens/wire';

export interface HeaderProps {
  run: Run;
  /** The run as the attempt that is shown here ended. */
  shown: Run;
  /** The file is not the one that the run recorded. */
  changed: boolean;
  now: number;
  onAct: (action: RunAction, run: Run) => void;
  /** Executes a command about this run. */
  execute: (command: string, args?: ReadonlyPartialJSONObject) => void;
  onReveal: () => void;
  trans: TranslationBundle;
}

/** What happened, in the toolbar of an output notebook. */
export function Outcome({ shown, now, trans }: HeaderProps): JSX.Element {
  return (
    <div className="jns-Outcome" data-jns="outcome" data-state={shown.state}>
      <Dot state={shown.state} title={stateWord(shown.state, trans)} />
      <strong>{stateWord(shown.state, trans)}</strong>
      <span>{facts(shown, now, trans).join(' · ')}</span>
    </div>
  );
}

function facts(run: Run, now: number, trans: TranslationBundle): string[] {
  const said = [run.name, moment(timeOf(run), now)];
  if (run.state === 'running') {
    return [...said, elapsed(run, now, trans), cellOf(run, trans)].filter(Boolean);
  }
  return run.duration_seconds === null ? said : [...said, span(run.duration_seconds)];
}

/** What can be done about it. *Debug in a copy* is the one to press after a failure. */
export function Actions({ run, now, onAct, trans }: HeaderProps): JSX.Element {
  const offered = runActions(run).filter(action => action !== 'open' && action !== 'delete');
  const ordered = [
    ...offered.filter(action => action !== 'debug'),
    ...offered.filter(action => action === 'debug')
  ];
  return (
    <div className="jns-Actions">
      {ordered.map(action => (
        <Push
          key={action}
          first={action === 'debug'}
          word={runActionWord(action, trans)}
          name={`output-${action}`}
          title={action === 'debug' ? variableWords(run, now, trans) : undefined}
          onClick={() => onAct(action, run)}
        />
      ))}
    </div>
  );
}

/** Why it ended and with which values it ran; below, what else there is of it and what can be made of it. */
export function Circumstances(props: HeaderProps): JSX.Element {
  const { run, shown, changed, trans } = props;
  return (
    <div className="jns-Circumstances" data-jns="circumstances" data-run={run.id}>
      {changed && <Changed trans={trans} />}
      <div className="jns-Circumstances-line">
        <Why {...props} />
        {parameterTexts(shown.parameters).map(text => (
          <code key={text} className="jns-Chip">
            {text}
          </code>
        ))}
        {parameterTexts(shown.results ?? {}).map(text => (
          <code key={`result ${text}`} className="jns-Chip" title={trans.__('Result')}>
            {text}
          </code>
        ))}
      </div>
      {hasEnded(shown.state) && <Below {...props} />}
    </div>
  );
}

/** The cell and its error lead to that cell. */
function Why({ shown, onReveal, trans }: HeaderProps): JSX.Element | null {
  const why = errorLine(shown, trans) ?? shown.message ?? reasonWords(shown, trans);
  return shown.state === 'failed' && cellToShow(shown) !== null ? (
    <button
      type="button"
      className="jns-Why"
      data-jns="failure"
      title={trans.__('Go to the cell')}
      onClick={onReveal}
    >
      <span className="jns-Row-wrong jns-mod-code">{why}</span>
      <span className="jns-Row-source">{shown.error?.source_line}</span>
    </button>
  ) : (
    <span className={shown.state === 'failed' ? 'jns-Row-wrong' : ''}>{why}</span>
  );
}

function Below(props: HeaderProps): JSX.Element {
  const { run, shown, now, execute, trans } = props;
  const { attempt } = shown;
  const [copy, save] = [CommandIDs.copyLink, CommandIDs.exportHtml].map(
    command => (hide_code: boolean) => execute(command, { attempt, hide_code })
  );
  const lastSuccess = () => execute(CommandIDs.copyLink, { job: run.job_id });
  return (
    <div className="jns-Circumstances-line jns-mod-small" data-jns="below">
      {runActions(run).includes('debug') && (
        <span data-jns="variables">{variableWords(run, now, trans)}</span>
      )}
      <Attempts {...props} />
      <Link word={trans.__('Compare')} onClick={() => execute(CommandIDs.compareRun)} />
      <Link name="copy-link" word={trans.__('Copy link')} onClick={() => copy(false)} />
      <Link name="export-html" word={trans.__('Export HTML')} onClick={() => save(false)} />
      <MenuButton
        label={trans.__('Without the code')}
        choices={[
          [trans.__('Copy link, code hidden'), () => copy(true)],
          [trans.__('Export HTML, code hidden'), () => save(true)],
          ...(run.job_id ? [[trans.__('Copy link, last success'), lastSuccess] as [string, () => void]] : [])
        ]}
      />
    </div>
  );
}

/** A run that was tried again has an output notebook for each attempt. */
function Attempts({ run, shown, execute, trans }: HeaderProps): JSX.Element | null {
  const attempts = (run.attempts ?? []).filter(({ output }) => output !== null);
  return attempts.length < 2 ? null : (
    <span role="group" aria-label={trans.__('Attempts')} data-jns="attempts">
      {attempts.map(({ n, state }) => (
        <Link
          key={n}
          word={trans.__('Attempt %1', n)}
          title={stateWord(state, trans)}
          current={n === shown.attempt}
          onClick={() => execute(CommandIDs.openRun, { attempt: n })}
        />
      ))}
    </span>
  );
}
