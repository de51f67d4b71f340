import type { LabIcon } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyJSONObject, ReadonlyPartialJSONObject } from '@lumino/coreutils';
import address from '../../arguments.json';
import type { Actions } from './actions';

export type Args = ReadonlyPartialJSONObject;

/** A command whose code loads with its first use; its arguments are described in `arguments.json`. */
export interface Command {
  label: string;
  caption?: string;
  icon?: LabIcon;
  act: (actions: Actions, args: Args) => Promise<unknown>;
  enabled?: (args: Args) => boolean;
}

/** An argument that is a text; null where it is left out. */
export const given = (value: unknown) => (typeof value === 'string' ? value : null);

/** Describes the arguments of a command to who asks; they load with the first question. */
export function argumentsOf(id: string): () => Promise<Partial<CommandRegistry.Description>> {
  return async () => {
    const all: Record<string, ReadonlyJSONObject> = await (await fetch(address)).json();
    return { args: { type: 'object', properties: all[id.split(':')[1]] } };
  };
}
