import type { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import type { JSONObject } from '@lumino/coreutils';
import { ComparisonTab } from '../documents/comparisonTab';
import { SweepWidget } from '../forms/sweepForm';
import type { Workspace } from '../model/workspace';
import { agreed } from '../parts/agreed';
import { stem } from '../tokens/paths';
import type { Sweep } from '../tokens/wire';
import type { Args } from './command';
import type { Context } from './context';
import { runsIcon } from './icons';
import type { NotebookActions } from './notebookActions';
import { showTab } from './tab';

/** What can be done with a notebook's parameters many at a time: start a sweep, compare its runs, end it. */
export class SweepActions {
  constructor(
    private readonly context: Context,
    private readonly workspace: Workspace,
    private readonly _notebooks: NotebookActions,
    private readonly _tabs: WidgetTracker<MainAreaWidget>
  ) {}

  /** Opens the form; with values it starts at once and gives the id of the batch. */
  async sweep(args: Args): Promise<string | null> {
    const notebook = this._notebooks.chosen(args);
    const save = () => this._notebooks.save(notebook);
    await save();
    if (args.values) {
      const {
        parameters = {},
        mode = 'grid',
        values
      } = args as unknown as Sweep & { parameters?: JSONObject };
      const sweep = { mode, values };
      const batch = await this._runs.sweep({ notebook, parameters, cause: 'manual', sweep });
      await this.compare(batch);
      return batch;
    }
    const { workspace, context } = this;
    const { app, trans } = context;
    const values = workspace.sessions.get(notebook)?.values ?? {};
    const done = async (batch: string) => {
      await this.compare(batch);
      tab?.dispose();
    };
    const look = { id: `jns-sweep-${notebook}`, label: trans.__('Sweep %1', stem(notebook)), icon: runsIcon };
    const tab = showTab(app, look, () => new SweepWidget({ workspace, trans, notebook, values, save, done }));
    return null;
  }

  async compare(batch: string): Promise<void> {
    const { workspace, context } = this;
    const { app, rendermime, trans } = context;
    const { commands } = app;
    const look = { id: `jns-batch-${batch}`, label: trans.__('Sweep'), icon: runsIcon };
    const tab = showTab(
      app,
      look,
      () => new ComparisonTab({ workspace, commands, rendermime, trans, batch })
    );
    if (tab) {
      tab.title.dataset = { ...tab.title.dataset, batch };
      tab.content.live.changed.connect(({ batch }) => {
        tab.title.label = batch?.name ?? tab.title.label;
      });
      await this._tabs.add(tab);
    }
  }

  async cancelRest(batch: string, confirm: boolean): Promise<void> {
    const { trans } = this.context;
    if (confirm) {
      const { name, counts } = await this._runs.batch(batch);
      const title = trans.__('Cancel the rest of “%1”?', name);
      const body = trans._n(
        '%1 run that waits or goes on is cancelled. What has ended stays.',
        '%1 runs that wait or go on are cancelled. What has ended stays.',
        counts.queued + counts.running
      );
      if (!(await agreed(title, body, trans.__('Cancel the rest'), trans, trans.__('Let them run')))) {
        return;
      }
    }
    await this._runs.cancelBatch(batch);
  }

  /** One after the other: there may be hundreds. */
  async retryFailed(batch: string): Promise<void> {
    const { runs } = await this._runs.batch(batch);
    for (const { id, state } of runs) {
      if (state === 'failed') {
        await this._runs.rerun(id, { source: 'same' });
      }
    }
  }

  private get _runs() {
    return this.workspace.server.runs;
  }
}
