import { readJson, readNumber, showJson } from '../src/model/typed';

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

  it('tells half-typed JSON from a value', () => {
    expect(readJson('["a", ')).toEqual({ wrong: 'json' });
    expect(readJson('["a", 1]')).toEqual({ value: ['a', 1] });
    expect(showJson(null)).toBe('');
  });
});
