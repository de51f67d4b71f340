/** Times in words, as short as a row allows. All take instants in milliseconds or ISO 8601 strings. */
import type { TranslationBundle } from '@jupyterlab/translation';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How far off a coming moment is: `in 13 h`, `in 2 d 4 h`; `now` for one that is due. */
export function until(at: string, now: number, trans: TranslationBundle): string {
  const seconds = Math.round((Date.parse(at) - now) / 1000);
  return seconds < 1 ? trans.__('now') : trans.__('in %1', span(seconds));
}

/** A length of time in its one or two largest units: `42 s`, `3 min 5 s`, `1 h 04`, `2 d 4 h`. */
export function span(seconds: number): string {
  const whole = Math.round(seconds);
  if (seconds < 10 && seconds > 0 && seconds !== whole) {
    return `${seconds < 0.1 ? '0.1' : seconds.toFixed(1)} s`;
  }
  if (whole < MINUTE) {
    return `${whole} s`;
  }
  if (whole < HOUR) {
    const rest = whole % MINUTE;
    const minutes = Math.floor(whole / MINUTE);
    return rest && minutes < 10 ? `${minutes} min ${rest} s` : `${minutes} min`;
  }
  if (whole < DAY) {
    const minutes = Math.floor((whole % HOUR) / MINUTE);
    const hours = Math.floor(whole / HOUR);
    return minutes && hours < 10 ? `${hours} h ${String(minutes).padStart(2, '0')}` : `${hours} h`;
  }
  const days = Math.floor(whole / DAY);
  const hours = Math.floor((whole % DAY) / HOUR);
  return hours && days < 7 ? `${days} d ${hours} h` : `${days} d`;
}

/** A running clock: `0:12`, `12:05`, `1:02:09`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const pad = (n: number) => String(n).padStart(2, '0');
  const [hours, minutes, rest] = [
    Math.floor(whole / HOUR),
    Math.floor((whole % HOUR) / MINUTE),
    whole % MINUTE
  ];
  return hours ? `${hours}:${pad(minutes)}:${pad(rest)}` : `${minutes}:${pad(rest)}`;
}

/** The time of day in the viewer's zone, 24 hours: `07:00`. */
export function timeOfDay(at: string, zone?: string): string {
  return format(at, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone });
}

/** The heading of a day's runs: `Today`, `Yesterday`, `Fri 20 Nov`, with the year once it is another one. */
export function dayHeading(at: string, now: number, trans: TranslationBundle): string {
  const [day, today] = [dayNumber(Date.parse(at)), dayNumber(now)];
  if (day === today) {
    return trans.__('Today');
  }
  if (day === today - 1) {
    return trans.__('Yesterday');
  }
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return format(at, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: sameYear ? undefined : 'numeric'
  });
}

/** When it was, as briefly as today allows: `07:00`, `Fri 07:00`, `20 Nov 07:00`. */
export function moment(at: string, now: number): string {
  const ago = dayNumber(now) - dayNumber(Date.parse(at));
  if (ago === 0) {
    return timeOfDay(at);
  }
  const day: Intl.DateTimeFormatOptions =
    Math.abs(ago) < 7 ? { weekday: 'short' } : { day: 'numeric', month: 'short' };
  return `${format(at, day)} ${timeOfDay(at)}`;
}

/** A day of this or another year and its time: `Fri 20 Nov 07:00`. */
export function dayAndTime(at: string): string {
  return `${format(at, { weekday: 'short', day: 'numeric', month: 'short' })} ${timeOfDay(at)}`;
}

/** A full date and time in a zone: `Mon, 23 Nov 2026, 07:00`. */
export function dateAndTime(at: string, zone?: string): string {
  return `${dateOf(at, zone)}, ${timeOfDay(at, zone)}`;
}

export function dateOf(at: string, zone?: string): string {
  return format(at, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: zone });
}

export function browserZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

/** Days since 1970 in the viewer's zone. */
export function dayNumber(instant: number): number {
  const date = new Date(instant);
  return Math.floor(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / (DAY * 1000));
}

/** Making a formatter costs more than a hundred uses of it, and long lists use few of them. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function format(at: string, options: Intl.DateTimeFormatOptions): string {
  const key = JSON.stringify([locale(), options]);
  const known = formatters.get(key) ?? new Intl.DateTimeFormat(locale(), options);
  formatters.set(key, known);
  return known.format(new Date(at));
}

/** The language that JupyterLab is shown in, else the browser's. */
export function locale(): string | undefined {
  const language = typeof document === 'undefined' ? 'en' : document.documentElement.lang;
  return language || undefined;
}
