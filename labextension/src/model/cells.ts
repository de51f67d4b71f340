import type { CellChange, ISharedCell, ISharedNotebook, NotebookChange } from '@jupyter/ydoc';
import type { JSONObject, JSONValue, PartialJSONObject } from '@lumino/coreutils';
import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import { OWN_METADATA, PARAMETERS_TAG } from '../tokens/names';
import type { CellText, Edit, Presets, Rearranged } from '../tokens/wire';
import { inOrder } from './edits';

/** Bytes of all code beyond which only the parameters cell is sent: a request may hold a megabyte. */
const ROOM = 700_000;

function tagsOf(cell: ISharedCell): string[] {
  const tags = cell.getMetadata('tags');
  return Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : [];
}

function isObject(value: JSONValue | undefined): value is JSONObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isParameters(cell: ISharedCell): boolean {
  return cell.cell_type === 'code' && tagsOf(cell).includes(PARAMETERS_TAG);
}

/** The cells of an open notebook as the server wants to see them, and the place where its edits are made. */
export class LiveCells implements IDisposable {
  constructor(private readonly notebook: ISharedNotebook) {
    this._follow();
    notebook.changed.connect(this._onNotebook, this);
  }

  /** Grows with every change of what makes the form; what was asked about an older one no longer holds. */
  version = 0;
  /** Grows with every change of any code. */
  edition = 0;

  /** Whether the form itself may have changed; false: code elsewhere, which may have something to do with it. */
  get changed(): ISignal<this, boolean> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._disposed;
  }

  dispose(): void {
    this._disposed = true;
    Signal.clearData(this);
  }

  /** Code elsewhere may assign a parameter again, or name the values that one can have; other text just counts. */
  texts(): CellText[] {
    const all = this._texts(cell => cell.cell_type === 'code');
    const bytes = new TextEncoder().encode(JSON.stringify(all)).length;
    return bytes > ROOM ? this._texts(isParameters) : all;
  }

  kernel(): string | null {
    const spec = this.notebook.getMetadata('kernelspec') as { name?: string } | undefined;
    return spec?.name ?? null;
  }

  get presets(): Presets {
    const { presets } = this._own();
    const named = isObject(presets) ? Object.entries(presets) : [];
    return Object.fromEntries(named.filter(([, values]) => isObject(values))) as Presets;
  }

  /** Kept in the notebook itself, beside whatever else stands under our name there. */
  set presets(presets: Presets) {
    this.notebook.setMetadata(OWN_METADATA, { ...this._own(), presets } as PartialJSONObject);
  }

  /** One transaction for all: one step to undo, and cursors stay where they are. */
  apply(edits: readonly Edit[]): void {
    const ordered = inOrder(edits);
    const [first] = ordered;
    if (first) {
      this.notebook.cells[first.cell].transact(() => this._edit(ordered));
    }
  }

  /** One step to undo: in the cell where only its text changes, else in the notebook. */
  rearrange({ edits, tag, insert }: Rearranged): void {
    if (!tag && !insert && edits.every(({ cell }) => cell === edits[0].cell)) {
      this.apply(edits);
      return;
    }
    this.notebook.transact(() => {
      this._edit(inOrder(edits));
      if (tag) {
        this.notebook.cells[tag.cell].setMetadata('tags', tag.tags);
      }
      if (insert) {
        const { index, source, tags } = insert;
        this.notebook.insertCell(index, { cell_type: 'code', source, metadata: { tags } });
      }
    });
  }

  /** An empty parameters cell, above all other code. */
  insertEmpty(): void {
    const first = this.notebook.cells.findIndex(cell => cell.cell_type === 'code');
    const insert = { index: Math.max(first, 0), source: '', tags: [PARAMETERS_TAG] };
    this.rearrange({ edits: [], tag: null, insert });
  }

  private _edit(ordered: readonly Edit[]): void {
    for (const { cell, start, end, text } of ordered) {
      this.notebook.cells[cell].updateSource(start, end, text);
    }
  }

  private _texts(read: (cell: ISharedCell) => boolean): CellText[] {
    return this.notebook.cells.map(cell => ({
      source: read(cell) ? cell.getSource() : '',
      tags: cell.cell_type === 'code' ? tagsOf(cell) : []
    }));
  }

  private _own(): JSONObject {
    const own = this.notebook.getMetadata(OWN_METADATA) as JSONValue | undefined;
    return isObject(own) ? own : {};
  }

  private _onNotebook(_: ISharedNotebook, change: NotebookChange): void {
    if (change.cellsChange) {
      this._follow();
    }
    if (change.cellsChange || change.metadataChange?.has('kernelspec')) {
      this._touch();
    } else if (change.metadataChange?.has(OWN_METADATA)) {
      this._changed.emit(false);
    }
  }

  private _onCell(cell: ISharedCell, change: CellChange): void {
    if (change.metadataChange?.has('tags') || (change.sourceChange && isParameters(cell))) {
      this._touch();
    } else if (change.sourceChange && cell.cell_type === 'code') {
      this.edition += 1;
      this._changed.emit(false);
    }
  }

  private _follow(): void {
    this.notebook.cells.forEach(cell => cell.changed.connect(this._onCell, this));
  }

  private _touch(): void {
    this.version += 1;
    this.edition += 1;
    this._changed.emit(true);
  }

  private _disposed = false;
  private readonly _changed = new Signal<this, boolean>(this);
}
