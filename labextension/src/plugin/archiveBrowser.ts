import { FileBrowser, FilterFileBrowserModel } from '@jupyterlab/filebrowser';
import { historyIcon } from '@jupyterlab/ui-components';
import { ARCHIVE_DRIVE, ARCHIVE_FACTORY } from '../tokens/names';
import type { Context } from './context';

const ID = 'jns-archive';

/** JupyterLab's own file browser over the archive. Its notebooks open as output notebooks do, without a kernel. */
export function showArchive({ app, browsers, trans }: Context): void {
  const manager = browsers?.tracker.find(() => true)?.model.manager;
  if (!manager) {
    throw new Error(trans.__('This JupyterLab has no file browser.'));
  }
  if (![...app.shell.widgets('left')].some(({ id }) => id === ID)) {
    const browser = new FileBrowser({
      id: ID,
      model: new FilterFileBrowserModel({ manager, driveName: ARCHIVE_DRIVE }),
      handleOpenFile: path =>
        void manager.openOrReveal(path, path.endsWith('.ipynb') ? ARCHIVE_FACTORY : undefined)
    });
    browser.title.icon = historyIcon;
    browser.title.caption = trans.__('Archive (read-only)');
    browser.allowFileUploads = false;
    browser.node.setAttribute('role', 'region');
    browser.node.setAttribute('aria-label', browser.title.caption);
    // The menu of files offers to rename, to delete, and to open with a kernel.
    browser.node.addEventListener('contextmenu', event => event.stopPropagation());
    app.shell.add(browser, 'left', { rank: 650, type: 'Notebook Sched' });
    // What JupyterLab's commands act on is the browser that was used last, also where that is this one.
    void browsers?.tracker.add(browser);
  }
  app.shell.activateById(ID);
}
