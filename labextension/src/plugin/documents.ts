import { ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { PageConfig } from '@jupyterlab/coreutils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import { NotebookPanel, NotebookWidgetFactory } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Toolbar } from '@jupyterlab/ui-components';
import { Panel } from '@lumino/widgets';
import { ArchiveDrive } from '../api/archive';
import { ARCHIVE_DRIVE, ARCHIVE_FACTORY, OWN_METADATA, PACKAGE, TRANSLATION_DOMAIN } from '../tokens/names';
import { runOfOutput } from '../tokens/paths';
import { pathOf } from './context';
import { runsIcon } from './icons';
import { IScheduler } from './scheduler';

/** The empty places in an output notebook's toolbar, filled once its code has loaded. */
class Slots {
  readonly outcome = new Panel();
  readonly actions = new Panel();

  items(): DocumentRegistry.IToolbarItem[] {
    return [
      { name: 'outcome', widget: this.outcome },
      { name: 'spacer', widget: Toolbar.createSpacerItem() },
      { name: 'actions', widget: this.actions }
    ];
  }
}

/**
 * The output notebook that the page's address names, if any. JupyterLab itself would look for it in a file browser,
 * and the archive has none; so the address is taken from it.
 */
function takeAddress(): string | null {
  const path = decodeURIComponent(PageConfig.getOption('treePath'));
  if (!path.startsWith(`${ARCHIVE_DRIVE}:`)) {
    return null;
  }
  PageConfig.setOption('treePath', '');
  return path;
}

const slots = new WeakMap<NotebookPanel, Slots>();

export const documents: JupyterFrontEndPlugin<void> = {
  id: `${PACKAGE}:documents`,
  description: 'Output notebooks and debug copies.',
  autoStart: true,
  requires: [IScheduler, NotebookPanel.IContentFactory, IEditorServices, IRenderMimeRegistry],
  optional: [ILayoutRestorer, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    scheduler: IScheduler,
    contentFactory: NotebookPanel.IContentFactory,
    { mimeTypeService }: IEditorServices,
    rendermime: IRenderMimeRegistry,
    restorer: ILayoutRestorer | null,
    translator: ITranslator | null
  ) => {
    const { contents, serverSettings } = app.serviceManager;
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    const archive = new ArchiveDrive(serverSettings);
    contents.addDrive(archive);

    const factory = new NotebookWidgetFactory({
      name: ARCHIVE_FACTORY,
      label: trans.__('Output notebook (read-only)'),
      fileTypes: [],
      modelName: 'notebook',
      readOnly: true,
      preferKernel: false,
      canStartKernel: false,
      rendermime,
      contentFactory,
      mimeTypeService,
      translator: translator ?? undefined,
      toolbarFactory: panel => {
        const own = new Slots();
        slots.set(panel, own);
        return own.items();
      }
    });
    app.docRegistry.addWidgetFactory(factory);

    const tracker = new WidgetTracker<NotebookPanel>({ namespace: `${PACKAGE}-outputs` });
    void restorer?.restore(tracker, {
      command: 'docmanager:open',
      args: panel => ({ path: panel.context.path, factory: ARCHIVE_FACTORY }),
      name: panel => panel.context.path
    });
    factory.widgetCreated.connect((_, panel) => {
      panel.title.icon = runsIcon;
      void tracker.add(panel);
      void dress(panel);
    });

    const addressed = takeAddress();
    if (addressed !== null) {
      void app.restored.then(() =>
        app.commands.execute('docmanager:open', { path: addressed, factory: ARCHIVE_FACTORY })
      );
    }

    /** Shows what the run says about the notebook; a source notebook has no run and stays plain. */
    async function dress(panel: NotebookPanel): Promise<void> {
      const run = runOfOutput(panel.context.path);
      const place = slots.get(panel);
      if (run === null || !place) {
        return;
      }
      const [workspace, { OutputView, outputViews }] = await Promise.all([
        scheduler.load(),
        import('./later')
      ]);
      const options = { workspace, commands: app.commands, contents, changed: archive.changed, trans };
      outputViews.set(panel, new OutputView(panel, run, options, place));
    }

    /** A notebook that says whose debug copy it is has a bar that leads back there. */
    app.docRegistry.addWidgetExtension('Notebook', {
      createNew: (panel: NotebookPanel) => void dressCopy(panel)
    });

    async function dressCopy(panel: NotebookPanel): Promise<void> {
      await panel.context.ready;
      const own: { debug_copy_of?: string } | undefined = panel.model?.getMetadata(OWN_METADATA);
      if (!own?.debug_copy_of || panel.isDisposed) {
        return;
      }
      const [workspace, { CopyView }] = await Promise.all([scheduler.load(), import('./later')]);
      const path = () => pathOf(app, panel);
      new CopyView(panel, { workspace, commands: app.commands, trans, path });
    }
  }
};
