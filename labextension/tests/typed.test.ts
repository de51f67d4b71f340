import { readJson, readNumber, showJson, stepped, wrongJson } from '../src/model/typed';
import type { Property } from '../src/tokens/wire';

describe('typed text', () => {
  it.each<[string, unknown]>([
    ['20', 20],
    [' -1.5e3 ', -1500],
    ['', null],
    ['ten', 'ten'],
    ['NaN', 'NaN'],
    ['Infinity', 'Infinity'],
    ['9007199254740993', '9007199254740993']
  ])('reads the number %j, and leaves the rest to the server', (text, value) => {
    expect(readNumber(text)).toEqual(value);
  });

  it.each<[string, unknown]>([
    ['["a", 1]', ['a', 1]],
    ['["a", ', '["a", '],
    ['hello', 'hello'],
    [' ', null]
  ])('reads the JSON %j, and leaves other text to the server', (text, value) => {
    expect(readJson(text)).toEqual(value);
  });

  it('says what is wrong with a list or a mapping that is half typed', () => {
    expect(wrongJson('{"a": }')).toMatch(/JSON/);
    expect(['{"a": 1}', 'hello', '["{{ scheduled_for', ''].map(wrongJson)).toEqual(['', '', '', '']);
  });

  it.each<[string, number, Property, number]>([
    ['3', 1, {}, 4],
    ['', -1, {}, -1],
    ['ten', 1, {}, 1],
    ['0.2', 1, { multipleOf: 0.1 }, 0.3],
    ['9', 1, { maximum: 9 }, 9],
    ['-5', -1, { minimum: 0 }, 0]
  ])('steps from %j by %d within %j', (text, steps, property, expected) => {
    expect(stepped(text, steps, property)).toBe(expected);
  });

  it('shows a template among JSON as it was typed', () => {
    expect([null, '{{ run_id }}', 'us', { a: 1 }].map(showJson)).toEqual([
      '',
      '{{ run_id }}',
      '"us"',
      '{"a":1}'
    ]);
  });
});
