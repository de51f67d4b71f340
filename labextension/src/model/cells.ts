import type { CellChange, ISharedCell, ISharedNotebook, NotebookChange } from '@jupyter/ydoc';
import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import { PARAMETERS_TAG } from '../tokens/names';
import type { CellText, Edit } from '../tokens/wire';
import { inOrder } from './edits';

function tagsOf(cell: ISharedCell): string[] {
  const tags = cell.getMetadata('tags');
  return Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : [];
}

/** The cells of an open notebook as the server wants to see them, and the place where its edits are made. */
export class LiveCells implements IDisposable {
  constructor(private readonly notebook: ISharedNotebook) {
    this._follow();
    notebook.changed.connect(this._onNotebook, this);
  }

  /** Grows with every change of text, tags or order; what was asked about an older one no longer holds. */
  version = 0;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._disposed;
  }

  dispose(): void {
    this._disposed = true;
    Signal.clearData(this);
  }

  /** Only tagged code cells are sent with their text: the others just keep the numbering. */
  texts(): CellText[] {
    return this.notebook.cells.map(cell => {
      const tags = cell.cell_type === 'code' ? tagsOf(cell) : [];
      return { source: tags.includes(PARAMETERS_TAG) ? cell.getSource() : '', tags };
    });
  }

  kernel(): string | null {
    const spec = this.notebook.getMetadata('kernelspec') as { name?: string } | undefined;
    return spec?.name ?? null;
  }

  /** One transaction for all: one step to undo, and cursors stay where they are. */
  apply(edits: readonly Edit[]): void {
    const ordered = inOrder(edits);
    const [first] = ordered;
    if (first) {
      this.notebook.cells[first.cell].transact(() => {
        for (const { cell, start, end, text } of ordered) {
          this.notebook.cells[cell].updateSource(start, end, text);
        }
      });
    }
  }

  private _onNotebook(_: ISharedNotebook, change: NotebookChange): void {
    if (change.cellsChange) {
      this._follow();
    }
    if (change.cellsChange || change.metadataChange?.has('kernelspec')) {
      this._touch();
    }
  }

  private _onCell(cell: ISharedCell, change: CellChange): void {
    const read = tagsOf(cell).includes(PARAMETERS_TAG);
    if ((change.sourceChange && read) || change.metadataChange?.has('tags')) {
      this._touch();
    }
  }

  private _follow(): void {
    this.notebook.cells.forEach(cell => cell.changed.connect(this._onCell, this));
  }

  private _touch(): void {
    this.version += 1;
    this._changed.emit();
  }

  private _disposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
