import type { NotebookPanel } from '@jupyterlab/notebook';

/** How long a cell's output may take to be drawn before we stop waiting to scroll to it. */
const PATIENCE = 2000;
const STEP = 50;

/** Scrolls to a cell and on to its error, as far down as both fit. */
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
  const error = await drawn(() => errorOf(panel, index));
  error?.scrollIntoView({ block: 'nearest' });
}

function errorOf(panel: NotebookPanel, index: number): Element | null {
  const { node } = panel.content.widgets[index];
  const last = '.jp-OutputArea-child:last-child .jp-OutputArea-output[data-mime-type$="stderr"]';
  return node.querySelector('.jp-RenderedText[data-mime-type="application/vnd.jupyter.error"]') ?? node.querySelector(last);
}

async function drawn(find: () => Element | null): Promise<Element | null> {
  for (let waited = 0; waited < PATIENCE; waited += STEP) {
    const found = find();
    if (found) {
      return found;
    }
    await new Promise(resolve => setTimeout(resolve, STEP));
  }
  return null;
}
