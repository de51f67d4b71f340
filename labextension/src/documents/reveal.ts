import type { NotebookPanel } from '@jupyterlab/notebook';

/** Cells and outputs are drawn little by little and push each other down; for this long we keep the error in sight. */
const SETTLING = 1500;
const STEP = 100;

/** Scrolls to a cell and on to its error, as far down as both fit. Stops as soon as the person scrolls. */
export async function revealCell(panel: NotebookPanel, index: number): Promise<void> {
  await panel.context.ready;
  await panel.revealed;
  const notebook = panel.content;
  if (index >= notebook.widgets.length) {
    return;
  }
  notebook.activeCellIndex = index;
  notebook.deselectAll();
  await notebook.scrollToItem(index, 'center');
  let theirs = false;
  notebook.node.addEventListener('wheel', () => (theirs = true), { once: true });
  for (let waited = 0; waited < SETTLING && !theirs && !panel.isDisposed; waited += STEP) {
    lastLines(panel, index)?.scrollIntoView({ block: 'nearest' });
    await new Promise(resolve => setTimeout(resolve, STEP));
  }
}

/** What a cell put out last, which is its error where it failed; the cell itself where nothing is drawn yet. */
function lastLines(panel: NotebookPanel, index: number): Element | null {
  const { node } = panel.content.widgets[index];
  const outputs = node.querySelectorAll('.jp-OutputArea-child');
  return outputs[outputs.length - 1] ?? (node.isConnected ? node : null);
}
