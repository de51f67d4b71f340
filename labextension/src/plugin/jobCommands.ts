import type { TranslationBundle } from '@jupyterlab/translation';
import { deleteIcon, editIcon, pauseIcon, runIcon, searchIcon } from '@jupyterlab/ui-components';
import { CommandIDs } from '../tokens/names';
import { Args, Command, given } from './command';

export function jobCommands(trans: TranslationBundle): Record<string, Command> {
  return {
    [CommandIDs.editJob]: {
      label: trans.__('Edit a job'),
      icon: editIcon,
      act: (actions, args) => actions.jobs.edit(String(args.job))
    },
    [CommandIDs.runJob]: {
      label: trans.__('Run a job now'),
      icon: runIcon,
      act: (actions, args) => actions.jobs.run(String(args.job))
    },
    [CommandIDs.deleteJob]: {
      label: trans.__('Delete a job'),
      icon: deleteIcon,
      act: (actions, args) => actions.jobs.delete(String(args.job), args.confirm !== false)
    },
    [CommandIDs.findNotebook]: {
      label: trans.__('Find the missing notebook of a job'),
      icon: searchIcon,
      act: (actions, args) => actions.jobs.find(String(args.job))
    },
    ...dueTimeCommands(trans),
    ...pauseCommands(trans)
  };
}

function pauseCommands(trans: TranslationBundle): Record<string, Command> {
  return {
    [CommandIDs.pauseJob]: {
      label: trans.__('Pause a job'),
      icon: pauseIcon,
      act: (actions, args) => actions.jobs.pause(String(args.job), given(args.until))
    },
    [CommandIDs.pauseJobUntil]: {
      label: trans.__('Pause until…'),
      act: (actions, args) => actions.jobs.pauseUntil(String(args.job))
    },
    [CommandIDs.resumeJob]: {
      label: trans.__('Resume a job'),
      icon: runIcon,
      act: (actions, args) => actions.jobs.resume(String(args.job))
    },
    [CommandIDs.pauseAll]: {
      label: trans.__('Pause all jobs'),
      act: actions => actions.jobs.pauseAll()
    },
    [CommandIDs.resumeAll]: {
      label: trans.__('Resume all jobs'),
      act: actions => actions.jobs.resumeAll()
    }
  };
}

function dueTimeCommands(trans: TranslationBundle): Record<string, Command> {
  const range = ({ from, to }: Args) =>
    typeof from === 'string' && typeof to === 'string' ? { from, to } : null;
  return {
    [CommandIDs.skipNext]: {
      label: trans.__('Skip next time'),
      act: (actions, args) => actions.jobs.skip(String(args.job), given(args.scheduled_for))
    },
    [CommandIDs.backfillJob]: {
      label: trans.__('Backfill…'),
      act: (actions, args) => actions.jobs.backfill(String(args.job), range(args))
    }
  };
}
