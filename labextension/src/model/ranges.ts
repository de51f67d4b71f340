/** The values of a range that a person describes by its ends and by what lies between them. */

/** `count` and `log`: so many values, evenly spaced or on a logarithmic scale. */
export const NUMBERS_BY = ['step', 'count', 'factor', 'log'] as const;
export const DAYS_BY = ['day', 'week', 'month'] as const;
export const MOMENTS_BY = ['hour', ...DAYS_BY] as const;

/** Texts as typed; `to` is included where the steps meet it. */
export interface Range {
  from: string;
  to: string;
  amount: string;
  by: (typeof NUMBERS_BY | typeof MOMENTS_BY)[number];
}

/** Why there are no values: an end is missing, it is no number, the step leads nowhere, or to too many values. */
export type Wrong = 'empty' | 'number' | 'positive' | 'step' | 'json' | 'many';

/** API.md: runs of a sweep. */
export const MOST = 1000;
const HOUR = 3_600_000;
const HOURS: Record<string, number> = { hour: 1, day: 24, week: 168 };
/** Digits of a JavaScript number that a few multiplications leave intact. */
const EXACT = 12;

export function isWrong<T>(found: readonly T[] | Wrong): found is Wrong {
  return typeof found === 'string';
}

/** Numbers as a person would write them: 0.3, not 0.30000000000000004. `whole`: rounded, each once. */
export function numbersIn({ from, to, amount, by }: Range, whole: boolean): number[] | Wrong {
  if (![from, to, amount].every(text => text.trim())) {
    return 'empty';
  }
  const [first, last, size] = [from, to, amount].map(Number);
  if (![first, last, size].every(Number.isFinite)) {
    return 'number';
  }
  if ((by === 'factor' || by === 'log') && !(first > 0 && last > 0)) {
    return 'positive';
  }
  const counted = by === 'count' || by === 'log';
  const span = by === 'factor' ? Math.log(last / first) : last - first;
  const step = Math.abs(by === 'factor' ? Math.log(size) : size) * Math.sign(span);
  const count = counted ? size : span === 0 ? 1 : Math.floor(Number((span / step).toFixed(9))) + 1;
  if (count > MOST && step !== 0) {
    return 'many';
  }
  if (!(count >= 1 && count <= MOST && Number.isInteger(count))) {
    return 'step';
  }
  const share = (index: number) => (count > 1 ? index / (count - 1) : 0);
  const digits = Math.max(decimals(from), decimals(amount));
  const at = {
    step: (index: number) => round(first + index * step, digits),
    count: (index: number) => round(first + span * share(index), scaleOf(first, last)),
    factor: (index: number) => Number((first * Math.exp(step * index)).toPrecision(EXACT)),
    log: (index: number) => Number((first * (last / first) ** share(index)).toPrecision(EXACT))
  }[by as (typeof NUMBERS_BY)[number]];
  const numbers = Array.from({ length: count }, (_, index) => at(index));
  if (!numbers.every(Number.isFinite)) {
    return 'number';
  }
  return whole ? [...new Set(numbers.map(Math.round))] : numbers;
}

/** Dates (`2026-11-20`) or, with `time`, moments without a zone (`2026-11-20T07:00:00`). */
export function datesIn({ from, to, amount, by }: Range, time: boolean): string[] | Wrong {
  const [first, last] = [from, to].map(text => Date.parse(time ? `${text}Z` : text));
  if (Number.isNaN(first) || Number.isNaN(last)) {
    return 'empty';
  }
  const size = Number(amount);
  if (!(Number.isInteger(size) && size > 0)) {
    return 'step';
  }
  const ahead = Math.sign(last - first) || 1;
  const dates: string[] = [];
  for (let index = 0; ; index += 1) {
    const steps = index * size * ahead;
    const at = by === 'month' ? monthsLater(first, steps) : first + steps * HOURS[by] * HOUR;
    if ((at - last) * ahead > 0) {
      return dates;
    }
    if (index === MOST) {
      return 'many';
    }
    dates.push(new Date(at).toISOString().slice(0, time ? 19 : 10));
  }
}

/** The same day of a later month, or its last one where it is shorter. */
function monthsLater(start: number, months: number): number {
  const [date, day] = [new Date(start), new Date(start).getUTCDate()];
  date.setUTCMonth(date.getUTCMonth() + months, 1);
  const next = new Date(date);
  next.setUTCMonth(next.getUTCMonth() + 1, 0);
  return date.setUTCDate(Math.min(day, next.getUTCDate()));
}

/** Digits after the point that a number is written with. */
function decimals(text: string): number {
  const [, digits = '', exponent = '0'] = /(?:\.(\d*))?(?:e([-+]?\d+))?$/i.exec(text.trim()) ?? [];
  return digits.length - Number(exponent);
}

/** Digits after the point that mean something between two ends. */
function scaleOf(first: number, last: number): number {
  return EXACT - Math.ceil(Math.log10(Math.max(Math.abs(first), Math.abs(last)) || 1));
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(Math.min(Math.max(digits, 0), 100)));
}
