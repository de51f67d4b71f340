/** Lengths of time as people give them: a number and a unit. */
import type { TranslationBundle } from '@jupyterlab/translation';

export const UNITS = ['seconds', 'minutes', 'hours', 'days'] as const;
export type Unit = (typeof UNITS)[number];

/** `count` is as typed. */
export interface Length {
  count: string;
  unit: Unit;
}

const SECONDS: Record<Unit, number> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** In the largest unit that tells it exactly. */
export function lengthOf(seconds: number): Length {
  const exact = UNITS.filter(unit => seconds > 0 && seconds % SECONDS[unit] === 0);
  const unit = exact.at(-1) ?? 'seconds';
  return { count: String(seconds / SECONDS[unit]), unit };
}

/** 0 where nothing, or no number, was typed: the server then says what it expects. */
export function secondsOf({ count, unit }: Length): number {
  const seconds = Number(count.trim() || 'nothing') * SECONDS[unit];
  return Number.isFinite(seconds) ? Number(seconds.toFixed(3)) : 0;
}

export function unitWord(unit: Unit, trans: TranslationBundle): string {
  switch (unit) {
    case 'seconds':
      return trans.__('seconds');
    case 'minutes':
      return trans.__('minutes');
    case 'hours':
      return trans.__('hours');
    case 'days':
      return trans.__('days');
  }
}

/** `Every minute`, `Every 15 minutes`, `Every day`. */
export function everyWords(seconds: number, trans: TranslationBundle): string {
  const { count, unit } = lengthOf(seconds);
  const number = Number(count);
  switch (unit) {
    case 'seconds':
      return trans._n('Every second', 'Every %1 seconds', number);
    case 'minutes':
      return trans._n('Every minute', 'Every %1 minutes', number);
    case 'hours':
      return trans._n('Every hour', 'Every %1 hours', number);
    case 'days':
      return trans._n('Every day', 'Every %1 days', number);
  }
}
