import type { TranslationBundle } from '@jupyterlab/translation';
import { bugIcon, deleteIcon, refreshIcon, stopIcon } from '@jupyterlab/ui-components';
import { CommandIDs } from '../tokens/names';
import type { Shown } from '../tokens/wire';
import { Args, Command, given } from './command';

const attemptOf = (args: Args) => (typeof args.attempt === 'number' ? args.attempt : null);
const shownOf = (args: Args): Shown => ({ attempt: attemptOf(args), hideCode: args.hide_code === true });

export function runCommands(trans: TranslationBundle): Record<string, Command> {
  return {
    [CommandIDs.openRun]: {
      label: trans.__('Open the output notebook of a run'),
      act: (actions, args) => actions.runs.open(String(args.run), attemptOf(args))
    },
    [CommandIDs.debugRun]: {
      label: trans.__('Debug a run in a copy'),
      icon: bugIcon,
      act: (actions, args) => actions.runs.debug(String(args.run))
    },
    [CommandIDs.retryRun]: {
      label: trans.__('Retry a run'),
      icon: refreshIcon,
      act: (actions, args) =>
        actions.runs.retry(
          String(args.run),
          args.source === 'current' ? 'current' : 'same',
          given(args.notebook)
        )
    },
    [CommandIDs.continueRun]: {
      label: trans.__('Continue a run from the failed cell'),
      act: (actions, args) => actions.runs.continueRun(String(args.run), String(args.notebook))
    },
    [CommandIDs.takeOver]: {
      label: trans.__('Take over a running run'),
      act: (actions, args) => actions.runs.takeOver(String(args.run), args.confirm !== false)
    },
    [CommandIDs.keepKernel]: {
      label: trans.__('Keep the kernel of a run'),
      act: (actions, args) =>
        actions.runs.keepKernel(String(args.run), Number(args.seconds), args.confirm !== false)
    },
    [CommandIDs.copyLink]: {
      label: trans.__('Copy a link to the output of a run'),
      act: (actions, args) =>
        actions.runs.copyLink(String(args.job ?? args.run), shownOf(args), args.job ? 'jobs' : undefined)
    },
    [CommandIDs.exportHtml]: {
      label: trans.__('Export the output of a run as HTML'),
      act: (actions, args) => actions.runs.exportHtml(String(args.run), shownOf(args))
    },
    [CommandIDs.cancelRun]: {
      label: trans.__('Cancel a run'),
      icon: stopIcon,
      act: (actions, args) => actions.runs.cancel(String(args.run))
    },
    [CommandIDs.deleteRun]: {
      label: trans.__('Delete a run'),
      icon: deleteIcon,
      act: (actions, args) => actions.runs.delete(String(args.run), args.confirm !== false)
    }
  };
}
