import { everyWords, Length, lengthOf, secondsOf } from '../src/model/lengths';
import { trans } from './samples';

const LENGTHS: [number, Length][] = [
  [0, { count: '0', unit: 'seconds' }],
  [45, { count: '45', unit: 'seconds' }],
  [90, { count: '90', unit: 'seconds' }],
  [900, { count: '15', unit: 'minutes' }],
  [5400, { count: '90', unit: 'minutes' }],
  [7200, { count: '2', unit: 'hours' }],
  [86_400, { count: '1', unit: 'days' }],
  [90_000, { count: '25', unit: 'hours' }],
  [0.5, { count: '0.5', unit: 'seconds' }]
];

describe('lengths of time', () => {
  it.each(LENGTHS)('tells %d seconds in the largest exact unit, and back', (seconds, length) => {
    expect(lengthOf(seconds)).toEqual(length);
    expect(secondsOf(length)).toBe(seconds);
  });

  it.each<[Length, number]>([
    [{ count: '1.5', unit: 'hours' }, 5400],
    [{ count: '0.1', unit: 'days' }, 8640],
    [{ count: ' 2 ', unit: 'minutes' }, 120],
    [{ count: '', unit: 'days' }, 0],
    [{ count: 'ten', unit: 'days' }, 0],
    [{ count: '-1', unit: 'minutes' }, -60]
  ])('reads %j as %d seconds', (length, seconds) => {
    expect(secondsOf(length)).toBe(seconds);
  });

  it.each([
    [1, 'Every second'],
    [60, 'Every minute'],
    [900, 'Every 15 minutes'],
    [5400, 'Every 90 minutes'],
    [3600, 'Every hour'],
    [86_400, 'Every day'],
    [172_800, 'Every 2 days']
  ])('says of %d seconds: %s', (seconds, words) => {
    expect(everyWords(seconds, trans)).toBe(words);
  });
});
