import type { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

/** What a view shows: it tells when it has changed, and ends with the view. */
export abstract class Model implements IDisposable {
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

  protected _announce(): void {
    this._changed.emit();
  }

  private _disposed = false;
  private readonly _changed = new Signal<this, void>(this);
}
