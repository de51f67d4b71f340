/** The schedules that people ask for, as choices in a form, and their cron expressions (five fields). */
export type Every =
  | { every: 'hour'; minute: number }
  | { every: 'day'; time: string }
  | { every: 'weekday'; time: string }
  | { every: 'week'; days: number[]; time: string }
  | { every: 'month'; day: number; time: string }
  | { every: 'custom'; cron: string };

export type EveryKind = Every['every'];

/** `07:05` as the first two fields of a cron expression. */
function clockFields(time: string): string {
  const [hour, minute] = time.split(':').map(Number);
  return `${minute || 0} ${hour || 0}`;
}

export function toCron(every: Every): string {
  switch (every.every) {
    case 'hour':
      return `${every.minute} * * * *`;
    case 'day':
      return `${clockFields(every.time)} * * *`;
    case 'weekday':
      return `${clockFields(every.time)} * * 1-5`;
    case 'week':
      return `${clockFields(every.time)} * * ${[...every.days].sort().join(',') || '1'}`;
    case 'month':
      return `${clockFields(every.time)} ${every.day} * *`;
    case 'custom':
      return every.cron.trim();
  }
}

/** The choice that stands for exactly this expression; whatever has none is shown, and kept, as it is. */
export function fromCron(cron: string): Every {
  const every = read(cron);
  return toCron(every) === cron.trim() ? every : { every: 'custom', cron };
}

function read(cron: string): Every {
  const match = /^(\d{1,2}) (\d{1,2}|\*) (\d{1,2}|\*) \* (\*|1-5|[0-6](?:,[0-6])*)$/.exec(cron.trim());
  const custom: Every = { every: 'custom', cron };
  if (!match) {
    return custom;
  }
  const [, minute, hour, day, weekday] = match;
  if (Number(minute) > 59 || Number(hour) > 23 || Number(day) > 31 || day === '0') {
    return custom;
  }
  if (hour === '*') {
    return day === '*' && weekday === '*' ? { every: 'hour', minute: Number(minute) } : custom;
  }
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (day !== '*') {
    return weekday === '*' ? { every: 'month', day: Number(day), time } : custom;
  }
  switch (weekday) {
    case '*':
      return { every: 'day', time };
    case '1-5':
      return { every: 'weekday', time };
    default:
      return { every: 'week', days: weekday.split(',').map(Number), time };
  }
}

/** Changes the kind and keeps what the two have in common. */
export function switchTo(kind: EveryKind, from: Every): Every {
  const time = 'time' in from ? from.time : '07:00';
  switch (kind) {
    case 'hour':
      return { every: 'hour', minute: 0 };
    case 'week':
      return { every: 'week', days: [1], time };
    case 'month':
      return { every: 'month', day: 1, time };
    case 'custom':
      return { every: 'custom', cron: toCron(from) };
    default:
      return { every: kind, time };
  }
}
