import { ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import {
  bugIcon,
  deleteIcon,
  editIcon,
  LabIcon,
  pauseIcon,
  refreshIcon,
  runIcon,
  stopIcon
} from '@jupyterlab/ui-components';
import type { ReadonlyJSONObject, ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { CommandIDs, PACKAGE, TRANSLATION_DOMAIN } from '../tokens/names';
import { Context, notebookInFront } from './context';
import { clockIcon } from './icons';
import { IScheduler } from './scheduler';
import type { Actions } from './actions';

type Args = ReadonlyPartialJSONObject;

interface Spec {
  label: string;
  caption?: string;
  icon?: LabIcon;
  /** The arguments, as properties of a JSON Schema. */
  args: ReadonlyJSONObject;
  act: (actions: Actions, args: Args) => Promise<unknown>;
  enabled?: (args: Args) => boolean;
}

const text = (description: string) => ({ type: 'string', description });
const runArgs = { run: text('The id of the run') };
const jobArgs = { job: text('The id of the job') };
const pathArgs = { path: text('The notebook; without it the one in front') };

function runCommands({ trans }: Context): Record<string, Spec> {
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
      args: { ...runArgs, confirm: { type: 'boolean', description: 'Ask first; true if left out' } },
      act: (actions, args) => actions.runs.delete(String(args.run), args.confirm !== false)
    }
  };
}

function jobCommands({ trans }: Context): Record<string, Spec> {
  return {
    [CommandIDs.editJob]: {
      label: trans.__('Edit a job'),
      icon: editIcon,
      args: jobArgs,
      act: (actions, args) => actions.jobs.edit(String(args.job))
    },
    [CommandIDs.runJob]: {
      label: trans.__('Run a job now'),
      icon: runIcon,
      args: jobArgs,
      act: (actions, args) => actions.jobs.run(String(args.job))
    },
    [CommandIDs.pauseJob]: {
      label: trans.__('Pause a job'),
      icon: pauseIcon,
      args: jobArgs,
      act: (actions, args) => actions.jobs.pause(String(args.job))
    },
    [CommandIDs.resumeJob]: {
      label: trans.__('Resume a job'),
      icon: runIcon,
      args: jobArgs,
      act: (actions, args) => actions.jobs.resume(String(args.job))
    },
    [CommandIDs.deleteJob]: {
      label: trans.__('Delete a job'),
      icon: deleteIcon,
      args: { ...jobArgs, confirm: { type: 'boolean', description: 'Ask first; true if left out' } },
      act: (actions, args) => actions.jobs.delete(String(args.job), args.confirm !== false)
    }
  };
}

function notebookCommands(context: Context): Record<string, Spec> {
  const { trans, tracker } = context;
  const someNotebook = (args: Args) => typeof args.path === 'string' || notebookInFront(context) !== null;
  return {
    [CommandIDs.schedule]: {
      label: trans.__('Run or schedule'),
      caption: trans.__('Run this notebook in the background or on a schedule'),
      icon: clockIcon,
      args: {
        ...pathArgs,
        ...jobArgs,
        selected: { type: 'boolean', description: 'Take the notebook chosen in the file browser' },
        save: { type: 'boolean', description: 'Save unsaved edits first; true if left out' }
      },
      enabled: args => args.selected === true || someNotebook(args),
      act: (actions, args) => actions.notebooks.schedule(args)
    },
    [CommandIDs.runNow]: {
      label: trans.__('Run now in the background'),
      caption: trans.__('Save this notebook and run a copy of it with the values of its parameters'),
      icon: runIcon,
      args: {
        ...pathArgs,
        parameters: { type: 'object', description: 'Values; without them those of the Parameters panel' },
        quiet: { type: 'boolean', description: 'No notification that it has started' }
      },
      enabled: someNotebook,
      act: (actions, args) => actions.notebooks.runNow(args)
    },
    [CommandIDs.makeParametersCell]: {
      label: trans.__('Make a parameters cell'),
      args: {},
      enabled: () => tracker.currentWidget !== null,
      act: async actions => actions.notebooks.makeParametersCell()
    }
  };
}

function register(context: Context, forms: WidgetTracker<MainAreaWidget>): void {
  let loaded: Promise<Actions> | null = null;
  const load = async () =>
    new (await import('./actions')).Actions(context, await context.scheduler.load(), forms);
  const specs = { ...notebookCommands(context), ...runCommands(context), ...jobCommands(context) };
  for (const [id, spec] of Object.entries(specs)) {
    context.app.commands.addCommand(id, {
      label: spec.label,
      caption: spec.caption,
      icon: spec.icon,
      describedBy: { args: { type: 'object', properties: spec.args } },
      isEnabled: args => spec.enabled?.(args) ?? true,
      execute: async args => {
        const actions = await (loaded ??= load());
        return actions.tell(() => spec.act(actions, args));
      }
    });
  }
}

export const commands: JupyterFrontEndPlugin<void> = {
  id: `${PACKAGE}:commands`,
  description: 'Runs and schedules notebooks; acts on runs and jobs.',
  autoStart: true,
  requires: [IScheduler, INotebookTracker],
  optional: [IFileBrowserFactory, IStateDB, ICommandPalette, ILayoutRestorer, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    scheduler: IScheduler,
    tracker: INotebookTracker,
    browsers: IFileBrowserFactory | null,
    state: IStateDB | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    const forms = new WidgetTracker<MainAreaWidget>({ namespace: `${PACKAGE}-forms` });
    register({ app, scheduler, tracker, browsers, state, trans }, forms);
    void restorer?.restore(forms, {
      command: CommandIDs.schedule,
      args: form => ({ ...form.title.dataset, save: false }),
      name: form => form.id
    });
    for (const command of [CommandIDs.schedule, CommandIDs.runNow, CommandIDs.makeParametersCell]) {
      palette?.addItem({ command, category: trans.__('Notebook Sched') });
    }
  }
};
