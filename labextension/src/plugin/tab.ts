import type { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget } from '@jupyterlab/apputils';
import type { LabIcon } from '@jupyterlab/ui-components';
import type { Widget } from '@lumino/widgets';

/** Shows a tab of the main area, and brings one that is open already to the front; null then. */
export function showTab<Content extends Widget>(
  { shell }: JupyterFrontEnd,
  { id, label, icon }: { id: string; label: string; icon: LabIcon },
  make: () => Content
): MainAreaWidget<Content> | null {
  if ([...shell.widgets('main')].some(widget => widget.id === id)) {
    shell.activateById(id);
    return null;
  }
  const tab = new MainAreaWidget({ content: make() });
  tab.id = id;
  tab.toolbar.hide();
  tab.title.label = label;
  tab.title.icon = icon;
  tab.title.closable = true;
  shell.add(tab, 'main');
  shell.activateById(id);
  return tab;
}
