import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { BackfillDraft } from '../model/backfilling';
import type { FieldErrors } from '../model/fieldErrors';
import { dateAndTime } from '../model/times';
import { MomentInput } from '../parts/momentInput';

export interface BackfillProps {
  draft: BackfillDraft;
  zone: string;
  slots: readonly string[] | null;
  errors: FieldErrors;
  problem: string | null;
  onChange: (part: Partial<BackfillDraft>) => void;
  trans: TranslationBundle;
}

/** From when to when due times are run again, and how many that would be. */
export function BackfillForm(props: BackfillProps): JSX.Element {
  const { draft, zone, errors, onChange, trans } = props;
  return (
    <div className="jns-Dialog" data-jns="backfill">
      <div className="jns-Line">
        <MomentInput
          id="jns-backfill-from"
          label={trans.__('From')}
          error={errors.from}
          hook="backfill-from"
          value={draft.from}
          onValue={from => onChange({ from })}
        />
        <MomentInput
          id="jns-backfill-to"
          label={trans.__('To')}
          help={trans.__('This moment is not included')}
          error={errors.to}
          hook="backfill-to"
          value={draft.to}
          onValue={to => onChange({ to })}
        />
      </div>
      <p className="jns-Hint">{trans.__('Times in %1', zone)}</p>
      <label className="jns-Choice">
        <input
          type="checkbox"
          data-jns="backfill-again"
          checked={draft.again}
          onChange={event => onChange({ again: event.target.checked })}
        />
        {trans.__('Also those that have succeeded already')}
      </label>
      <Outlook {...props} />
    </div>
  );
}

/** JupyterLab's dialog keeps its button disabled as long as anything in it is `jp-mod-error`. */
function Outlook({ slots, problem, errors, draft, zone, trans }: BackfillProps): JSX.Element {
  const ready = Boolean(slots?.length);
  const words = (): string => {
    if (problem !== null) {
      return problem;
    }
    if (slots === null) {
      return Object.keys(errors).length ? '' : trans.__('Counting…');
    }
    if (!slots.length) {
      return draft.again
        ? trans.__('No due time lies in this range.')
        : trans.__('No due time in this range is left to run.');
    }
    const count = trans._n('%1 due time would run', '%1 due times would run', slots.length);
    const [first, last] = [slots[0], slots[slots.length - 1]].map(slot => dateAndTime(slot, zone));
    return first === last ? `${count}: ${first}` : `${count}: ${first} – ${last}`;
  };
  return (
    <p
      className={`jns-Outlook ${ready ? '' : 'jp-mod-error'} ${problem === null ? '' : 'jns-Field-error'}`}
      role={problem === null ? 'status' : 'alert'}
      data-jns="backfill-outlook"
      data-count={slots?.length}
    >
      {words()}
    </p>
  );
}
