import type { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { Notification } from '@jupyterlab/apputils';
import { isMissing, messageOf } from '../api/problem';
import type { Workspace } from '../model/workspace';
import { CommandIDs } from '../tokens/names';
import type { Context } from './context';
import { JobActions } from './jobActions';
import { NotebookActions } from './notebookActions';
import { RunActions } from './runActions';
import { SweepActions } from './sweepActions';
import { VersionActions } from './versionActions';

/** What the commands do; loaded with the first of them. */
export class Actions {
  constructor(
    private readonly context: Context,
    workspace: Workspace,
    forms: WidgetTracker<MainAreaWidget>,
    tabs: Record<string, WidgetTracker<MainAreaWidget>>
  ) {
    this.notebooks = new NotebookActions(context, workspace, forms);
    this.runs = new RunActions(context, workspace, this.notebooks);
    this.jobs = new JobActions(context, workspace, this.notebooks);
    this.sweeps = new SweepActions(context, workspace, this.notebooks, tabs[CommandIDs.compareRuns]);
    this.versions = new VersionActions(context, workspace, this.notebooks, tabs);
  }

  readonly notebooks: NotebookActions;
  readonly runs: RunActions;
  readonly jobs: JobActions;
  readonly sweeps: SweepActions;
  readonly versions: VersionActions;

  /** Does it, and tells the person what the server says where it refuses. */
  async tell(act: () => Promise<unknown>): Promise<unknown> {
    try {
      return await act();
    } catch (error) {
      const { trans } = this.context;
      const message = isMissing(error)
        ? `${trans.__('The server part of Notebook Sched does not answer.')} pip install jupyter_notebook_sched`
        : messageOf(error);
      Notification.error(message, { autoClose: 8000 });
      return undefined;
    }
  }
}
