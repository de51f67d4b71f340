import type { NotebookPanel } from '@jupyterlab/notebook';
import { AttachedProperty } from '@lumino/properties';
import type { OutputView } from './output';

const view = new AttachedProperty<NotebookPanel, OutputView | null>({
  name: 'outputView',
  create: () => null
});

/** The run's view of an open output notebook, once its code has loaded. */
export function viewOf(panel: NotebookPanel): OutputView | null {
  return view.get(panel);
}

export function setView(panel: NotebookPanel, value: OutputView): void {
  view.set(panel, value);
}
