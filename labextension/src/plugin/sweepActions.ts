import { Dialog, MainAreaWidget, showDialog, WidgetTracker } from '@jupyterlab/apputils';
import type { JSONObject } from '@lumino/coreutils';
import type { Widget } from '@lumino/widgets';
import type { Workspace } from '../model/workspace';
import { stem } from '../tokens/paths';
import type { Sweep } from '../tokens/wire';
import type { Args } from './command';
import type { Context } from './context';
import { runsIcon } from './icons';
import type { NotebookActions } from './notebookActions';

/** What can be done with a notebook's parameters many at a time: start a sweep, compare its runs, end it. */
export class SweepActions {
  constructor(
    private readonly context: Context,
    private readonly workspace: Workspace,
    private readonly notebooks: NotebookActions,
    private readonly tabs: WidgetTracker<MainAreaWidget>
  ) {}

  /** Opens the form; with values it starts at once and gives the id of the batch. */
  async sweep(args: Args): Promise<string | null> {
    const notebook = this.notebooks.chosen(args);
    const save = () => this.notebooks.save(notebook);
    await save();
    if (args.values) {
      const {
        parameters = {},
        mode = 'grid',
        values
      } = args as unknown as Sweep & { parameters?: JSONObject };
      const sweep = { mode, values };
      const batch = await this.runs.sweep({ notebook, parameters, cause: 'manual', sweep });
      await this.compare(batch);
      return batch;
    }
    const id = `jns-sweep-${notebook}`;
    if (!this.activate(id)) {
      const { SweepWidget } = await import('../forms/sweepForm');
      const values = this.workspace.sessions.get(notebook)?.values ?? {};
      const { workspace, context } = this;
      const done = async (batch: string) => {
        await this.compare(batch);
        tab.dispose();
      };
      const content = new SweepWidget({ workspace, trans: context.trans, notebook, values, save, done });
      const tab = this.show(id, context.trans.__('Sweep %1', stem(notebook)), content);
    }
    return null;
  }

  async compare(batch: string): Promise<void> {
    const id = `jns-batch-${batch}`;
    if (this.activate(id)) {
      return;
    }
    const { app, rendermime, trans } = this.context;
    const { ComparisonTab } = await import('../documents/comparisonTab');
    const content = new ComparisonTab({
      workspace: this.workspace,
      commands: app.commands,
      rendermime,
      trans,
      batch
    });
    const tab = this.show(id, trans.__('Sweep'), content);
    tab.title.dataset = { ...tab.title.dataset, batch };
    content.live.changed.connect(({ batch }) => {
      tab.title.label = batch?.name ?? tab.title.label;
    });
    await this.tabs.add(tab);
  }

  async cancelRest(batch: string, confirm: boolean): Promise<void> {
    const { trans } = this.context;
    if (confirm) {
      const { name, counts } = await this.runs.batch(batch);
      const { button } = await showDialog({
        title: trans.__('Cancel the rest of “%1”?', name),
        body: trans._n(
          '%1 run that waits or goes on is cancelled. What has ended stays.',
          '%1 runs that wait or go on are cancelled. What has ended stays.',
          counts.queued + counts.running
        ),
        buttons: [
          Dialog.cancelButton({ label: trans.__('Let them run') }),
          Dialog.warnButton({ label: trans.__('Cancel the rest') })
        ],
        defaultButton: 0
      });
      if (!button.accept) {
        return;
      }
    }
    await this.runs.cancelBatch(batch);
  }

  /** One after the other: there may be hundreds. */
  async retryFailed(batch: string): Promise<void> {
    const { runs } = await this.runs.batch(batch);
    for (const { id, state } of runs) {
      if (state === 'failed') {
        await this.runs.rerun(id, 'same');
      }
    }
  }

  private activate(id: string): boolean {
    const { shell } = this.context.app;
    const open = [...shell.widgets('main')].some(widget => widget.id === id);
    if (open) {
      shell.activateById(id);
    }
    return open;
  }

  private show(id: string, label: string, content: Widget): MainAreaWidget {
    const { shell } = this.context.app;
    const tab = new MainAreaWidget({ content });
    tab.id = id;
    tab.toolbar.hide();
    tab.title.label = label;
    tab.title.icon = runsIcon;
    tab.title.closable = true;
    shell.add(tab, 'main');
    shell.activateById(id);
    return tab;
  }

  private get runs() {
    return this.workspace.server.runs;
  }
}
