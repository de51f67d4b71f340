import type { TranslationBundle } from '@jupyterlab/translation';
import type { Job, Trigger } from '../tokens/wire';
import { fromCron } from './cron';
import { everyWords } from './lengths';
import { browserZone, dateAndTime, locale, moment } from './times';

/** When a job runs in a few words, as its row shows it: `Every 15 minutes, until 24 Dec 07:00, 3 of 10 runs`. */
export function scheduleWords(job: Job, now: number, trans: TranslationBundle): string {
  const { trigger, starts_at, ends_at, max_runs, slots_run } = job;
  const words = [triggerWords(trigger, trans)];
  if (trigger && starts_at && Date.parse(starts_at) > now) {
    words.push(trans.__('from %1', moment(starts_at, now)));
  }
  if (trigger && ends_at) {
    words.push(trans.__('until %1', moment(ends_at, now)));
  }
  if (trigger && max_runs !== null) {
    words.push(trans._n('%2 of %1 run', '%2 of %1 runs', max_runs, slots_run));
  }
  return words.join(', ');
}

/** A trigger in words; the zone only where it is not the viewer's. */
export function triggerWords(trigger: Trigger | null, trans: TranslationBundle): string {
  if (trigger === null) {
    return trans.__('By hand only');
  }
  switch (trigger.type) {
    case 'interval':
      return everyWords(trigger.every_seconds, trans);
    case 'once':
      return trans.__('Once, %1', dateAndTime(trigger.at));
    case 'cron': {
      const words = cronWords(trigger.cron, trans);
      return trigger.timezone === browserZone() ? words : `${words}, ${cityOf(trigger.timezone)}`;
    }
  }
}

function cronWords(cron: string, trans: TranslationBundle): string {
  const every = fromCron(cron);
  switch (every.every) {
    case 'hour':
      return trans.__('Every hour at minute %1', every.minute);
    case 'day':
      return trans.__('Every day at %1', every.time);
    case 'weekday':
      return trans.__('Weekdays at %1', every.time);
    case 'week':
      return trans.__('%1 at %2', every.days.map(day => dayName(day, 'short')).join(', '), every.time);
    case 'month':
      return trans.__('Day %1 of every month at %2', every.day, every.time);
    case 'custom':
      return trans.__('Cron %1', cron);
  }
}

/** Of a day as cron counts: 0 is Sunday. */
export function dayName(day: number, style: 'short' | 'long'): string {
  const sunday = Date.UTC(2026, 10, 22);
  return new Intl.DateTimeFormat(locale(), { weekday: style, timeZone: 'UTC' }).format(
    sunday + day * 86_400_000
  );
}

export function cityOf(zone: string): string {
  return zone.slice(zone.lastIndexOf('/') + 1).replace(/_/g, ' ');
}
