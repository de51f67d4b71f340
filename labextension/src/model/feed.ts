import { ISignal, Signal } from '@lumino/signaling';
import type { JobEvent, RunEvent } from '../tokens/wire';

/**
 * Orders what the server tells. `event` carries each event once; `stale` says that some were missed
 * (a gap in `seq`, a store made anew, a lost connection), so that whoever keeps rows fetches them again.
 */
export class Feed {
  get event(): ISignal<this, RunEvent | JobEvent> {
    return this._event;
  }

  get stale(): ISignal<this, void> {
    return this._stale;
  }

  take(event: RunEvent | JobEvent): void {
    const last = this._last;
    const restarted = last !== null && event.seq <= last.seq && event.at > last.at;
    if (last !== null && event.seq <= last.seq && !restarted) {
      return;
    }
    this._last = { seq: event.seq, at: event.at };
    this._event.emit(event);
    if (restarted || (last !== null && event.seq > last.seq + 1)) {
      this._stale.emit();
    }
  }

  /** Call after the connection was lost: nobody knows what went by. */
  lost(): void {
    this._stale.emit();
  }

  private _last: { seq: number; at: string } | null = null;
  private readonly _event = new Signal<this, RunEvent | JobEvent>(this);
  private readonly _stale = new Signal<this, void>(this);
}
