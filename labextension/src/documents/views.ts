import type { NotebookPanel } from '@jupyterlab/notebook';
import type { OutputView } from './output';

/** The run's view of an open output notebook, once its code has loaded. */
export const outputViews = new WeakMap<NotebookPanel, OutputView>();

/** Why the server could not hand over the kernel of the run that a debug copy is of. */
export const noKernel = new WeakMap<NotebookPanel, string | null>();
