import type { TranslationBundle } from '@jupyterlab/translation';
import type { Trigger } from '../tokens/wire';
import { fromCron } from './cron';
import { browserZone, dateAndTime, span } from './times';

/** A trigger in a few words, as a job's row shows it; the zone only where it is not the viewer's. */
export function scheduleWords(trigger: Trigger | null, trans: TranslationBundle): string {
  if (trigger === null) {
    return trans.__('By hand only');
  }
  switch (trigger.type) {
    case 'interval':
      return trans.__('Every %1', span(trigger.every_seconds));
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
  return new Intl.DateTimeFormat(document.documentElement.lang || undefined, {
    weekday: style,
    timeZone: 'UTC'
  }).format(sunday + day * 86_400_000);
}

export function cityOf(zone: string): string {
  return zone.slice(zone.lastIndexOf('/') + 1).replace(/_/g, ' ');
}
