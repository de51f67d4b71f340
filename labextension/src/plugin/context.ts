import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IStateDB } from '@jupyterlab/statedb';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { workspacePath } from '../tokens/paths';
import type { IScheduler } from './scheduler';

/** What the commands work with. */
export interface Context {
  app: JupyterFrontEnd;
  scheduler: IScheduler;
  tracker: INotebookTracker;
  browsers: IFileBrowserFactory | null;
  state: IStateDB | null;
  /** Draws charts. */
  rendermime: IRenderMimeRegistry | null;
  trans: TranslationBundle;
}

/** The workspace path of an open notebook, or null where it cannot be run (another drive). */
export function pathOf(app: JupyterFrontEnd, panel: NotebookPanel): string | null {
  return workspacePath(app.serviceManager.contents, panel.context.path);
}

/** The open notebook at a workspace path. */
export function openNotebook({ app, tracker }: Context, path: string): NotebookPanel | null {
  return tracker.find(panel => pathOf(app, panel) === path) ?? null;
}

/** The notebook that a command without a path acts on: the one in front. */
export function notebookInFront({ app, tracker }: Context): string | null {
  return tracker.currentWidget && pathOf(app, tracker.currentWidget);
}
