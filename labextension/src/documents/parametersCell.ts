import type { Notebook } from '@jupyterlab/notebook';
import { PARAMETERS_TAG } from '../tokens/names';

/** Tags the active code cell as the parameters cell; where none is active, puts an empty one on top. */
export function makeParametersCell(notebook: Notebook): void {
  const active = notebook.activeCell?.model;
  if (active?.type === 'code') {
    const tags = active.getMetadata('tags');
    active.setMetadata('tags', [...(Array.isArray(tags) ? tags : []), PARAMETERS_TAG]);
    return;
  }
  notebook.model?.sharedModel.insertCell(0, {
    cell_type: 'code',
    source: '',
    metadata: { tags: [PARAMETERS_TAG] }
  });
  notebook.activeCellIndex = 0;
}
