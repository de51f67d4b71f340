import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Sweeping } from '../model/sweeping';
import { LabelledInput } from '../parts/labelledInput';
import { Health, Notice } from '../parts/notice';
import { Axis } from './axis';
import { sizeWords } from './sweepWords';

export interface SweepProps {
  /** Tells the ids of this form's inputs from those of another one on the page. */
  id: string;
  health: Health;
  sweeping: Sweeping;
  onStart: () => void;
  trans: TranslationBundle;
}

/** The *Sweep* form: which parameters differ, how their values combine, and how many runs that makes. */
export function SweepForm(props: SweepProps): JSX.Element {
  const { id, health, sweeping, trans } = props;
  if (health.missing) {
    return <Notice health={health} trans={trans} />;
  }
  const { inspection, parameters, notebook, name } = sweeping;
  return (
    <div className="jns-Schedule jns-Sweep" data-jns="sweep-form">
      <Notice health={health} trans={trans} />
      <h2>
        {trans.__('Sweep')}
        <span className="jns-Heading-of">{notebook}</span>
      </h2>
      <LabelledInput id={`${id}-name`} label={trans.__('Name')}>
        <input
          type="text"
          className="jp-mod-styled"
          data-jns="name"
          value={name}
          onChange={event => sweeping.change({ name: event.target.value })}
        />
      </LabelledInput>
      <fieldset>
        <legend>{trans.__('Parameters')}</legend>
        {!parameters.length && (
          <p className="jns-Hint">
            {inspection ? trans.__('This notebook has no parameters.') : trans.__('Loading…')}
          </p>
        )}
        {inspection &&
          parameters.map(parameter => (
            <Axis
              key={parameter.name}
              id={id}
              sweeping={sweeping}
              inspection={inspection}
              parameter={parameter}
              trans={trans}
            />
          ))}
      </fieldset>
      {sweeping.varied.length > 1 && <Combining {...props} />}
      <Send {...props} />
    </div>
  );
}

function Combining({ id, sweeping, trans }: SweepProps): JSX.Element {
  const modes = [
    ['grid', trans.__('Every combination')],
    ['zip', trans.__('Side by side: the first values together, then the second, …')]
  ] as const;
  return (
    <fieldset>
      <legend>{trans.__('Combine')}</legend>
      {modes.map(([mode, words]) => (
        <label key={mode} className="jns-Choice">
          <input
            type="radio"
            name={`${id}-mode`}
            data-jns={`mode-${mode}`}
            checked={sweeping.mode === mode}
            onChange={() => sweeping.change({ mode })}
          />
          {words}
        </label>
      ))}
    </fieldset>
  );
}

function Send({ sweeping, onStart, trans }: SweepProps): JSX.Element {
  const { size, mode, problem, busy } = sweeping;
  return (
    <div className="jns-Send">
      {problem && (
        <p className="jns-Field-error" role="alert">
          {problem}
        </p>
      )}
      <p className="jns-Outlook" role="status" data-jns="sweep-size">
        {sizeWords(size, mode, trans)}
      </p>
      <div className="jns-Buttons">
        <button
          type="button"
          className="jp-mod-styled jp-mod-accept"
          data-jns="send"
          disabled={busy || 'wrong' in size}
          onClick={onStart}
        >
          {trans.__('Start')}
        </button>
      </div>
    </div>
  );
}
