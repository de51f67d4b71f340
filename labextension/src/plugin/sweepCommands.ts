import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandIDs } from '../tokens/names';
import { Args, Command } from './command';

export function sweepCommands(
  trans: TranslationBundle,
  someNotebook: (args: Args) => boolean
): Record<string, Command> {
  return {
    [CommandIDs.sweep]: {
      label: trans.__('Sweep…'),
      caption: trans.__('Run this notebook once for each of several values of its parameters'),
      enabled: someNotebook,
      act: (actions, args) => actions.sweeps.sweep(args)
    },
    [CommandIDs.compareRuns]: {
      label: trans.__('Compare the runs of a sweep'),
      act: (actions, args) => actions.sweeps.compare(String(args.batch))
    },
    [CommandIDs.cancelRest]: {
      label: trans.__('Cancel the rest of a sweep'),
      act: (actions, args) => actions.sweeps.cancelRest(String(args.batch), args.confirm !== false)
    },
    [CommandIDs.retryFailed]: {
      label: trans.__('Retry the failed runs of a sweep'),
      act: (actions, args) => actions.sweeps.retryFailed(String(args.batch))
    }
  };
}
