import { Clipboard, Notification } from '@jupyterlab/apputils';
import { Problem } from '../api/problem';
import { markContinued, openCopy, openOutput } from '../documents/open';
import { stateWord } from '../model/words';
import type { Workspace } from '../model/workspace';
import { agreed } from '../parts/agreed';
import { stem } from '../tokens/paths';
import type { Rerun, Run, Shown } from '../tokens/wire';
import { Context, openNotebook } from './context';
import type { NotebookActions } from './notebookActions';

const LOCAL = /^(localhost|127\.|\[::1\])/;

/** What can be done with one run. */
export class RunActions {
  constructor(
    private readonly context: Context,
    private readonly workspace: Workspace,
    private readonly notebooks: NotebookActions
  ) {}

  /** Its last attempt, if no other is named. */
  async open(id: string, attempt: number | null): Promise<void> {
    const run = await this.withOutput(id);
    const asked = run?.attempts?.find(({ n }) => n === attempt)?.output ?? run?.output;
    if (asked) {
      await openOutput(this.context.app.commands, asked);
    }
  }

  async debug(id: string): Promise<void> {
    await openCopy(this.context.app.commands, await this.runs.debug(id));
  }

  /** Ends a run that goes on, for its kernel. The server answers once it has ended, or asks to be asked again. */
  async takeOver(id: string, confirm: boolean): Promise<void> {
    const { trans, app } = this.context;
    const run = await this.runs.get(id);
    const body = trans.__(
      'The run ends as cancelled and is not tried again; its output is kept. You get its kernel, with all variables, in a copy of its notebook.'
    );
    if (
      confirm &&
      !(await agreed(trans.__('Take over “%1”?', run.name), body, trans.__('Take over'), trans))
    ) {
      return;
    }
    const notice = Notification.info(trans.__('“%1” is being ended…', run.name), { autoClose: false });
    try {
      let copy = null;
      while (copy === null) {
        copy = await this.runs.takeOver(id).catch(stillEnding);
      }
      await openCopy(app.commands, copy);
    } finally {
      Notification.dismiss(notice);
    }
  }

  /** 0 seconds end it. */
  async keepKernel(id: string, seconds: number, confirm: boolean): Promise<void> {
    const { trans } = this.context;
    const title = trans.__('End the kernel of this run?');
    const body = trans.__('Its variables are lost. The copy and the output notebook stay.');
    if (seconds || !confirm || (await agreed(title, body, trans.__('End'), trans))) {
      await this.runs.keepKernel(id, seconds);
    }
  }

  /** With the notebook given, as it is now: what is not saved yet is saved first. */
  async retry(id: string, source: 'same' | 'current', notebook: string | null): Promise<void> {
    await this.rerun(id, notebook === null ? { source } : { notebook });
  }

  /** On the run's kept kernel, from the cell that failed, with the sources in its debug copy. */
  async continueRun(id: string, notebook: string): Promise<void> {
    const run = await this.rerun(id, { notebook, from_failed_cell: true });
    const panel = openNotebook(this.context, notebook);
    if (panel) {
      await markContinued(panel, run.id);
    }
  }

  private async rerun(id: string, options: Rerun): Promise<Run> {
    if (options.notebook !== undefined) {
      await this.notebooks.save(options.notebook);
    }
    const run = await this.runs.rerun(id, options);
    this.workspace.started.add(run.id);
    return run;
  }

  async copyLink(id: string, shown: Shown): Promise<void> {
    const { trans } = this.context;
    const { href, hostname } = new URL(this.runs.pageAddress(id, shown), location.href);
    Clipboard.copyToSystem(href);
    const words = LOCAL.test(hostname)
      ? trans.__(
          'Link copied. It opens on this computer only, for those who may sign in to this Jupyter server.'
        )
      : trans.__('Link copied. It opens for those who may sign in to this Jupyter server.');
    Notification.info(words, { autoClose: 8000 });
  }

  async exportHtml(id: string, shown: Shown): Promise<void> {
    const run = await this.withOutput(id);
    if (run) {
      const page = new Blob([await this.runs.pageText(id, shown)], { type: 'text/html' });
      const link = document.createElement('a');
      link.href = URL.createObjectURL(page);
      link.download = `${stem(run.notebook)}-${id.slice(-6)}.html`;
      link.click();
      URL.revokeObjectURL(link.href);
    }
  }

  /** The run; null, and the person is told, where it has left no output notebook. */
  private async withOutput(id: string): Promise<Run | null> {
    const { trans } = this.context;
    const run = await this.runs.get(id);
    if (run.output !== null) {
      return run;
    }
    Notification.info(trans.__('This run has no output notebook: %1', stateWord(run.state, trans)), {
      autoClose: 4000
    });
    return null;
  }

  async cancel(id: string): Promise<void> {
    await this.runs.cancel(id);
  }

  /** The rows of the lists go with the `stale` that follows: deleting has no event of its own. */
  async delete(id: string, confirm: boolean): Promise<void> {
    const { trans } = this.context;
    if (confirm) {
      const run = await this.runs.get(id);
      const title = trans.__('Delete this run of “%1”?', run.name);
      const body = trans.__('Its record and its output notebook are lost.');
      if (!(await agreed(title, body, trans.__('Delete'), trans))) {
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

function stillEnding(error: unknown): null {
  if (error instanceof Problem && error.reason === 'still_ending') {
    return null;
  }
  throw error;
}
