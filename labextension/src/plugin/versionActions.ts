import type { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { RunComparisonTab } from '../documents/runComparisonTab';
import { PublishWidget } from '../forms/publishForm';
import { VersionsTab } from '../forms/versionsTab';
import type { Subject } from '../model/publishing';
import type { Workspace } from '../model/workspace';
import { CommandIDs } from '../tokens/names';
import { showArchive } from './archiveBrowser';
import type { Context } from './context';
import { clockIcon, runsIcon } from './icons';
import type { NotebookActions } from './notebookActions';
import { showTab } from './tab';

/** What can be done with versions and with what runs have left: publish, look back, compare. */
export class VersionActions {
  constructor(
    private readonly context: Context,
    private readonly workspace: Workspace,
    private readonly _notebooks: NotebookActions,
    private readonly _tabs: Record<string, WidgetTracker<MainAreaWidget>>
  ) {}

  async publishFix(run: string, notebook: string): Promise<void> {
    this._publish(`${run}-${notebook}`, { run, notebook }, notebook);
  }

  /** Null: the notebook as it is now. */
  async publishJob(id: string, version: string | null): Promise<void> {
    const job = await this.workspace.server.jobs.get(id);
    this._publish(`${id}-${version}`, { job: id, version }, job.notebook);
  }

  async versions(id: string): Promise<void> {
    const { workspace, context } = this;
    const { app, trans } = context;
    const job = await workspace.server.jobs.get(id);
    const tab = showTab(
      app,
      { id: `jns-versions-${id}`, label: trans.__('Versions of %1', job.name), icon: clockIcon },
      () => new VersionsTab(workspace, app.commands, trans, id)
    );
    await this._remember(CommandIDs.showVersions, tab, { job: id });
  }

  async compare(run: string, against: string | null): Promise<void> {
    const { workspace, context } = this;
    const { app, trans } = context;
    const id = `jns-compare-${run}`;
    const { name } = await workspace.server.runs.get(run);
    const tab = showTab(
      app,
      { id, label: trans.__('Compare %1', name), icon: runsIcon },
      () => new RunComparisonTab(workspace, trans, run, against)
    );
    const open = this._tabs[CommandIDs.compareRun].find(tab => tab.id === id);
    if (open && against !== null) {
      (open.content as RunComparisonTab).choose(against);
    }
    await this._remember(CommandIDs.compareRun, tab, { run, against: against ?? '' });
  }

  async archive(): Promise<void> {
    showArchive(this.context);
  }

  private _publish(key: string, subject: Subject, notebook: string): void {
    const { context, workspace } = this;
    const { app, trans } = context;
    const look = { id: `jns-publish-${key}`, label: trans.__('Use this version'), icon: clockIcon };
    const save = () => this._notebooks.save(notebook);
    const { commands } = app;
    showTab(app, look, () => new PublishWidget({ workspace, commands, trans, subject, save }));
  }

  /** So that it is there again after a reload. */
  private async _remember(
    command: string,
    tab: MainAreaWidget | null,
    args: Record<string, string>
  ): Promise<void> {
    if (tab) {
      tab.title.dataset = { ...tab.title.dataset, ...args };
      await this._tabs[command].add(tab);
    }
  }
}
