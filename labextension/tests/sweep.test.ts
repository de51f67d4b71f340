import { axisErrors, axisFrom, bysOf, sizeOf, valuesOf, waysOf } from '../src/model/sweep';
import type { JSONValue } from '@lumino/coreutils';
import type { Parameter } from '../src/tokens/wire';
import { aParameter } from './samples';

function list(parameter: Parameter, text: string) {
  return valuesOf(parameter, { ...axisFrom(parameter, 'list', null), text });
}

describe('valuesOf', () => {
  it('reads a list by the type of the parameter', () => {
    expect(list(aParameter({ type: 'number' }), '0.1, 0.2,0.5 ,')).toEqual([0.1, 0.2, 0.5]);
    expect(list(aParameter({ type: 'number' }), 'NaN, 1e3')).toEqual(['NaN', 1000]);
    expect(list(aParameter({ type: 'integer', nullable: true }), '1, null')).toEqual([1, null]);
    expect(list(aParameter({ type: 'string', nullable: true }), 'us, null')).toEqual(['us', 'null']);
    expect(list(aParameter({ type: 'date' }), '2026-11-20, 2026-11-21')).toEqual([
      '2026-11-20',
      '2026-11-21'
    ]);
    expect(list(aParameter({ type: 'array' }), '[1, 2], []')).toEqual([[1, 2], []]);
    expect(list(aParameter({ type: 'any' }), 'null, "a", {"b": 1}')).toEqual([null, 'a', { b: 1 }]);
  });

  it('takes text in quotes as it is', () => {
    const parameter = aParameter({ type: 'string' });
    expect(list(parameter, 'a, "b, c", d "e"')).toEqual(['a', 'b, c', 'd "e"']);
    expect(list(parameter, '"say \\"hi\\"", ""')).toEqual(['say "hi"', '']);
    expect(list(parameter, '"unclosed, x')).toEqual(['"unclosed', 'x']);
  });

  it('starts a list at the value in the form, whatever that is', () => {
    const values: [Parameter['type'], JSONValue][] = [
      ['string', 'a, "b"'],
      ['string', ''],
      ['string', ' padded '],
      ['string', 'two\nlines, and "more"'],
      ['number', 0.1],
      ['array', [1, 'x']],
      ['any', { a: [null] }],
      ['date', '2026-11-20']
    ];
    for (const [type, value] of values) {
      const parameter = aParameter({ type });
      expect(valuesOf(parameter, axisFrom(parameter, 'list', value))).toEqual([value]);
    }
  });

  it('ticks what has few values, in their own order', () => {
    const parameter = aParameter({ choices: ['us', 'fr', 'de'] });
    const axis = axisFrom(parameter, 'list', 'fr');
    expect(valuesOf(parameter, axis)).toEqual(['fr']);
    expect(valuesOf(parameter, { ...axis, ticked: ['de', 'us'] })).toEqual(['us', 'de']);
    const flag = aParameter({ type: 'boolean' });
    expect(valuesOf(flag, { ...axisFrom(flag, 'list', null), ticked: [false, true] })).toEqual([true, false]);
  });

  it('says what is wrong with a list', () => {
    expect(list(aParameter({ type: 'number' }), ' , ')).toBe('empty');
    expect(list(aParameter({ type: 'object' }), '{1')).toBe('json');
  });

  it('keeps the zone that moments are written with', () => {
    const parameter = aParameter({ type: 'datetime', default: '2026-11-20T07:00:00+01:00' });
    const axis = axisFrom(parameter, 'range', parameter.default);
    const range = { ...axis.range, to: '2026-11-21T07:00' };
    expect(valuesOf(parameter, { ...axis, range })).toEqual([
      '2026-11-20T07:00:00+01:00',
      '2026-11-21T07:00:00+01:00'
    ]);
  });
});

it('offers a range for numbers and dates only', () => {
  expect(waysOf(aParameter({ type: 'integer' }))).toContain('range');
  expect(bysOf(aParameter({ type: 'datetime' }))).toContain('hour');
  expect(bysOf(aParameter({ type: 'date' }))).not.toContain('hour');
  expect(waysOf(aParameter({ type: 'integer', choices: [1, 2] }))).not.toContain('range');
  expect(waysOf(aParameter({ type: 'string' }))).not.toContain('range');
});

describe('sizeOf', () => {
  const of = (length: number) => Array.from({ length }, (_, index) => index);

  it('multiplies combinations and takes lists side by side as they are', () => {
    expect(sizeOf('grid', [of(3), of(4)])).toEqual({ count: 12, of: [3, 4] });
    expect(sizeOf('zip', [of(3), of(3)])).toEqual({ count: 3, of: [3, 3] });
  });

  it('says what stands in the way', () => {
    expect(sizeOf('grid', [])).toEqual({ wrong: 'nothing' });
    expect(sizeOf('grid', [of(3), 'number'])).toEqual({ wrong: 'list' });
    expect(sizeOf('zip', [of(3), of(2)])).toEqual({ wrong: 'unequal' });
    expect(sizeOf('grid', [of(100), of(11)])).toEqual({ wrong: 'many' });
    expect(sizeOf('grid', [of(100), of(10)])).toEqual({ count: 1000, of: [100, 10] });
  });
});

it('tells a message of the server beside the parameter that it is about', () => {
  const errors = {
    'sweep.values.alpha.2': 'no number',
    'sweep.values.alpha_2': 'other',
    'parameters.beta': 'missing',
    'sweep.mode': 'unknown'
  };
  expect(axisErrors(errors, ['alpha', 'alpha_2', 'beta'])).toEqual({
    alpha: 'no number',
    alpha_2: 'other',
    beta: 'missing',
    '': 'unknown'
  });
});
