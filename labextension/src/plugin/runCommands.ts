import type { TranslationBundle } from '@jupyterlab/translation';
import { bugIcon, deleteIcon, refreshIcon, stopIcon } from '@jupyterlab/ui-components';
import { CommandIDs } from '../tokens/names';
import { Command, confirm, text } from './command';

const runArgs = { run: text('The id of the run') };

export function runCommands(trans: TranslationBundle): Record<string, Command> {
  return {
    [CommandIDs.openRun]: {
      label: trans.__('Open the output notebook of a run'),
      args: runArgs,
      act: (actions, args) => actions.runs.open(String(args.run))
    },
    [CommandIDs.debugRun]: {
      label: trans.__('Debug a run in a copy'),
      icon: bugIcon,
      args: runArgs,
      act: (actions, args) => actions.runs.debug(String(args.run))
    },
    [CommandIDs.retryRun]: {
      label: trans.__('Retry a run'),
      icon: refreshIcon,
      args: { ...runArgs, source: { type: 'string', enum: ['same', 'current'] } },
      act: (actions, args) =>
        actions.runs.retry(String(args.run), args.source === 'current' ? 'current' : 'same')
    },
    [CommandIDs.cancelRun]: {
      label: trans.__('Cancel a run'),
      icon: stopIcon,
      args: runArgs,
      act: (actions, args) => actions.runs.cancel(String(args.run))
    },
    [CommandIDs.deleteRun]: {
      label: trans.__('Delete a run'),
      icon: deleteIcon,
      args: { ...runArgs, confirm },
      act: (actions, args) => actions.runs.delete(String(args.run), args.confirm !== false)
    }
  };
}
