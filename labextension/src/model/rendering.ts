import type { JSONObject, JSONValue } from '@lumino/coreutils';
import type { Server } from '../api/server';
import type { Draft } from './draft';
import { below, FieldErrors, fieldErrors } from './fieldErrors';
import { isTemplate } from './templates';
import { without } from './without';

/** What templates would be at a due time, and what the server has against some of them. */
export interface Rendered {
  values: JSONObject;
  refused: FieldErrors;
}

/** Tries the templates of a draft out; those that are refused do not keep the others from being shown. */
export async function render(
  server: Pick<Server, 'rendered'>,
  { name, notebook, parameters, templates, when }: Draft,
  due: string
): Promise<Rendered> {
  const tried = Object.keys(parameters).filter(each => templates && isTemplate(parameters[each]));
  const only = (record: Record<string, JSONValue>) =>
    without(
      record,
      Object.keys(record).filter(each => !tried.includes(each))
    );
  let left: JSONObject = parameters;
  let refused: FieldErrors = {};
  while (tried.some(each => Object.hasOwn(left, each))) {
    try {
      const answer = await server.rendered(notebook, left, due, when.timezone, name);
      return { values: only(answer as Record<string, JSONValue>), refused };
    } catch (error) {
      const told = below(fieldErrors(error), 'values');
      const named = Object.keys(told).map(field => field.split('.')[0]);
      refused = { ...refused, ...(only(told) as FieldErrors) };
      if (!named.some(each => Object.hasOwn(left, each))) {
        break; // nothing that could be left out
      }
      left = without(left as Record<string, JSONValue>, named);
    }
  }
  return { values: {}, refused };
}
