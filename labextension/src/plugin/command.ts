import type { LabIcon } from '@jupyterlab/ui-components';
import type { ReadonlyJSONObject, ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Actions } from './actions';

export type Args = ReadonlyPartialJSONObject;

/** A command whose code loads with its first use. */
export interface Command {
  label: string;
  caption?: string;
  icon?: LabIcon;
  /** The arguments, as properties of a JSON Schema. */
  args: ReadonlyJSONObject;
  act: (actions: Actions, args: Args) => Promise<unknown>;
  enabled?: (args: Args) => boolean;
}

export const text = (description: string) => ({ type: 'string', description });
export const confirm = { type: 'boolean', description: 'Ask first; true if left out' };
export const jobArgs = { job: text('The id of the job') };
export const runArgs = { run: text('The id of the run') };
export const pathArgs = { path: text('The notebook; without it the one in front') };

/** An argument that is a text; null where it is left out. */
export const given = (value: unknown) => (typeof value === 'string' ? value : null);
