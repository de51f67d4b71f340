import type { NotebookPanel } from '@jupyterlab/notebook';
import type { CommandRegistry } from '@lumino/commands';
import { ARCHIVE_FACTORY, OWN_METADATA } from '../tokens/names';
import { archivePath } from '../tokens/paths';
import type { DebugCopy } from '../tokens/wire';
import { revealCell } from './reveal';
import { noKernel, outputViews } from './views';

const OPEN = 'docmanager:open';

/** Opens an output notebook, read-only, at the cell that failed. */
export async function openOutput(commands: CommandRegistry, output: string): Promise<void> {
  const panel: NotebookPanel = await commands.execute(OPEN, {
    path: archivePath(output),
    factory: ARCHIVE_FACTORY
  });
  await outputViews.get(panel)?.revealFailure();
}

/** Opens the writable copy of a failed run in the ordinary notebook editor, at the cell to mend. */
export async function openCopy(commands: CommandRegistry, copy: DebugCopy): Promise<void> {
  const kernel = copy.kernel_id ? { id: copy.kernel_id } : undefined;
  const panel: NotebookPanel = await commands.execute(OPEN, {
    path: copy.notebook,
    factory: 'Notebook',
    kernel
  });
  noKernel.set(panel, copy.message);
  panel.contentHeader.widgets.forEach(bar => bar.update());
  await panel.context.ready;
  const own: { debug_copy_of?: string; kernel?: string } = panel.model?.getMetadata(OWN_METADATA) ?? {};
  if (kernel && ![own.debug_copy_of, own.kernel].includes(kernel.id)) {
    panel.model?.setMetadata(OWN_METADATA, { ...own, kernel: kernel.id });
  }
  const { sessionContext } = panel;
  await sessionContext.ready;
  if (kernel && sessionContext.session?.kernel?.id !== kernel.id) {
    await sessionContext.changeKernel(kernel);
  }
  // Once that kernel is gone, the next one is of the notebook's own kind.
  sessionContext.kernelPreference = { ...sessionContext.kernelPreference, id: undefined };
  if (copy.cell_index !== null) {
    await revealCell(panel, copy.cell_index);
  }
}

/** The copy is from now on one of the run that went on from it, on the same kernel. */
export async function markContinued(
  { context, model, sessionContext }: NotebookPanel,
  run: string
): Promise<void> {
  model?.setMetadata(OWN_METADATA, { debug_copy_of: run, kernel: sessionContext.session?.kernel?.id });
  await context.save();
}
