import type { TranslationBundle } from '@jupyterlab/translation';
import { bugIcon, deleteIcon, refreshIcon, stopIcon } from '@jupyterlab/ui-components';
import { CommandIDs } from '../tokens/names';
import type { Shown } from '../tokens/wire';
import { Args, Command, confirm, runArgs, text } from './command';

const copyArgs = { ...runArgs, notebook: text('The debug copy with the source to run') };
const attempt = { type: 'integer', description: 'Which attempt; without it the last one' };
const shownArgs = { ...runArgs, attempt, hide_code: { type: 'boolean' } };

const attemptOf = (args: Args) => (typeof args.attempt === 'number' ? args.attempt : null);
const shownOf = (args: Args): Shown => ({ attempt: attemptOf(args), hideCode: args.hide_code === true });

export function runCommands(trans: TranslationBundle): Record<string, Command> {
  return {
    [CommandIDs.openRun]: {
      label: trans.__('Open the output notebook of a run'),
      args: { ...runArgs, attempt },
      act: (actions, args) => actions.runs.open(String(args.run), attemptOf(args))
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
      args: { ...copyArgs, source: { type: 'string', enum: ['same', 'current'] } },
      act: (actions, args) =>
        actions.runs.retry(
          String(args.run),
          args.source === 'current' ? 'current' : 'same',
          typeof args.notebook === 'string' ? args.notebook : null
        )
    },
    [CommandIDs.continueRun]: {
      label: trans.__('Continue a run from the failed cell'),
      args: copyArgs,
      act: (actions, args) => actions.runs.continueRun(String(args.run), String(args.notebook))
    },
    [CommandIDs.takeOver]: {
      label: trans.__('Take over a running run'),
      args: { ...runArgs, confirm },
      act: (actions, args) => actions.runs.takeOver(String(args.run), args.confirm !== false)
    },
    [CommandIDs.keepKernel]: {
      label: trans.__('Keep the kernel of a run'),
      args: { ...runArgs, seconds: { type: 'integer', description: 'From now on; 0 ends it' }, confirm },
      act: (actions, args) =>
        actions.runs.keepKernel(String(args.run), Number(args.seconds), args.confirm !== false)
    },
    [CommandIDs.copyLink]: {
      label: trans.__('Copy a link to the output of a run'),
      args: shownArgs,
      act: (actions, args) => actions.runs.copyLink(String(args.run), shownOf(args))
    },
    [CommandIDs.exportHtml]: {
      label: trans.__('Export the output of a run as HTML'),
      args: shownArgs,
      act: (actions, args) => actions.runs.exportHtml(String(args.run), shownOf(args))
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
