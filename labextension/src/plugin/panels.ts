import { ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { LabIcon, SidePanel } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import { Panel, Widget } from '@lumino/widgets';
import { CommandIDs, PACKAGE, PARAMETERS_PANEL, RUNS_PANEL, TRANSLATION_DOMAIN } from '../tokens/names';
import type { RunState } from '../tokens/wire';
import { argumentsOf } from './command';
import { pathOf } from './context';
import { parametersIcon, runsIcon } from './icons';
import { IScheduler } from './scheduler';

interface Look {
  id: string;
  caption: string;
  icon: LabIcon;
}

/** A side panel whose content loads when it is first seen. */
class LazyPanel<Content extends Widget> extends SidePanel {
  constructor(
    { id, caption, icon }: Look,
    private readonly _make: () => Promise<Content>
  ) {
    super({ content: new Panel() });
    this.id = id;
    this.title.caption = caption;
    this.title.icon = icon;
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', caption);
    this.addClass('jns-SidePanel');
  }

  load(): Promise<Content> {
    return (this._loading ??= this._fill());
  }

  protected override onBeforeShow(message: Message): void {
    super.onBeforeShow(message);
    void this.load();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    if (this.isVisible) {
      void this.load();
    }
  }

  private async _fill(): Promise<Content> {
    const content = await this._make();
    this.addWidget(content);
    return content;
  }

  private _loading: Promise<Content> | null = null;
}

/** What the list of runs can be narrowed to. */
const FILTERS = ['state', 'job', 'notebook', 'q'];

export const panels: JupyterFrontEndPlugin<void> = {
  id: `${PACKAGE}:panels`,
  description: 'The side panels Parameters and Runs.',
  autoStart: true,
  requires: [IScheduler, INotebookTracker],
  optional: [ICommandPalette, ILayoutRestorer, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    scheduler: IScheduler,
    tracker: INotebookTracker,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);

    const runs = new LazyPanel({ id: RUNS_PANEL, caption: trans.__('Runs'), icon: runsIcon }, async () => {
      const [workspace, { RunsPanel }] = await Promise.all([scheduler.load(), import('./later')]);
      return new RunsPanel(workspace, app.commands, trans);
    });
    const parameters = new LazyPanel(
      { id: PARAMETERS_PANEL, caption: trans.__('Parameters'), icon: parametersIcon },
      async () => {
        const [workspace, { ParametersPanel }] = await Promise.all([scheduler.load(), import('./later')]);
        return new ParametersPanel(workspace, tracker, app.commands, panel => pathOf(app, panel), trans);
      }
    );
    app.shell.add(runs, 'left', { rank: 600, type: 'Notebook Sched' });
    app.shell.add(parameters, 'right', { rank: 600, type: 'Notebook Sched' });
    restorer?.add(runs, RUNS_PANEL);
    restorer?.add(parameters, PARAMETERS_PANEL);

    app.commands.addCommand(CommandIDs.showRuns, {
      label: trans.__('Show runs'),
      describedBy: argumentsOf(CommandIDs.showRuns),
      execute: async args => {
        app.shell.activateById(RUNS_PANEL);
        const panel = await runs.load();
        if (FILTERS.some(name => name in args)) {
          const { job, notebook } = args as { job?: string; notebook?: string };
          panel.narrow({ state: (args.state as RunState) ?? null, q: String(args.q ?? ''), job, notebook });
        }
      }
    });
    app.commands.addCommand(CommandIDs.showParameters, {
      label: trans.__('Show parameters'),
      describedBy: argumentsOf(CommandIDs.showParameters),
      execute: async () => {
        app.shell.activateById(PARAMETERS_PANEL);
        await parameters.load();
      }
    });
    for (const command of [CommandIDs.showRuns, CommandIDs.showParameters]) {
      palette?.addItem({ command, category: trans.__('Notebook Sched') });
    }
  }
};
