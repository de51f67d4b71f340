import type { JSONObject, ReadonlyJSONObject } from '@lumino/coreutils';
import type { RJSFSchema, UiSchema as AnyUiSchema } from '@rjsf/utils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Parameter } from '../tokens/wire';

type UiSchema = AnyUiSchema<ReadonlyJSONObject>;

/** The JSON Schema and the choice of inputs with which the form component shows parameters. */
export interface Fields {
  schema: RJSFSchema;
  ui: UiSchema;
}

export function fieldsOf(parameters: readonly Parameter[], trans: TranslationBundle): Fields {
  const properties: Record<string, RJSFSchema> = {};
  const ui: UiSchema = { 'ui:order': parameters.map(parameter => parameter.name) };
  for (const parameter of parameters) {
    properties[parameter.name] = schemaOf(parameter);
    ui[parameter.name] = inputOf(parameter, trans);
  }
  return { schema: { type: 'object', properties }, ui };
}

function schemaOf(parameter: Parameter): RJSFSchema {
  const described: RJSFSchema = { title: parameter.name, description: parameter.help ?? undefined };
  if (parameter.choices?.length) {
    return { ...described, enum: parameter.choices };
  }
  switch (parameter.type) {
    case 'boolean':
      return { ...described, type: 'boolean' };
    default:
      // Numbers, dates and JSON are read by our own inputs; type string keeps the component from reading them first.
      return { ...described, type: 'string' };
  }
}

function inputOf(parameter: Parameter, trans: TranslationBundle): UiSchema {
  const options: JSONObject = { nullable: parameter.nullable };
  if (parameter.expression) {
    options.note = placeholderless(parameter)
      ? trans.__('Computed at each run: %1', parameter.expression)
      : trans.__('Computed at each run');
  } else if (parameter.required) {
    options.note = trans.__('Needs a value');
  }
  return {
    'ui:widget': widgetOf(parameter),
    'ui:placeholder': placeholder(parameter, trans),
    'ui:options': options
  };
}

/** Whether the input has no room to show an expression in. */
function placeholderless(parameter: Parameter): boolean {
  return ['date', 'tick'].includes(widgetOf(parameter));
}

function placeholder({ expression, nullable, type }: Parameter, trans: TranslationBundle): string {
  if (expression) {
    return expression;
  }
  return nullable ? trans.__('no value') : type === 'datetime' ? '2026-11-20T07:00:00' : '';
}

function widgetOf(parameter: Parameter): string {
  if (parameter.choices?.length) {
    return 'choice';
  }
  switch (parameter.type) {
    case 'boolean':
      return parameter.nullable || parameter.expression || parameter.required ? 'yesOrNo' : 'tick';
    case 'integer':
    case 'number':
      return 'number';
    case 'date':
      return 'date';
    case 'string':
    case 'datetime':
      return 'line';
    case 'array':
    case 'object':
    case 'any':
      return 'json';
  }
}
