import type { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { Notification } from '@jupyterlab/apputils';
import { isMissing, messageOf } from '../api/problem';
import type { Workspace } from '../model/workspace';
import type { Context } from './context';
import { JobActions } from './jobActions';
import { NotebookActions } from './notebookActions';
import { RunActions } from './runActions';
import { SweepActions } from './sweepActions';

/** What the commands do; loaded with the first of them. */
export class Actions {
  constructor(
    private readonly context: Context,
    workspace: Workspace,
    forms: WidgetTracker<MainAreaWidget>,
    tabs: WidgetTracker<MainAreaWidget>
  ) {
    this.notebooks = new NotebookActions(context, workspace, forms);
    this.runs = new RunActions(context, workspace);
    this.jobs = new JobActions(context, workspace, this.notebooks);
    this.sweeps = new SweepActions(context, workspace, this.notebooks, tabs);
  }

  readonly notebooks: NotebookActions;
  readonly runs: RunActions;
  readonly jobs: JobActions;
  readonly sweeps: SweepActions;

  /** Does it, and tells the person what the server says where it refuses. */
  async tell(act: () => Promise<unknown>): Promise<unknown> {
    try {
      return await act();
    } catch (error) {
      const { trans } = this.context;
      const message = isMissing(error)
        ? trans.__('The server part of Notebook Sched does not answer: pip install jupyter_notebook_sched')
        : messageOf(error);
      Notification.error(message, { autoClose: 8000 });
      return undefined;
    }
  }
}
