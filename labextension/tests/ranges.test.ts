import { datesIn, numbersIn, Range } from '../src/model/ranges';

function range(from: string, to: string, amount: string, by: Range['by'] = 'step'): Range {
  return { from, to, amount, by };
}

describe('numbersIn', () => {
  it('gives numbers as a person would write them', () => {
    expect(numbersIn(range('0.1', '0.5', '0.1'), false)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(numbersIn(range('-99', '0.2', '0.1'), false)).toContain(-0.1);
    expect(numbersIn(range('1e-3', '3e-3', '1e-3'), false)).toEqual([0.001, 0.002, 0.003]);
    expect(numbersIn(range('0', '1', '11', 'count'), false)).toEqual([
      0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1
    ]);
    expect(numbersIn(range('0.001', '1', '4', 'log'), false)).toEqual([0.001, 0.01, 0.1, 1]);
    expect(numbersIn(range('1', '100', '10', 'factor'), false)).toEqual([1, 10, 100]);
  });

  it('writes every step of a grid of decimals with no more digits than the step', () => {
    for (let digits = 1; digits <= 6; digits += 1) {
      const step = Number(`1e-${digits}`);
      const found = numbersIn(range('-0.3', String(-0.3 + 700 * step), String(step)), false) as number[];
      expect(found.length).toBeGreaterThan(690);
      expect(found.filter(number => String(number).length > digits + 4)).toEqual([]);
    }
  });

  it('keeps whole numbers that are as large as JavaScript has them', () => {
    expect(numbersIn(range('9007199254740989', '9007199254740991', '1'), true)).toEqual([
      9007199254740989, 9007199254740990, 9007199254740991
    ]);
    expect(numbersIn(range('1', '10', '5', 'count'), true)).toEqual([1, 3, 6, 8, 10]);
    expect(numbersIn(range('1', '3', '9', 'count'), true)).toEqual([1, 2, 3]);
  });

  it('goes down where its end is below its start, and includes the end where the steps meet it', () => {
    expect(numbersIn(range('1', '0.5', '0.2'), false)).toEqual([1, 0.8, 0.6]);
    expect(numbersIn(range('100', '1', '10', 'factor'), false)).toEqual([100, 10, 1]);
    expect(numbersIn(range('100', '1', '0.1', 'factor'), false)).toEqual([100, 10, 1]);
    expect(numbersIn(range('2', '2', '1'), false)).toEqual([2]);
    expect(numbersIn(range('2', '5', '1', 'count'), false)).toEqual([2]);
  });

  it('says why a range has no values', () => {
    expect(numbersIn(range('', '1', '1'), false)).toBe('empty');
    expect(numbersIn(range('1', '2', ' '), false)).toBe('empty');
    expect(numbersIn(range('a', '1', '1'), false)).toBe('number');
    expect(numbersIn(range('0', 'Infinity', '1'), false)).toBe('number');
    expect(numbersIn(range('0', '1', '3', 'log'), false)).toBe('positive');
    expect(numbersIn(range('0', '1', '0'), false)).toBe('step');
    expect(numbersIn(range('1', '2', '1', 'factor'), false)).toBe('step');
    expect(numbersIn(range('0', '1', '2.5', 'count'), false)).toBe('step');
    expect(numbersIn(range('0', '1', '-3', 'count'), false)).toBe('step');
    expect(numbersIn(range('0', '1', '0.0001'), false)).toBe('many');
    expect(numbersIn(range('0', '1', '1001', 'count'), false)).toBe('many');
    expect(numbersIn(range('0', '999', '1'), false)).toHaveLength(1000);
  });

  it('does not fail for numbers at the edge of what there is', () => {
    for (const text of ['1e308', '-1e308', '5e-324', '1e-300', '0x10', '1e999', '--1']) {
      for (const by of ['step', 'count', 'factor', 'log'] as const) {
        const found = numbersIn(range(text, '1', '3', by), false);
        expect(typeof found === 'string' || found.every(Number.isFinite)).toBe(true);
      }
    }
  });
});

describe('datesIn', () => {
  it('steps by days, weeks and months', () => {
    expect(datesIn(range('2026-02-27', '2026-03-01', '1', 'day'), false)).toEqual([
      '2026-02-27',
      '2026-02-28',
      '2026-03-01'
    ]);
    expect(datesIn(range('2026-03-20', '2026-04-05', '1', 'week'), false)).toEqual([
      '2026-03-20',
      '2026-03-27',
      '2026-04-03'
    ]);
    expect(datesIn(range('2026-01-01', '2025-09-30', '2', 'month'), false)).toEqual([
      '2026-01-01',
      '2025-11-01'
    ]);
  });

  it('takes the last day of a month that is shorter', () => {
    expect(datesIn(range('2027-12-31', '2028-03-31', '1', 'month'), false)).toEqual([
      '2027-12-31',
      '2028-01-31',
      '2028-02-29',
      '2028-03-31'
    ]);
  });

  it('knows no clock changes between moments without a zone', () => {
    expect(datesIn(range('2026-03-29T01:00', '2026-03-29T04:00', '1', 'hour'), true)).toEqual([
      '2026-03-29T01:00:00',
      '2026-03-29T02:00:00',
      '2026-03-29T03:00:00',
      '2026-03-29T04:00:00'
    ]);
  });

  it('says why a range has no values', () => {
    expect(datesIn(range('', '2026-01-01', '1', 'day'), false)).toBe('empty');
    expect(datesIn(range('2026-01-01', '2026-01-02', '0', 'day'), false)).toBe('step');
    expect(datesIn(range('2026-01-01', '2026-01-02', '0.5', 'day'), false)).toBe('step');
    expect(datesIn(range('1900-01-01', '2026-01-02', '1', 'day'), false)).toBe('many');
  });
});
