import { ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { runIcon } from '@jupyterlab/ui-components';
import { CommandIDs, PACKAGE, TRANSLATION_DOMAIN } from '../tokens/names';
import type { Actions } from './actions';
import { Args, argumentsOf, Command } from './command';
import { Context, notebookInFront } from './context';
import { clockIcon } from './icons';
import { jobCommands } from './jobCommands';
import { runCommands } from './runCommands';
import { IScheduler } from './scheduler';
import { sweepCommands } from './sweepCommands';
import { versionCommands } from './versionCommands';

const IN_PALETTE = [
  CommandIDs.schedule,
  CommandIDs.runNow,
  CommandIDs.sweep,
  CommandIDs.makeParametersCell,
  CommandIDs.pauseAll,
  CommandIDs.resumeAll,
  CommandIDs.showArchive
];

/** The commands whose tabs are there again after a reload, by the name under which they are remembered. */
const RESTORED = {
  sweeps: CommandIDs.compareRuns,
  comparisons: CommandIDs.compareRun,
  versions: CommandIDs.showVersions
};

function someNotebook(context: Context, args: Args): boolean {
  return typeof args.path === 'string' || notebookInFront(context) !== null;
}

function notebookCommands(context: Context): Record<string, Command> {
  const { trans, tracker } = context;
  return {
    [CommandIDs.schedule]: {
      label: trans.__('Run or schedule'),
      caption: trans.__('Run this notebook in the background or on a schedule'),
      icon: clockIcon,
      enabled: args => args.selected === true || someNotebook(context, args),
      act: (actions, args) => actions.notebooks.schedule(args)
    },
    [CommandIDs.runNow]: {
      label: trans.__('Run now in the background'),
      caption: trans.__('Save this notebook and run a copy of it with the values of its parameters'),
      icon: runIcon,
      enabled: args => someNotebook(context, args),
      act: (actions, args) => actions.notebooks.runNow(args)
    },
    [CommandIDs.makeParametersCell]: {
      label: trans.__('Make a parameters cell'),
      enabled: () => tracker.currentWidget !== null,
      act: async actions => actions.notebooks.makeParametersCell()
    }
  };
}

function register(
  context: Context,
  forms: WidgetTracker<MainAreaWidget>,
  tabs: Record<string, WidgetTracker<MainAreaWidget>>
): void {
  let loaded: Promise<Actions> | null = null;
  const load = async () =>
    new (await import('./later')).Actions(context, await context.scheduler.load(), forms, tabs);
  const { trans } = context;
  const all = {
    ...notebookCommands(context),
    ...sweepCommands(trans, args => someNotebook(context, args)),
    ...runCommands(trans),
    ...jobCommands(trans),
    ...versionCommands(trans)
  };
  for (const [id, command] of Object.entries(all)) {
    context.app.commands.addCommand(id, {
      label: command.label,
      caption: command.caption,
      icon: command.icon,
      describedBy: argumentsOf(id),
      isEnabled: args => command.enabled?.(args) ?? true,
      execute: async args => {
        const actions = await (loaded ??= load());
        return actions.tell(() => command.act(actions, args));
      }
    });
  }
}

export const commands: JupyterFrontEndPlugin<void> = {
  id: `${PACKAGE}:commands`,
  description: 'The commands.',
  autoStart: true,
  requires: [IScheduler, INotebookTracker],
  optional: [
    IFileBrowserFactory,
    IStateDB,
    IRenderMimeRegistry,
    ICommandPalette,
    ILayoutRestorer,
    ITranslator
  ],
  activate: (
    app: JupyterFrontEnd,
    scheduler: IScheduler,
    tracker: INotebookTracker,
    browsers: IFileBrowserFactory | null,
    state: IStateDB | null,
    rendermime: IRenderMimeRegistry | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    const forms = new WidgetTracker<MainAreaWidget>({ namespace: `${PACKAGE}-forms` });
    const tabs: Record<string, WidgetTracker<MainAreaWidget>> = {};
    void restorer?.restore(forms, {
      command: CommandIDs.schedule,
      args: form => ({ ...form.title.dataset, save: false }),
      name: form => form.id
    });
    for (const [name, command] of Object.entries(RESTORED)) {
      tabs[command] = new WidgetTracker({ namespace: `${PACKAGE}-${name}` });
      void restorer?.restore(tabs[command], {
        command,
        args: tab => ({ ...tab.title.dataset }),
        name: tab => tab.id
      });
    }
    register({ app, scheduler, tracker, browsers, state, rendermime, trans }, forms, tabs);
    for (const command of IN_PALETTE) {
      palette?.addItem({ command, category: trans.__('Notebook Sched') });
    }
  }
};
