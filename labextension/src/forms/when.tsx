import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { FieldErrors } from '../model/fieldErrors';
import { isZone } from '../model/instants';
import { browserZone } from '../model/times';
import { mayBeBounded, needsZone, When, WHEN_KINDS, WhenKind } from '../model/when';
import { LabelledInput } from '../parts/labelledInput';
import { LengthInput } from '../parts/lengthInput';
import { MomentInput } from '../parts/momentInput';
import type { TriggerPreview } from '../tokens/wire';
import { BoundsForm } from './bounds';
import { CronForm } from './cron';
import { Fires } from './fires';

export interface WhenProps {
  id: string;
  when: When;
  zones: readonly string[];
  preview: TriggerPreview | null;
  errors: FieldErrors;
  onWhen: (part: Partial<When>) => void;
  trans: TranslationBundle;
}

/** When a job runs: the kind of schedule, its details, and the next five times. */
export function WhenForm(props: WhenProps): JSX.Element {
  const { when, errors } = props;
  const wrong = errors.trigger ?? errors['trigger.type'];
  return (
    <>
      <Kinds {...props} />
      {wrong && (
        <p className="jns-Field-error jns-mod-invalid" role="alert">
          {wrong}
        </p>
      )}
      <Details {...props} />
      {needsZone(when) && <Zone {...props} />}
      {mayBeBounded(when) && <BoundsForm {...props} />}
      <Fires {...props} />
    </>
  );
}

function kindWord(kind: WhenKind, trans: TranslationBundle): string {
  switch (kind) {
    case 'cron':
      return trans.__('At set times');
    case 'interval':
      return trans.__('At intervals');
    case 'once':
      return trans.__('Once');
    case 'never':
      return trans.__('Only by hand');
  }
}

function Kinds({ id, when, onWhen, trans }: WhenProps): JSX.Element {
  return (
    <div className="jns-Kinds" role="radiogroup" aria-label={trans.__('When')}>
      {WHEN_KINDS.map(kind => (
        <label key={kind} className="jns-Choice">
          <input
            type="radio"
            name={`${id}-kind`}
            data-jns={`kind-${kind}`}
            checked={when.kind === kind}
            onChange={() => onWhen({ kind })}
          />
          {kindWord(kind, trans)}
        </label>
      ))}
    </div>
  );
}

function Details(props: WhenProps): JSX.Element | null {
  const { id, when, errors, onWhen, trans } = props;
  switch (when.kind) {
    case 'cron':
      return (
        <CronForm
          id={id}
          every={when.every}
          error={errors['trigger.cron']}
          onEvery={every => onWhen({ every })}
          trans={trans}
        />
      );
    case 'interval':
      return <Interval {...props} />;
    case 'once':
      return (
        <MomentInput
          id={`${id}-at`}
          label={trans.__('Date and time')}
          error={errors['trigger.at']}
          hook="at"
          value={when.at}
          onValue={at => onWhen({ at })}
        />
      );
    case 'never':
      return null;
  }
}

function Interval({ id, when, errors, onWhen, trans }: WhenProps): JSX.Element {
  return (
    <div className="jns-Line">
      <LengthInput
        id={`${id}-interval`}
        label={trans.__('Every')}
        error={errors['trigger.every_seconds']}
        hook="interval"
        value={when.interval}
        onValue={interval => onWhen({ interval })}
        trans={trans}
      />
      <MomentInput
        id={`${id}-start`}
        label={trans.__('Counted from')}
        help={trans.__('Empty: from when it is saved')}
        error={errors['trigger.start_at']}
        hook="start"
        value={when.start}
        onValue={start => onWhen({ start })}
      />
    </div>
  );
}

function Zone({ id, when, zones, errors, onWhen, trans }: WhenProps): JSX.Element {
  const here = browserZone();
  const unknown = when.kind !== 'cron' && !isZone(when.timezone);
  return (
    <>
      <LabelledInput
        id={`${id}-zone`}
        label={trans.__('Time zone')}
        help={when.timezone === here ? undefined : trans.__('Your browser is in %1.', here)}
        error={errors['trigger.timezone'] ?? (unknown ? trans.__('There is no such time zone.') : undefined)}
      >
        <input
          type="text"
          list={`${id}-zones`}
          className="jp-mod-styled"
          data-jns="timezone"
          value={when.timezone}
          onChange={event => onWhen({ timezone: event.target.value })}
        />
      </LabelledInput>
      <datalist id={`${id}-zones`}>
        {zones.map(zone => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  );
}
