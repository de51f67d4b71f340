import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Every, EveryKind, switchTo } from '../model/cron';
import { dayName } from '../model/schedule';
import { LabelledInput } from '../parts/labelledInput';
import { Select } from '../parts/select';

export interface CronProps {
  id: string;
  every: Every;
  error?: string;
  onEvery: (every: Every) => void;
  trans: TranslationBundle;
}

/** A schedule on the clock: a choice in words and its details. */
export function CronForm(props: CronProps): JSX.Element {
  const { id, every, error, trans } = props;
  return (
    <>
      <div className="jns-Line">
        <LabelledInput id={`${id}-every`} label={trans.__('Repeats')}>
          <Select
            hook="every"
            value={every.every}
            options={choices(trans)}
            onValue={kind => props.onEvery(switchTo(kind, every))}
          />
        </LabelledInput>
        <Details {...props} />
      </div>
      {every.every === 'week' && (
        <Weekdays days={every.days} onDays={days => props.onEvery({ ...every, days })} trans={trans} />
      )}
      {error && every.every !== 'custom' && (
        <p className="jns-Field-error" role="alert">
          {error}
        </p>
      )}
    </>
  );
}

function choices(trans: TranslationBundle): [EveryKind, string][] {
  return [
    ['hour', trans.__('Every hour')],
    ['day', trans.__('Every day')],
    ['weekday', trans.__('Every weekday (Monday to Friday)')],
    ['week', trans.__('Weekly, on chosen days')],
    ['month', trans.__('Monthly, on a day')],
    ['custom', trans.__('By a cron expression')]
  ];
}

function Details(props: CronProps): JSX.Element {
  const { id, every, error, onEvery, trans } = props;
  switch (every.every) {
    case 'hour':
      return (
        <NumberBetween
          id={`${id}-minute`}
          label={trans.__('At minute')}
          range={[0, 59]}
          value={every.minute}
          onValue={minute => onEvery({ ...every, minute })}
        />
      );
    case 'month':
      return (
        <>
          <NumberBetween
            id={`${id}-day`}
            label={trans.__('On day')}
            range={[1, 31]}
            value={every.day}
            onValue={day => onEvery({ ...every, day })}
          />
          <Time {...props} time={every.time} onTime={time => onEvery({ ...every, time })} />
        </>
      );
    case 'custom':
      return (
        <LabelledInput
          id={`${id}-cron`}
          label={trans.__('Cron expression')}
          help={trans.__('Minute, hour, day, month, weekday')}
          error={error}
        >
          <input
            type="text"
            className="jp-mod-styled jns-Input-code"
            spellCheck={false}
            data-jns="cron"
            value={every.cron}
            onChange={event => onEvery({ every: 'custom', cron: event.target.value })}
          />
        </LabelledInput>
      );
    default:
      return <Time {...props} time={every.time} onTime={time => onEvery({ ...every, time })} />;
  }
}

function Time(props: CronProps & { time: string; onTime: (time: string) => void }): JSX.Element {
  return (
    <LabelledInput id={`${props.id}-time`} label={props.trans.__('At')}>
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

function Weekdays(props: {
  days: number[];
  onDays: (days: number[]) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { days, onDays } = props;
  const toggled = (day: number) =>
    days.includes(day) ? days.filter(other => other !== day) : [...days, day];
  return (
    <div className="jns-Weekdays" role="group" aria-label={props.trans.__('Days of the week')}>
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
