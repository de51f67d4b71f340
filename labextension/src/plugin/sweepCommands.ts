import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandIDs } from '../tokens/names';
import { Args, Command, confirm, pathArgs, text } from './command';

const batchArgs = { batch: text('The id of the batch') };

export function sweepCommands(
  trans: TranslationBundle,
  someNotebook: (args: Args) => boolean
): Record<string, Command> {
  return {
    [CommandIDs.sweep]: {
      label: trans.__('Sweep…'),
      caption: trans.__('Run this notebook once for each of several values of its parameters'),
      args: {
        ...pathArgs,
        values: { type: 'object', description: 'Lists of values, by parameter: with them it starts at once' },
        mode: { type: 'string', enum: ['grid', 'zip'] },
        parameters: { type: 'object', description: 'Values of the other parameters' }
      },
      enabled: someNotebook,
      act: (actions, args) => actions.sweeps.sweep(args)
    },
    [CommandIDs.compareRuns]: {
      label: trans.__('Compare the runs of a sweep'),
      args: batchArgs,
      act: (actions, args) => actions.sweeps.compare(String(args.batch))
    },
    [CommandIDs.cancelRest]: {
      label: trans.__('Cancel the rest of a sweep'),
      args: { ...batchArgs, confirm },
      act: (actions, args) => actions.sweeps.cancelRest(String(args.batch), args.confirm !== false)
    },
    [CommandIDs.retryFailed]: {
      label: trans.__('Retry the failed runs of a sweep'),
      args: batchArgs,
      act: (actions, args) => actions.sweeps.retryFailed(String(args.batch))
    }
  };
}
