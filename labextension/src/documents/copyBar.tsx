import * as React from 'react';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { CopyAction, copyActions, CopyState, copyActionWord, copyWords } from '../model/debugging';
import { hasEnded } from '../model/merge';
import { cellOf, timeOf } from '../model/rows';
import { moment, span } from '../model/times';
import { stateWord } from '../model/words';
import { Bar } from '../parts/bar';
import { Link, Push } from '../parts/buttons';
import { Changed } from '../parts/changed';
import { Dot } from '../parts/dot';
import { MenuButton } from '../parts/menuButton';
import { CommandIDs } from '../tokens/names';
import type { Replay } from './replay';

const DAY = 86_400;
/** For how much longer a kernel can be kept: days. */
const LONGER = [1, 3, 7, 30];

export interface CopyBarProps extends CopyState {
  /** It was made from an output that is not the one that the run recorded. */
  changed: boolean;
  replay: Replay | null;
  problem: string | null;
  now: number;
  /** Executes a command about this run and this copy. */
  execute: (command: string, args?: ReadonlyPartialJSONObject) => void;
  onReplay: () => void;
  onStop: () => void;
  trans: TranslationBundle;
}

const COMMANDS: Record<Exclude<CopyAction, 'replay'>, string> = {
  connect: CommandIDs.debugRun,
  continue: CommandIDs.continueRun,
  publish: CommandIDs.publishFix,
  retry: CommandIDs.retryRun
};

/** Above a debug copy: whose copy it is, what there is of the run's variables, and what leads back to the run. */
export function CopyBar(props: CopyBarProps): JSX.Element {
  const { run, changed, replay, problem, now, execute, trans } = props;
  const name = `${run.name} · ${moment(timeOf(run), now)}`;
  return (
    <div className="jns-CopyBar" data-jns="copy-bar" role="group" aria-label={trans.__('Debug copy')}>
      <Dot state={run.state} title={stateWord(run.state, trans)} />
      <Link word={trans.__('Copy of %1', name)} onClick={() => execute(CommandIDs.openRun)} />
      {replay ? <Progress {...props} replay={replay} /> : <Variables {...props} />}
      {changed && <Changed trans={trans} />}
      {problem && (
        <span className="jns-Row-wrong" role="alert">
          {problem}
        </span>
      )}
      {!replay && <Actions {...props} />}
    </div>
  );
}

function Variables(props: CopyBarProps): JSX.Element {
  const { run, now, execute, trans } = props;
  if (!hasEnded(run.state)) {
    return (
      <>
        <span role="status">{`${stateWord(run.state, trans)} · ${cellOf(run, trans)}`}</span>
        <Link word={trans.__('Cancel')} onClick={() => execute(CommandIDs.cancelRun)} />
      </>
    );
  }
  const left = Date.parse(run.kernel_alive_until ?? '') - now;
  const keep = (seconds: number) => execute(CommandIDs.keepKernel, { seconds });
  return (
    <>
      <span>{copyWords(props, now, trans)}</span>
      {run.kernel_alive_until !== null && (
        <>
          <MenuButton
            word={trans.__('Keep longer')}
            label={trans.__('Keep longer')}
            choices={LONGER.filter(days => days * DAY * 1000 > left).map(days => [
              trans.__('For %1', span(days * DAY)),
              () => keep(days * DAY)
            ])}
          />
          <Link word={trans.__('End')} onClick={() => keep(0)} />
        </>
      )}
    </>
  );
}

function Progress({ replay, onStop, trans }: CopyBarProps & { replay: Replay }): JSX.Element {
  const { done, total } = replay;
  const words = total ? trans.__('Running %1 of %2 cells above', done + 1, total) : trans.__('Starting');
  return (
    <>
      <span role="status">{words}</span>
      <Bar share={total ? done / total : 0} label={words} />
      <Link word={trans.__('Cancel')} onClick={onStop} />
    </>
  );
}

function Actions(props: CopyBarProps): JSX.Element {
  const { execute, onReplay, trans } = props;
  const offered = copyActions(props);
  return (
    <div className="jns-Actions">
      {offered.map((action, index) => (
        <Push
          key={action}
          first={index === offered.length - 1}
          word={copyActionWord(action, trans)}
          name={`copy-${action}`}
          onClick={() => (action === 'replay' ? onReplay() : execute(COMMANDS[action]))}
        />
      ))}
    </div>
  );
}
