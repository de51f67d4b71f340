import type { ICodeCellModel } from '@jupyterlab/cells';
import type * as nbformat from '@jupyterlab/nbformat';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import { JSONExt, PartialJSONValue } from '@lumino/coreutils';

/**
 * Brings an open output notebook up to what its file holds now. While a run goes on only outputs and counts change,
 * and only those are touched, so that nothing jumps; where cells differ the document is loaded anew.
 */
export async function fillIn(panel: NotebookPanel, contents: Contents.IManager): Promise<void> {
  const { context } = panel;
  const file = await contents.get(context.path, { type: 'notebook', format: 'json', content: true });
  const { model } = panel;
  if (!model || panel.isDisposed) {
    return;
  }
  const fresh = (file.content as nbformat.INotebookContent).cells;
  if (!sameCells(panel, fresh)) {
    await context.revert();
    return;
  }
  fresh.forEach((cell, index) => {
    if (cell.cell_type === 'code') {
      update(model.cells.get(index) as ICodeCellModel, cell as nbformat.ICodeCell);
    }
  });
  model.dirty = false;
}

function sameCells(panel: NotebookPanel, fresh: nbformat.ICell[]): boolean {
  const shown = panel.model?.sharedModel.cells ?? [];
  return (
    shown.length === fresh.length &&
    shown.every((cell, index) => {
      const { source, cell_type } = fresh[index];
      const text = Array.isArray(source) ? source.join('') : source;
      return cell.cell_type === cell_type && cell.getSource() === text;
    })
  );
}

function update(cell: ICodeCellModel, fresh: nbformat.ICodeCell): void {
  if (cell.executionCount !== fresh.execution_count) {
    cell.executionCount = fresh.execution_count;
  }
  if (!JSONExt.deepEqual(cell.outputs.toJSON() as PartialJSONValue, fresh.outputs as PartialJSONValue)) {
    cell.outputs.fromJSON(fresh.outputs);
  }
}
