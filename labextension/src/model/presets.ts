/** Named sets of values that travel with a notebook. */
import { JSONExt, JSONObject } from '@lumino/coreutils';
import type { Parameter, Preset } from '../tokens/wire';

/** What of a preset can be filled into the form. */
export function fitting({ values, misfits }: Preset, parameters: readonly Parameter[]): JSONObject {
  const names = new Set(parameters.map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => names.has(name) && !Object.hasOwn(misfits, name))
  );
}

/** Whether the form says what the preset says. */
export function isShown(preset: Preset, parameters: readonly Parameter[], values: JSONObject): boolean {
  return Object.entries(fitting(preset, parameters)).every(
    ([name, value]) => Object.hasOwn(values, name) && JSONExt.deepEqual(values[name], value)
  );
}
