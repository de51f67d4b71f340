/** What differs between the runs of a sweep: for each parameter one value, a list or a range. */
import type { JSONValue } from '@lumino/coreutils';
import type { Parameter, Sweep } from '../tokens/wire';
import { DAYS_BY, datesIn, isWrong, MOMENTS_BY, MOST, NUMBERS_BY, numbersIn, Range, Wrong } from './ranges';
import { readNumber, showJson, showPlain } from './typed';

export type Way = 'one' | 'list' | 'range';

/** `text` and `range` as typed; `ticked` where there are only so many values. */
export interface Axis {
  way: Way;
  text: string;
  ticked: JSONValue[];
  range: Range;
}

/** A list or range as it starts: at the value that stands in the form. */
export function axisFrom(parameter: Parameter, way: Way, value: JSONValue | undefined): Axis {
  const known = value ?? null;
  const dated = isDated(parameter);
  return {
    way,
    text: known === null ? '' : isJson(parameter) ? showJson(known) : quoted(String(known)),
    ticked: known === null ? [] : [known],
    range: {
      from: showPlain(known).slice(0, parameter.type === 'datetime' ? 16 : undefined),
      to: '',
      amount: dated || parameter.type === 'integer' ? '1' : '',
      by: dated ? 'day' : 'step'
    }
  };
}

export function waysOf(parameter: Parameter): Way[] {
  return bysOf(parameter).length ? ['one', 'list', 'range'] : ['one', 'list'];
}

export function bysOf(parameter: Parameter): readonly Range['by'][] {
  switch (ticksOf(parameter) ? null : parameter.type) {
    case 'integer':
    case 'number':
      return NUMBERS_BY;
    case 'date':
      return DAYS_BY;
    case 'datetime':
      return MOMENTS_BY;
    default:
      return [];
  }
}

/** All values that there are, where these are few. */
export function ticksOf({ choices, type }: Parameter): JSONValue[] | null {
  return choices?.length ? choices : type === 'boolean' ? [true, false] : null;
}

export function valuesOf(parameter: Parameter, { way, text, ticked, range }: Axis): JSONValue[] | Wrong {
  if (way === 'range') {
    if (!isDated(parameter)) {
      return numbersIn(range, parameter.type === 'integer');
    }
    const dates = datesIn(range, parameter.type === 'datetime');
    const [zone] = /(?:Z|[-+]\d\d:\d\d)$/.exec(String(parameter.default)) ?? [''];
    return isWrong(dates) || parameter.type === 'date' ? dates : dates.map(date => date + zone);
  }
  const ticks = ticksOf(parameter);
  const values = ticks ? ticks.filter(tick => ticked.includes(tick)) : listed(parameter, text);
  return values.length ? values : 'empty';
}

/** How many runs that would be, and of what: `[3, 4]`; or why it can be none. */
export type Size = { count: number; of: number[] } | { wrong: 'nothing' | 'list' | 'many' | 'unequal' };

export function sizeOf(mode: Sweep['mode'], lists: (JSONValue[] | Wrong)[]): Size {
  const of = lists.map(list => (isWrong(list) ? 0 : list.length));
  if (!of.length) {
    return { wrong: 'nothing' };
  }
  if (of.includes(0)) {
    return { wrong: 'list' };
  }
  if (mode === 'zip' && new Set(of).size > 1) {
    return { wrong: 'unequal' };
  }
  const count = mode === 'zip' ? of[0] : of.reduce((product, length) => product * length, 1);
  return count > MOST ? { wrong: 'many' } : { count, of };
}

/** A server's message about the sweep, by the parameter that it is about: `sweep.values.alpha.2`, `parameters.beta`. */
export function axisErrors(errors: Record<string, string>, names: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [field, message] of Object.entries(errors)) {
    const name = names.find(name =>
      ['sweep.values.', 'parameters.'].some(part => `${field}.`.startsWith(`${part}${name}.`))
    );
    found[name ?? ''] ??= message;
  }
  return found;
}

/** Values separated by commas; one with a comma of its own stands in double quotes. */
function listed(parameter: Parameter, text: string): JSONValue[] | Wrong {
  if (isJson(parameter)) {
    try {
      return JSON.parse(`[${text}]`);
    } catch {
      return 'json';
    }
  }
  const items = text.match(/\s*"(?:[^"\\]|\\.)*"\s*(?=,|$)|[^,]+/g) ?? [];
  return items
    .map(item => item.trim())
    .filter(Boolean)
    .map(item => valueOf(parameter, item));
}

function valueOf({ type, nullable }: Parameter, item: string): JSONValue {
  if (nullable && type !== 'string' && item === 'null') {
    return null;
  }
  if (type === 'integer' || type === 'number') {
    return readNumber(item);
  }
  try {
    return item.startsWith('"') ? JSON.parse(item) : item;
  } catch {
    return item;
  }
}

function quoted(text: string): string {
  return /^$|^\s|[",]|\s$/.test(text) ? JSON.stringify(text) : text;
}

function isJson({ type }: Parameter): boolean {
  return ['array', 'object', 'any'].includes(type);
}

function isDated({ type }: Parameter): boolean {
  return type === 'date' || type === 'datetime';
}
