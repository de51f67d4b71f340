import { clock, dateAndTime, dayHeading, moment, span, timeOfDay, until } from '../src/model/times';
import { trans } from './samples';

const NOON = Date.UTC(2026, 10, 20, 12, 0, 0);
const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

describe('times', () => {
  it.each([
    [0.04, '0.1 s'],
    [3.708, '3.7 s'],
    [42, '42 s'],
    [185, '3 min 5 s'],
    [180, '3 min'],
    [1800, '30 min'],
    [3840, '1 h 04'],
    [46800, '13 h'],
    [187200, '2 d 4 h'],
    [864000, '10 d']
  ])('tells %d seconds as %s', (seconds, words) => {
    expect(span(seconds)).toBe(words);
  });

  it.each([
    [12, '0:12'],
    [725, '12:05'],
    [3729, '1:02:09'],
    [-3, '0:00']
  ])('runs a clock: %d is %s', (seconds, shown) => {
    expect(clock(seconds)).toBe(shown);
  });

  it('tells how far off a coming moment is, and that a due one is due', () => {
    expect(until(iso(NOON + 13 * 3600_000), NOON, trans)).toBe('in 13 h');
    expect(until(iso(NOON - 1000), NOON, trans)).toBe('now');
  });

  it('heads days by name while they are near, and with their year when it is another', () => {
    const day = 86_400_000;
    expect(dayHeading(iso(NOON), NOON, trans)).toBe('Today');
    expect(dayHeading(iso(NOON - day), NOON, trans)).toBe('Yesterday');
    expect(dayHeading(iso(NOON - 3 * day), NOON, trans)).toContain('17');
    expect(dayHeading(iso(NOON - 400 * day), NOON, trans)).toContain('2025');
  });

  it('names the weekday of a moment within a week, the date of an older one', () => {
    expect(moment(iso(NOON), NOON)).toBe(timeOfDay(iso(NOON)));
    expect(moment(iso(NOON - 2 * 86_400_000), NOON)).toMatch(/^Wed /);
    expect(moment(iso(NOON - 30 * 86_400_000), NOON)).toContain('Oct');
  });

  it('shows an instant on the walls of a zone', () => {
    expect(dateAndTime('2026-03-29T01:00:00Z', 'Europe/Berlin')).toContain('03:00');
    expect(dateAndTime('2026-03-29T00:59:00Z', 'Europe/Berlin')).toContain('01:59');
  });
});
