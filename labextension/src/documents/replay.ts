import type { Cell } from '@jupyterlab/cells';
import { NotebookActions, NotebookPanel } from '@jupyterlab/notebook';
import { INJECTED_TAG } from '../tokens/names';

/** How many of the cells above have run. */
export interface Replay {
  done: number;
  total: number;
}

const tagged = (cell: Cell, tag: string) =>
  ((cell.model.getMetadata('tags') ?? []) as string[]).includes(tag);

/** Whether it shows where the run got secrets, which it does not have itself. */
const lacksSecrets = (cell: Cell) =>
  tagged(cell, INJECTED_TAG) && cell.model.sharedModel.source.includes('secret(');

export interface ReplayOptions {
  /** The cell above which all are run. */
  end: number;
  /** Hears how far it is; says whether to go on. */
  goesOn: (done: number, total: number) => boolean;
  /** Gives the kernel the secrets that the injected cell does not have. */
  bindSecrets: () => Promise<void>;
}

/** A notebook whose kernel has ended, be it unknown here, gets a fresh one. */
async function freshen({ sessionContext }: NotebookPanel): Promise<void> {
  await sessionContext.ready;
  await sessionContext.sessionManager.refreshRunning();
  if (sessionContext.session?.kernel?.status === 'dead') {
    await sessionContext.restartKernel();
  }
  if (!sessionContext.session?.kernel) {
    await sessionContext.startKernel();
  }
}

/** Runs the cells above one as a run would, one after the other. The index of the cell that failed, or null. */
export async function runAbove(panel: NotebookPanel, options: ReplayOptions): Promise<number | null> {
  const notebook = panel.content;
  await freshen(panel);
  const cells = notebook.widgets
    .slice(0, options.end)
    .filter(cell => cell.model.type === 'code' && !tagged(cell, 'skip-execution'));
  for (const [done, cell] of cells.entries()) {
    if (!options.goesOn(done, cells.length)) {
      return null;
    }
    const ran = await NotebookActions.runCells(notebook, [cell], panel.sessionContext);
    if (!ran && !tagged(cell, 'raises-exception')) {
      return notebook.widgets.indexOf(cell);
    }
    if (lacksSecrets(cell)) {
      await options.bindSecrets();
    }
  }
  return null;
}
