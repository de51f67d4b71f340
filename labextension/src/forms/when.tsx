import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { EveryKind, switchTo } from '../model/cron';
import type { When } from '../model/draft';
import { dayName } from '../model/schedule';
import { browserZone, dateAndTime, dateOf, timeOfDay } from '../model/times';
import { LabelledInput } from '../parts/labelledInput';
import type { Fire, TriggerPreview } from '../tokens/wire';

export interface WhenProps {
  id: string;
  when: When;
  timezone: string;
  zones: readonly string[];
  preview: TriggerPreview | null;
  errors: Record<string, string>;
  onWhen: (when: When) => void;
  onZone: (zone: string) => void;
  trans: TranslationBundle;
}

/** When a job fires: a choice in words, its details, and the next five times. */
export function WhenForm(props: WhenProps): JSX.Element {
  const { id, when, errors, trans } = props;
  const scheduled = when.every !== 'never' && when.every !== 'kept';
  return (
    <>
      <div className="jns-Line">
        <LabelledInput id={`${id}-every`} label={trans.__('Runs')}>
          <select
            className="jp-mod-styled"
            data-jns="every"
            value={when.every}
            onChange={event => props.onWhen(choose(event.target.value as When['every'], when))}
          >
            {choices(when, trans).map(([every, words]) => (
              <option key={every} value={every}>
                {words}
              </option>
            ))}
          </select>
        </LabelledInput>
        <Details {...props} />
      </div>
      {when.every === 'week' && (
        <Weekdays days={when.days} onDays={days => props.onWhen({ ...when, days })} />
      )}
      {errors['trigger.cron'] && when.every !== 'custom' && (
        <p className="jns-Field-error" role="alert">
          {errors['trigger.cron']}
        </p>
      )}
      {scheduled && <Zone {...props} />}
      <datalist id={`${id}-zones`}>
        {props.zones.map(zone => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <Fires {...props} />
    </>
  );
}

function choices(when: When, trans: TranslationBundle): [When['every'], string][] {
  const known: [When['every'], string][] = [
    ['hour', trans.__('every hour')],
    ['day', trans.__('every day')],
    ['weekday', trans.__('every weekday (Monday to Friday)')],
    ['week', trans.__('weekly, on chosen days')],
    ['month', trans.__('monthly, on a day')],
    ['custom', trans.__('as a cron expression says')],
    ['never', trans.__('only when started by hand')]
  ];
  return when.every === 'kept' ? [['kept', trans.__('as it is set now')], ...known] : known;
}

function choose(every: When['every'], from: When): When {
  if (every === 'never' || every === 'kept') {
    return every === 'never' ? { every } : from;
  }
  const known = from.every === 'never' || from.every === 'kept' ? null : from;
  return switchTo(every as EveryKind, known ?? { every: 'weekday', time: '07:00' });
}

function Details(props: WhenProps): JSX.Element | null {
  const { id, when, errors, onWhen, trans } = props;
  switch (when.every) {
    case 'hour':
      return (
        <NumberBetween
          id={`${id}-minute`}
          label={trans.__('at minute')}
          range={[0, 59]}
          value={when.minute}
          onValue={minute => onWhen({ ...when, minute })}
        />
      );
    case 'month':
      return (
        <>
          <NumberBetween
            id={`${id}-day`}
            label={trans.__('on day')}
            range={[1, 31]}
            value={when.day}
            onValue={day => onWhen({ ...when, day })}
          />
          <Time {...props} time={when.time} onTime={time => onWhen({ ...when, time })} />
        </>
      );
    case 'custom':
      return (
        <LabelledInput
          id={`${id}-cron`}
          label={trans.__('Cron expression')}
          help={trans.__('minute, hour, day, month, weekday')}
          error={errors['trigger.cron']}
        >
          <input
            type="text"
            className="jp-mod-styled jns-Input-code"
            spellCheck={false}
            data-jns="cron"
            value={when.cron}
            onChange={event => onWhen({ every: 'custom', cron: event.target.value })}
          />
        </LabelledInput>
      );
    case 'never':
    case 'kept':
      return null;
    default:
      return <Time {...props} time={when.time} onTime={time => onWhen({ ...when, time })} />;
  }
}

function Time(props: WhenProps & { time: string; onTime: (time: string) => void }): JSX.Element {
  return (
    <LabelledInput id={`${props.id}-time`} label={props.trans.__('at')}>
      <input
        type="time"
        className="jp-mod-styled"
        data-jns="time"
        value={props.time}
        onChange={event => event.target.value && props.onTime(event.target.value)}
      />
    </LabelledInput>
  );
}

function NumberBetween(props: {
  id: string;
  label: string;
  range: [number, number];
  value: number;
  onValue: (value: number) => void;
}): JSX.Element {
  const [min, max] = props.range;
  return (
    <LabelledInput id={props.id} label={props.label}>
      <input
        type="number"
        className="jp-mod-styled jns-Input-short"
        min={min}
        max={max}
        value={props.value}
        onChange={event =>
          props.onValue(Math.min(max, Math.max(min, Math.round(Number(event.target.value)))))
        }
      />
    </LabelledInput>
  );
}

const WEEK = [1, 2, 3, 4, 5, 6, 0];

function Weekdays(props: { days: number[]; onDays: (days: number[]) => void }): JSX.Element {
  const { days, onDays } = props;
  const toggled = (day: number) =>
    days.includes(day) ? days.filter(other => other !== day) : [...days, day];
  return (
    <div className="jns-Weekdays" role="group">
      {WEEK.map(day => (
        <label key={day} title={dayName(day, 'long')}>
          <input
            type="checkbox"
            checked={days.includes(day)}
            disabled={days.length === 1 && days.includes(day)}
            onChange={() => onDays(toggled(day))}
          />
          {dayName(day, 'short')}
        </label>
      ))}
    </div>
  );
}

function Zone(props: WhenProps): JSX.Element {
  const { id, timezone, trans } = props;
  const here = browserZone();
  const elsewhere = timezone !== here ? trans.__('Your browser is in %1.', here) : undefined;
  return (
    <LabelledInput
      id={`${id}-zone`}
      label={trans.__('Time zone')}
      help={elsewhere}
      error={props.errors['trigger.timezone']}
    >
      <input
        type="text"
        list={`${id}-zones`}
        className="jp-mod-styled"
        data-jns="timezone"
        value={timezone}
        onChange={event => props.onZone(event.target.value)}
      />
    </LabelledInput>
  );
}

function Fires({ preview, timezone, trans }: WhenProps): JSX.Element | null {
  if (!preview) {
    return null;
  }
  const sameZone = timezone === browserZone();
  return (
    <div className="jns-Fires" data-jns="preview" aria-live="polite">
      <p className="jns-Fires-words">{preview.description}</p>
      <ol>
        {preview.fires.map(fire => (
          <li key={fire.at}>
            {wallTime(fire)}
            {!sameZone && <span className="jns-Fires-here">{trans.__('%1 here', hereTime(fire))}</span>}
            {fire.note && <span className="jns-Fires-note">{fire.note}</span>}
          </li>
        ))}
      </ol>
    </div>
  );
}

/** The date and time on a wall in the trigger's zone, whatever zone the browser is in. */
function wallTime(fire: Fire): string {
  return dateAndTime(`${fire.local.slice(0, 19)}Z`, 'UTC');
}

function hereTime(fire: Fire): string {
  const sameDay = dateOf(fire.at) === dateOf(`${fire.local.slice(0, 19)}Z`, 'UTC');
  return sameDay ? timeOfDay(fire.at) : dateAndTime(fire.at);
}
