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
    private readonly _context: Context,
    private readonly _workspace: Workspace,
    private readonly _notebooks: NotebookActions
  ) {}

  /** Its last attempt, if no other is named. */
  async open(id: string, attempt: number | null): Promise<void> {
    const { app, trans } = this._context;
    const { attempts = [], output, state } = await this._runs.get(id);
    const asked = attempts.find(({ n }) => n === attempt)?.output ?? output;
    if (asked === null) {
      const words = trans.__('This run has no output notebook: %1', stateWord(state, trans));
      Notification.info(words, { autoClose: 4000 });
    } else {
      await openOutput(app.commands, asked);
    }
  }

  async debug(id: string): Promise<void> {
    await openCopy(this._context.app.commands, await this._runs.debug(id));
  }

  /** Ends a run that goes on, for its kernel. The server answers once it has ended, or asks to be asked again. */
  async takeOver(id: string, confirm: boolean): Promise<void> {
    const { trans, app } = this._context;
    const run = await this._runs.get(id);
    const body = trans.__(
      'It ends as cancelled, its output is kept, and you get its kernel with all variables.'
    );
    if (
      confirm &&
      !(await agreed(trans.__('Take over “%1”?', run.name), body, trans.__('Take over'), trans))
    ) {
      return;
    }
    Notification.info(trans.__('“%1” is being ended…', run.name), { autoClose: 4000 });
    let copy = null;
    while (copy === null) {
      copy = await this._runs.takeOver(id).catch(stillEnding);
    }
    await openCopy(app.commands, copy);
  }

  /** 0 seconds end it. */
  async keepKernel(id: string, seconds: number, confirm: boolean): Promise<void> {
    const { trans } = this._context;
    const title = trans.__('End the kernel of this run?');
    const body = trans.__('Its variables are lost. The copy and the output notebook stay.');
    if (seconds || !confirm || (await agreed(title, body, trans.__('End'), trans))) {
      await this._runs.keepKernel(id, seconds);
    }
  }

  /** With the notebook given, as it is now: what is not saved yet is saved first. */
  async retry(id: string, source: 'same' | 'current', notebook: string | null): Promise<void> {
    await this._rerun(id, notebook === null ? { source } : { notebook });
  }

  /** On the run's kept kernel, from the cell that failed, with the sources in its debug copy. */
  async continueRun(id: string, notebook: string): Promise<void> {
    const run = await this._rerun(id, { notebook, from_failed_cell: true });
    const panel = openNotebook(this._context, notebook);
    if (panel) {
      await markContinued(panel, run.id);
    }
  }

  private async _rerun(id: string, options: Rerun): Promise<Run> {
    if (options.notebook !== undefined) {
      await this._notebooks.save(options.notebook);
    }
    const run = await this._runs.rerun(id, options);
    this._workspace.started.add(run.id);
    return run;
  }

  /** To what a run shows, or a job's newest success. */
  async copyLink(id: string, shown: Shown, of?: 'jobs'): Promise<void> {
    const { trans } = this._context;
    const { href, hostname } = new URL(this._runs.pageAddress(id, shown, of), location.href);
    Clipboard.copyToSystem(href);
    const words = LOCAL.test(hostname)
      ? trans.__(
          'Link copied. It opens on this computer only, for those who may sign in to this Jupyter server.'
        )
      : trans.__('Link copied. It opens for those who may sign in to this Jupyter server.');
    Notification.info(words, { autoClose: 8000 });
  }

  async exportHtml(id: string, shown: Shown): Promise<void> {
    const { notebook } = await this._runs.get(id);
    const page = new Blob([await this._runs.pageText(id, shown)], { type: 'text/html' });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(page);
    link.download = `${stem(notebook)}-${id.slice(-6)}.html`;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  async cancel(id: string): Promise<void> {
    await this._runs.cancel(id);
  }

  /** The rows of the lists go with the `stale` that follows: deleting has no event of its own. */
  async delete(id: string, confirm: boolean): Promise<void> {
    const { trans } = this._context;
    if (confirm) {
      const run = await this._runs.get(id);
      const title = trans.__('Delete this run of “%1”?', run.name);
      const body =
        run.kernel_alive_until === null
          ? trans.__('Its record and its output notebook are lost.')
          : trans.__('Its record and its output notebook are lost, and its kernel ends, with its variables.');
      if (!(await agreed(title, body, trans.__('Delete'), trans))) {
        return;
      }
    }
    await this._runs.delete(id);
    this._workspace.feed.lost();
  }

  private get _runs() {
    return this._workspace.server.runs;
  }
}

function stillEnding(error: unknown): null {
  if (error instanceof Problem && error.reason === 'still_ending') {
    return null;
  }
  throw error;
}
