import type { NotebookPanel } from '@jupyterlab/notebook';
import { AttachedProperty } from '@lumino/properties';
import type { CopyView } from './copy';
import type { OutputView } from './output';

/** The run's view of an open output notebook, and the bar of an open debug copy, once their code has loaded. */
export const outputView = new AttachedProperty<NotebookPanel, OutputView | null>({
  name: 'outputView',
  create: () => null
});

export const copyView = new AttachedProperty<NotebookPanel, CopyView | null>({
  name: 'copyView',
  create: () => null
});

/** Why the server could not hand over the kernel of the run that a debug copy is of. */
export const noKernel = new AttachedProperty<NotebookPanel, string | null>({
  name: 'noKernel',
  create: () => null,
  changed: panel => copyView.get(panel)?.redraw()
});
