import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import type { Workspace } from '../model/workspace';
import { openCopy, openOutput } from '../documents/open';
import { stateWord } from '../model/words';
import type { Context } from './context';

/** What can be done with one run. */
export class RunActions {
  constructor(
    private readonly context: Context,
    private readonly workspace: Workspace
  ) {}

  async open(id: string): Promise<void> {
    const { app, trans } = this.context;
    const run = await this.runs.get(id);
    if (run.output === null) {
      Notification.info(trans.__('This run has no output notebook: %1', stateWord(run.state, trans)), {
        autoClose: 4000
      });
      return;
    }
    await openOutput(app.commands, run.output);
  }

  async debug(id: string): Promise<void> {
    await openCopy(this.context.app.commands, await this.runs.debug(id));
  }

  async retry(id: string, source: 'same' | 'current'): Promise<void> {
    const run = await this.runs.rerun(id, source);
    this.workspace.started.add(run.id);
  }

  async cancel(id: string): Promise<void> {
    await this.runs.cancel(id);
  }

  /** The rows of the lists go with the `stale` that follows: deleting has no event of its own. */
  async delete(id: string, confirm: boolean): Promise<void> {
    const { trans } = this.context;
    if (confirm) {
      const run = await this.runs.get(id);
      const { button } = await showDialog({
        title: trans.__('Delete this run of “%1”?', run.name),
        body: trans.__('Its record and its output notebook are lost.'),
        buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: trans.__('Delete') })],
        defaultButton: 0
      });
      if (!button.accept) {
        return;
      }
    }
    await this.runs.delete(id);
    this.workspace.feed.lost();
  }

  private get runs() {
    return this.workspace.server.runs;
  }
}
