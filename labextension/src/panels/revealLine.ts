import type { Notebook } from '@jupyterlab/notebook';

/** Brings a cell into sight; with a line (from 1), the cursor goes there. */
export async function revealLine(notebook: Notebook, index: number, line: number | null): Promise<void> {
  notebook.activeCellIndex = index;
  await notebook.scrollToItem(index, 'auto');
  const cell = notebook.activeCell;
  if (line !== null && cell) {
    await cell.ready;
    cell.editor?.setCursorPosition({ line: line - 1, column: 0 });
    cell.editor?.focus();
  }
}
