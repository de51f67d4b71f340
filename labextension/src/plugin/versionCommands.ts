import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandIDs } from '../tokens/names';
import { Command, given } from './command';

export function versionCommands(trans: TranslationBundle): Record<string, Command> {
  return {
    [CommandIDs.publishFix]: {
      label: trans.__('Use the debug copy of a run as a version'),
      act: (actions, args) => actions.versions.publishFix(String(args.run), String(args.notebook))
    },
    [CommandIDs.publishJob]: {
      label: trans.__('Use another version for a job'),
      act: (actions, args) => actions.versions.publishJob(String(args.job), given(args.version))
    },
    [CommandIDs.showVersions]: {
      label: trans.__('Versions'),
      act: (actions, args) => actions.versions.versions(String(args.job))
    },
    [CommandIDs.compareRun]: {
      label: trans.__('Compare a run'),
      act: (actions, args) => actions.versions.compare(String(args.run), given(args.against) || null)
    },
    [CommandIDs.showArchive]: {
      label: trans.__('Browse the archive of all runs'),
      act: actions => actions.versions.archive()
    }
  };
}
