import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IToolbarWidgetRegistry } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator, TranslationBundle } from '@jupyterlab/translation';
import { ToolbarButton } from '@jupyterlab/ui-components';
import { CommandIDs, PACKAGE, TOOLBAR_BUTTON, TRANSLATION_DOMAIN } from '../tokens/names';
import { pathOf } from './context';
import { clockIcon } from './icons';
import { IScheduler } from './scheduler';

/** *Run or schedule* in the toolbar of one notebook; says how many jobs there already are. */
function makeButton(
  app: JupyterFrontEnd,
  scheduler: IScheduler,
  panel: NotebookPanel,
  trans: TranslationBundle
): ToolbarButton {
  const button = new ToolbarButton({
    icon: clockIcon,
    tooltip: trans.__('Run or schedule'),
    dataset: { jns: 'toolbar-button' },
    onClick: () => void app.commands.execute(CommandIDs.schedule, { path: panel.context.path })
  });
  button.addClass('jns-ToolbarButton');
  const path = () => (panel.isDisposed ? null : pathOf(app, panel));
  void panel.revealed
    .then(() => Promise.all([scheduler.load(), import('./later')]))
    .then(([workspace, { Badge }]) => new Badge(button, workspace, panel.context, path, trans));
  return button;
}

export const toolbar: JupyterFrontEndPlugin<void> = {
  id: `${PACKAGE}:toolbar`,
  description: 'The button in the notebook toolbar.',
  autoStart: true,
  requires: [IScheduler, IToolbarWidgetRegistry],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    scheduler: IScheduler,
    registry: IToolbarWidgetRegistry,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    registry.addFactory<NotebookPanel>('Notebook', TOOLBAR_BUTTON, panel =>
      makeButton(app, scheduler, panel, trans)
    );
  }
};
