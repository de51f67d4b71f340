import type { Cell } from '@jupyterlab/cells';
import type { StaticNotebook } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CellOutcome, Run } from '../tokens/wire';

const CLASSES: Partial<Record<CellOutcome, string>> = {
  failed: 'jns-mod-failedCell',
  interrupted: 'jns-mod-failedCell',
  not_run: 'jns-mod-notRun'
};

function noteOf(outcome: CellOutcome | undefined, trans: TranslationBundle): string | null {
  switch (outcome) {
    case 'not_run':
      return trans.__('did not run');
    case 'interrupted':
      return trans.__('was interrupted');
    case 'carried':
      return trans.__('taken over from the run before');
    default:
      return null;
  }
}

/** Shows on each cell of an output notebook how it went; while the run goes on nothing counts as "did not run". */
export function markCells(notebook: StaticNotebook, run: Run, trans: TranslationBundle): void {
  const outcomes = new Map((run.cells ?? []).map(cell => [cell.index, cell.outcome]));
  const ended = run.state !== 'running' && run.state !== 'queued';
  notebook.widgets.forEach((cell, index) => {
    const outcome = ended || outcomes.get(index) !== 'not_run' ? outcomes.get(index) : undefined;
    mark(cell, outcome, trans);
  });
}

function mark(cell: Cell, outcome: CellOutcome | undefined, trans: TranslationBundle): void {
  for (const name of new Set(Object.values(CLASSES))) {
    cell.toggleClass(name, outcome !== undefined && CLASSES[outcome] === name);
  }
  const note = noteOf(outcome, trans);
  if (note) {
    cell.node.dataset.jnsNote = note;
  } else {
    delete cell.node.dataset.jnsNote;
  }
}
