import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import type { Run } from '../tokens/wire';

/** A view whose words depend on the clock ("in 13 h", "0:42"): drawn again while it is seen. */
export abstract class TickingWidget extends ReactWidget {
  /** Seconds until the words change. */
  protected abstract pace(): number;

  /** Called at each tick while it is seen; nothing is fetched unless this does. */
  protected look(): void {
    return;
  }

  protected override onUpdateRequest(message: Message): void {
    super.onUpdateRequest(message);
    this._tick();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.update();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this._tick();
  }

  override dispose(): void {
    clearTimeout(this._timer);
    super.dispose();
  }

  private _tick(): void {
    clearTimeout(this._timer);
    this._timer = setTimeout(() => {
      if (this.isVisible) {
        this.look();
        this.update();
      }
    }, this.pace() * 1000);
  }

  private _timer: ReturnType<typeof setTimeout> | undefined;
}

/** Seconds until the words of a list of runs change. */
export function paceOf(runs: readonly Run[]): number {
  if (runs.some(run => run.state === 'running')) {
    return 1;
  }
  return runs.some(run => run.state === 'queued') ? 5 : 20;
}
