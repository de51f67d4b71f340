import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { hasEnded } from '../model/merge';
import type { Publishing } from '../model/publishing';
import { cellOf, errorLine } from '../model/rows';
import { stateWord } from '../model/words';
import { Bar } from '../parts/bar';
import { CellDiff } from '../parts/cellDiff';
import { Health, Notice } from '../parts/notice';
import type { Run } from '../tokens/wire';

export interface PublishProps {
  health: Health;
  publishing: Publishing;
  onTry: () => void;
  onPublish: () => void;
  onCancel: () => void;
  onOpen: (run: string) => void;
  onRetry: () => void;
  trans: TranslationBundle;
}

/** Before something becomes the version that a job runs: what that changes, and for whom. */
export function PublishForm(props: PublishProps): JSX.Element {
  const { health, publishing, trans } = props;
  const { told, done } = publishing;
  return (
    <div className="jns-Schedule" data-jns="publish-form">
      <Notice health={health} trans={trans} />
      <h2>
        {trans.__('Use this version')}
        <span className="jns-Heading-of">{publishing.name}</span>
      </h2>
      {done && <Done {...props} />}
      {!done && told && (
        <>
          {told.earlier && (
            <p role="status" data-jns="earlier">
              {trans.__('Version %1 again: what came after is undone.', told.earlier)}
            </p>
          )}
          <CellDiff diff={told.diff} trans={trans} />
          <Misfits {...props} />
          <Where {...props} />
          <label className="jns-Field">
            {trans.__('Why (optional)')}
            <input
              type="text"
              className="jp-mod-styled"
              data-jns="publish-message"
              maxLength={1000}
              value={publishing.message}
              onChange={event => publishing.set({ message: event.target.value })}
            />
          </label>
        </>
      )}
      {!done && !told && !publishing.problem && <p className="jns-Empty">{trans.__('Loading…')}</p>}
      {!done && <Send {...props} />}
    </div>
  );
}

function Misfits({ publishing, trans }: PublishProps): JSX.Element | null {
  const { told, chosen } = publishing;
  const others = new Set(told?.others.map(({ id }) => id));
  const misfits = told?.misfits.filter(({ job_id }) => !others.has(job_id) || chosen.has(job_id)) ?? [];
  return misfits.length ? (
    <div role="status" data-jns="misfits">
      {trans.__('No longer fits; change it in the job:')}
      <ul className="jns-Problems">
        {misfits.map(({ job_id, job_name, parameter, message }) => (
          <li key={`${job_id} ${parameter}`}>
            {job_name}, {parameter}: {message}
          </li>
        ))}
      </ul>
    </div>
  ) : null;
}

/** Who else gets it: other jobs, and the notebook in the workspace. */
function Where({ publishing, trans }: PublishProps): JSX.Element {
  const { told, chosen, subject, conflict, onlyNotebook } = publishing;
  return (
    <fieldset>
      <legend>{trans.__('Where')}</legend>
      {told?.others.map(({ id, name }) => (
        <Choice
          key={id}
          hook={`publish-job-${id}`}
          checked={chosen.has(id)}
          onChange={wanted => publishing.choose(id, wanted)}
          words={trans.__('Also in the job “%1”', name)}
        />
      ))}
      {'run' in subject && (
        <Choice
          hook="publish-write"
          checked={publishing.write}
          disabled={onlyNotebook}
          onChange={write => publishing.set({ write, over: false })}
          words={onlyNotebook ? trans.__('In the notebook itself') : trans.__('Also in the notebook itself')}
        />
      )}
      {conflict && (
        <div className="jns-Problems" data-jns="conflict">
          <p>{trans.__('The notebook has changed since this run; these changes would be lost:')}</p>
          <CellDiff diff={conflict.diff} trans={trans} />
          <Choice
            hook="publish-over"
            checked={publishing.over}
            onChange={over => publishing.set({ over })}
            words={trans.__('Write over them')}
          />
        </div>
      )}
    </fieldset>
  );
}

function Choice(props: {
  hook: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
  words: string;
}): JSX.Element {
  return (
    <label className="jns-Choice">
      <input
        type="checkbox"
        data-jns={props.hook}
        checked={props.checked}
        disabled={props.disabled}
        onChange={event => props.onChange(event.target.checked)}
      />
      {props.words}
    </label>
  );
}

function Send(props: PublishProps): JSX.Element {
  const { publishing, onTry, onPublish, trans } = props;
  const { problem, trial, trying, tested, told, conflict, over } = publishing;
  const held = publishing.busy || trying || !told || (conflict !== null && !over);
  const use: [string, string, () => void] = [
    'publish',
    tested ? trans.__('Use this version') : trans.__('Use untested'),
    onPublish
  ];
  const first: typeof use = ['publish-try', trans.__('Try it, then use it'), onTry];
  return (
    <div className="jns-Send">
      {problem && (
        <p className="jns-Field-error" role="alert">
          {problem}
        </p>
      )}
      {trial && <Trial {...props} trial={trial} />}
      <div className="jns-Buttons">
        {(tested ? [use] : [first, use]).map(([hook, word, act], index) => (
          <button
            key={hook}
            type="button"
            className={`jp-mod-styled ${index ? 'jns-Secondary' : 'jp-mod-accept'}`}
            data-jns={hook}
            aria-disabled={held}
            onClick={held ? undefined : act}
          >
            {word}
          </button>
        ))}
      </div>
    </div>
  );
}

function Trial({ trial, onOpen, onCancel, trans }: PublishProps & { trial: Run }): JSX.Element {
  const { done, total } = trial.progress ?? { done: 0, total: 0 };
  const word = stateWord(trial.state, trans);
  const ended = hasEnded(trial.state);
  const why = errorLine(trial, trans) ?? trial.message;
  const said = [trans.__('Trial: %1', word), ended ? why : cellOf(trial, trans)].filter(Boolean).join(' · ');
  return (
    <div data-jns="trial" data-state={trial.state}>
      <span role="status">{said}</span>{' '}
      <button type="button" className="jns-Link" onClick={ended ? () => onOpen(trial.id) : onCancel}>
        {ended ? trans.__('Open') : trans.__('Cancel')}
      </button>
      {!ended && <Bar share={total ? done / total : 0} label={said} />}
    </div>
  );
}

function Done(props: PublishProps): JSX.Element {
  const { publishing, onRetry, trans } = props;
  const { onlyNotebook, subject, write } = publishing;
  return (
    <div data-jns="published">
      <p role="status">
        {!onlyNotebook && trans.__('It is used from now on.')} {write && trans.__('The notebook has it now.')}
      </p>
      <Misfits {...props} />
      {'run' in subject && (
        <div className="jns-Buttons">
          <button
            type="button"
            className="jp-mod-styled jp-mod-accept"
            data-jns="publish-retry"
            autoFocus
            onClick={onRetry}
          >
            {trans.__('Retry the failed run')}
          </button>
        </div>
      )}
    </div>
  );
}
