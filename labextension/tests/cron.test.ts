import { Every, fromCron, switchTo, toCron } from '../src/model/cron';

const PAIRS: [Every, string][] = [
  [{ every: 'hour', minute: 5 }, '5 * * * *'],
  [{ every: 'day', time: '07:00' }, '0 7 * * *'],
  [{ every: 'weekday', time: '18:45' }, '45 18 * * 1-5'],
  [{ every: 'week', days: [0, 3], time: '00:00' }, '0 0 * * 0,3'],
  [{ every: 'month', day: 31, time: '23:59' }, '59 23 31 * *']
];

describe('cron', () => {
  it.each(PAIRS)('writes and reads %j', (every, cron) => {
    expect(toCron(every)).toBe(cron);
    expect(fromCron(cron)).toEqual(every);
  });

  it.each([
    '*/5 * * * *',
    '0 7 1 * 1',
    '0 7 * 2 *',
    '60 7 * * *',
    '0 24 * * *',
    '0 7 0 * *',
    '@daily',
    '0 7 * * 7',
    '00 07 * * *',
    '0 7 * * 5,1'
  ])('shows what no choice stands for as it is: %s', cron =>
    expect(fromCron(cron)).toEqual({ every: 'custom', cron })
  );

  it('keeps the time of day when the kind of schedule changes', () => {
    expect(switchTo('month', { every: 'weekday', time: '18:45' })).toEqual({
      every: 'month',
      day: 1,
      time: '18:45'
    });
  });

  it('starts a custom expression from what was chosen before', () => {
    expect(switchTo('custom', { every: 'day', time: '06:30' })).toEqual({
      every: 'custom',
      cron: '30 6 * * *'
    });
  });

  it('orders the days of a week and never leaves them empty', () => {
    expect(toCron({ every: 'week', days: [5, 1], time: '07:00' })).toBe('0 7 * * 1,5');
    expect(toCron({ every: 'week', days: [], time: '07:00' })).toBe('0 7 * * 1');
  });
});
