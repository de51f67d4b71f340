import type { JSONValue } from '@lumino/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { FormSchema, Parameter, Property } from '../tokens/wire';

export type Kind =
  | 'choice'
  | 'code'
  | 'date'
  | 'datetime'
  | 'json'
  | 'line'
  | 'lines'
  | 'list'
  | 'number'
  | 'slider'
  | 'tick'
  | 'yesOrNo';

/** How one parameter is asked for: what its schema says, and what a schema cannot say. */
export interface Field {
  name: string;
  label: string;
  help: string;
  kind: Kind;
  property: Property;
  nullable: boolean;
  required: boolean;
  /** Shown in the input while it is empty, or beside it where the input has no room for it. */
  placeholder: string;
  note: string;
}

export function fieldsOf(
  parameters: readonly Parameter[],
  schema: FormSchema | undefined,
  trans: TranslationBundle
): Field[] {
  return parameters.map(parameter => {
    const property = schema?.properties[parameter.name] ?? {};
    const { name, nullable, required, expression } = parameter;
    const kind = kindOfParameter(parameter, property);
    const roomless = !!expression && ['date', 'datetime', 'slider', 'list'].includes(kind);
    const computed = roomless
      ? trans.__('Computed at each run: %1', expression)
      : trans.__('Computed at each run');
    return {
      name,
      label: property.title ?? name,
      help: property.description ?? '',
      kind,
      property,
      nullable,
      required,
      placeholder: expression ?? (nullable ? trans.__('no value') : (parameter.placeholder ?? '')),
      note: expression ? computed : required ? trans.__('Needs a value') : ''
    };
  });
}

function kindOfParameter(parameter: Parameter, property: Property): Kind {
  const { control, nullable, expression, required, type, default: value } = parameter;
  const kind = kindOf(property);
  switch (kind) {
    case 'tick':
      return nullable || expression || required ? 'yesOrNo' : kind;
    case 'number':
      return control === 'slider' && property.minimum !== undefined && property.maximum !== undefined
        ? 'slider'
        : kind;
    case 'line':
      return type === 'date' // one that may be empty
        ? 'date'
        : control === 'raw'
          ? 'code'
          : control === 'multiline' || (typeof value === 'string' && value.includes('\n'))
            ? 'lines'
            : kind;
    default:
      return kind;
  }
}

/** The input for values of a schema; null is left to the field around it. */
export function kindOf(property: Property): Kind {
  if (property.enum) {
    return 'choice';
  }
  switch (typeOf(property)) {
    case 'boolean':
      return 'tick';
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
      return property.format === 'date' ? 'date' : property.format === 'date-time' ? 'datetime' : 'line';
    case 'array':
      return isPlainList(property) ? 'list' : 'json';
    default:
      return 'json';
  }
}

/** The first of its types that is not null. */
export function typeOf({ type }: Property): string | undefined {
  return Array.isArray(type) ? type.find(one => one !== 'null') : type;
}

/** Elements that are all of one kind, with an input of one line; where that is not declared the value tells. */
function isPlainList({ items, prefixItems }: Property): boolean {
  return !prefixItems && (!items || !typeOf(items) || !['json', 'list'].includes(kindOf(items)));
}

/** Elements beyond which a list is text. */
const ROWS = 50;

/** What the elements of a list are; null where they cannot be shown in rows. */
export function elementsOf({ items = {} }: Property, value: JSONValue | undefined): Property | null {
  const rows = value ?? [];
  if (!Array.isArray(rows) || rows.length > ROWS) {
    return null;
  }
  if (items.enum || typeOf(items)) {
    return items;
  }
  const [type, ...others] = new Set(rows.map(row => typeof row));
  return others.length || !['string', 'number'].includes(type) ? null : { type };
}

/** What a new element of a list is until somebody says otherwise. */
export function blankOf(property: Property): JSONValue {
  return (
    property.enum?.[0] ??
    { string: '', boolean: false, integer: 0, number: 0 }[typeOf(property) ?? ''] ??
    null
  );
}
