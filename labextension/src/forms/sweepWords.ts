import type { JSONValue } from '@lumino/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { isWrong, MOST, Range, Wrong } from '../model/ranges';
import { valueText } from '../model/rows';
import type { Size, Way } from '../model/sweep';
import type { Sweep } from '../tokens/wire';

export function wayWord(way: Way, trans: TranslationBundle): string {
  return { one: trans.__('One value'), list: trans.__('List'), range: trans.__('Range') }[way];
}

export function byWord(by: Range['by'], trans: TranslationBundle): string {
  return {
    step: trans.__('step'),
    count: trans.__('number of values'),
    factor: trans.__('factor'),
    log: trans.__('number, log scale'),
    hour: trans.__('step in hours'),
    day: trans.__('step in days'),
    week: trans.__('step in weeks'),
    month: trans.__('step in months')
  }[by];
}

/** `5 values`, for a range with the first and the last: `5 values: 0.1, 0.2, 0.3, … 0.5`. */
export function listWords(values: readonly JSONValue[], told: boolean, trans: TranslationBundle): string {
  const texts = values.map(valueText);
  const some = texts.length > 6 ? [...texts.slice(0, 3), `… ${texts[texts.length - 1]}`] : texts;
  return trans._n('%1 value', '%1 values', values.length) + (told ? `: ${some.join(', ')}` : '');
}

/** What is wrong with a list or range; nothing is said of one that nobody has filled in. */
export function wrongWords(found: readonly JSONValue[] | Wrong, trans: TranslationBundle): string {
  return isWrong(found)
    ? {
        empty: '',
        number: trans.__('Numbers only'),
        positive: trans.__('Both ends must be above 0'),
        step: trans.__('This leads nowhere: give a whole number of values, or a step towards the end'),
        json: trans.__('JSON values, with commas between them'),
        many: trans.__('More than %1 values', MOST)
      }[found]
    : '';
}

/** `12 runs: 3 × 4`, or why there are none yet. */
export function sizeWords(size: Size, mode: Sweep['mode'], trans: TranslationBundle): string {
  if ('wrong' in size) {
    return {
      nothing: trans.__('Give at least one parameter a list or a range.'),
      list: trans.__('A list or a range has no values yet.'),
      many: trans.__('More than %1 runs: leave some values out.', MOST),
      unequal: trans.__('Side by side needs lists of the same length.')
    }[size.wrong];
  }
  const runs = trans._n('%1 run', '%1 runs', size.count);
  return mode === 'grid' && size.of.length > 1 ? `${runs}: ${size.of.join(' × ')}` : runs;
}
