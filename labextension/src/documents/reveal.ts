import type { NotebookPanel } from '@jupyterlab/notebook';

/** Cells and outputs are drawn little by little and push each other down; for this long we keep the error in sight. */
const SETTLING = 1500;
const STEP = 100;
/** How much of the view code may take before the error below it gets the view for itself. */
const CODE_SHARE = 0.6;

/** Scrolls to a cell so that its code and its error can be read together. Stops as soon as the person scrolls. */
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
    whatToShow(panel, index)?.scrollIntoView({ block: 'start' });
    await new Promise(resolve => setTimeout(resolve, STEP));
  }
}

/** The cell from its first line where its error then shows too, else the error from its first line. */
function whatToShow(panel: NotebookPanel, index: number): Element | null {
  const { node } = panel.content.widgets[index];
  const outputs = node.querySelectorAll('.jp-OutputArea-child');
  const error = outputs[outputs.length - 1];
  if (!node.isConnected || !error) {
    return node.isConnected ? node : null;
  }
  const above = error.getBoundingClientRect().top - node.getBoundingClientRect().top;
  return above < panel.content.node.clientHeight * CODE_SHARE ? node : error;
}
