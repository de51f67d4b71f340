import { blankOf, elementsOf, Field, fieldsOf } from '../src/model/fields';
import type { Parameter, Property } from '../src/tokens/wire';
import { trans } from './samples';

function field(property: Property, own: Partial<Parameter> = {}): Field {
  const parameter: Parameter = {
    name: 'p',
    type: 'any',
    nullable: false,
    default: null,
    required: false,
    ...own
  };
  return fieldsOf([parameter], { properties: { p: property } }, trans)[0];
}

describe('fields', () => {
  it.each<[string, Property, Partial<Parameter>]>([
    ['line', { type: 'string' }, {}],
    ['line', { type: ['null', 'string'] }, {}],
    ['lines', { type: 'string' }, { control: 'multiline' }],
    ['lines', { type: 'string' }, { default: 'a\nb' }],
    ['code', { type: 'string' }, { control: 'raw' }],
    ['number', { type: 'integer' }, {}],
    ['number', { type: ['number', 'string'] }, { default: 'NaN' }],
    ['slider', { type: 'integer', minimum: 0, maximum: 9 }, { control: 'slider' }],
    ['number', { type: 'integer', minimum: 0 }, { control: 'slider' }],
    ['tick', { type: 'boolean' }, {}],
    ['yesOrNo', { type: ['boolean', 'null'] }, { nullable: true }],
    ['yesOrNo', { type: 'boolean' }, { expression: 'f()' }],
    ['choice', { type: 'integer', enum: [1, 2] }, {}],
    ['date', { type: 'string', format: 'date' }, {}],
    ['date', { type: 'string' }, { type: 'date', default: '' }],
    ['datetime', { type: 'string', format: 'date-time' }, {}],
    ['list', { type: 'array', items: { type: 'string' } }, {}],
    ['list', { type: 'array', items: {} }, {}],
    ['json', { type: 'array', prefixItems: [{ type: 'string' }] }, {}],
    ['json', { type: 'array', items: { type: 'array', items: { type: 'integer' } } }, {}],
    ['json', { type: 'object' }, {}],
    ['json', {}, {}]
  ])('ask with a %s for %j', (kind, property, own) => {
    expect(field(property, own).kind).toBe(kind);
  });

  it('are named by the title, and say what is computed and what is needed', () => {
    expect(field({ title: 'Region', description: 'Code' })).toMatchObject({ label: 'Region', help: 'Code' });
    expect(field({}, { expression: 'today()' })).toMatchObject({
      placeholder: 'today()',
      note: 'Computed at each run'
    });
    const date = field({ type: 'string', format: 'date' }, { expression: 'today()' });
    expect(date.note).toBe('Computed at each run: today()');
    expect(field({}, { required: true }).note).toBe('Needs a value');
    expect(field({}, { nullable: true }).placeholder).toBe('no value');
  });
});

describe('elements of a list', () => {
  it('are what is declared, else all of one plain kind', () => {
    expect(elementsOf({ items: { type: 'date' } }, [])).toEqual({ type: 'date' });
    expect(elementsOf({}, [1, 2])).toEqual({ type: 'number' });
    expect(elementsOf({}, ['a'])).toEqual({ type: 'string' });
  });

  it('have no rows where they differ, are lists themselves, or are very many', () => {
    expect(elementsOf({}, [1, 'a'])).toBeNull();
    expect(elementsOf({}, [[1]])).toBeNull();
    expect(elementsOf({}, [])).toBeNull();
    expect(elementsOf({ items: { type: 'integer' } }, new Array(51).fill(0))).toBeNull();
    expect(elementsOf({ items: { type: 'integer' } }, '{{ list }}')).toBeNull();
  });

  it('begin blank', () => {
    expect(
      [{ type: 'string' }, { type: 'integer' }, { enum: ['a'] }, { format: 'date' }].map(blankOf)
    ).toEqual(['', 0, 'a', null]);
  });
});
