import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { Workspace } from '../model/workspace';
import type { Context } from './context';
import type { NotebookActions } from './notebookActions';

/** What can be done with one job. */
export class JobActions {
  constructor(
    private readonly context: Context,
    private readonly workspace: Workspace,
    private readonly notebooks: NotebookActions
  ) {}

  async edit(id: string): Promise<void> {
    await this.notebooks.edit(id);
  }

  async run(id: string): Promise<void> {
    const run = await this.jobs.run(id);
    this.workspace.started.add(run.id);
  }

  async pause(id: string): Promise<void> {
    await this.jobs.pause(id);
  }

  async resume(id: string): Promise<void> {
    await this.jobs.resume(id);
  }

  async delete(id: string, confirm: boolean): Promise<void> {
    const { trans } = this.context;
    if (confirm) {
      const job = await this.jobs.get(id);
      const { button } = await showDialog({
        title: trans.__('Delete the job “%1”?', job.name),
        body: trans.__('Its schedule and its waiting runs are lost. The runs that have ended stay.'),
        buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: trans.__('Delete') })],
        defaultButton: 0
      });
      if (!button.accept) {
        return;
      }
    }
    await this.jobs.delete(id);
  }

  private get jobs() {
    return this.workspace.server.jobs;
  }
}
