import type { NotebookPanel } from '@jupyterlab/notebook';
import type { CommandRegistry } from '@lumino/commands';
import { ARCHIVE_FACTORY } from '../tokens/names';
import { archivePath } from '../tokens/paths';
import type { DebugCopy } from '../tokens/wire';
import { revealCell } from './reveal';
import { viewOf } from './views';

const OPEN = 'docmanager:open';

/** Opens an output notebook, read-only, at the cell that failed. */
export async function openOutput(commands: CommandRegistry, output: string): Promise<void> {
  const panel: NotebookPanel = await commands.execute(OPEN, {
    path: archivePath(output),
    factory: ARCHIVE_FACTORY
  });
  await viewOf(panel)?.revealFailure();
}

/** Opens the writable copy of a failed run in the ordinary notebook editor, at the cell to mend. */
export async function openCopy(commands: CommandRegistry, copy: DebugCopy): Promise<void> {
  const kernel = copy.kernel_id ? { id: copy.kernel_id } : undefined;
  const panel: NotebookPanel = await commands.execute(OPEN, {
    path: copy.notebook,
    factory: 'Notebook',
    kernel
  });
  if (copy.cell_index !== null) {
    await revealCell(panel, copy.cell_index);
  }
}
