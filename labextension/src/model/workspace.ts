import type { Event, ServiceManager } from '@jupyterlab/services';
import { ISignal, Signal } from '@lumino/signaling';
import { Client } from '../api/client';
import { decode } from '../api/events';
import { Problem } from '../api/problem';
import { Server } from '../api/server';
import type { Status } from '../tokens/wire';
import { Feed } from './feed';
import type { ParametersSession } from './parameters';
import { Started } from './started';

/** Seconds after a lost connection at which everything shown is fetched again; the event socket backs off about so. */
const AFTER_LOSS = [1, 4, 12, 30, 60];
/** Seconds after which a server that did not answer is asked again. */
const UNREACHED = 5;

/** Everything that the server part says about this workspace, for all panels, forms and documents together. */
export class Workspace {
  constructor(services: ServiceManager.IManager) {
    this.server = new Server(new Client(services.serverSettings));
    services.events.stream.connect(this._onEmission, this);
    services.connectionFailure.connect(this._onLoss, this);
  }

  readonly server: Server;
  readonly feed = new Feed();
  readonly started = new Started();
  /** The parameters being edited in a form, by notebook: what *Run now* takes its values from. */
  readonly sessions = new Map<string, ParametersSession>();
  status: Status | null = null;
  /** Why `status` is not known. */
  problem: unknown = null;

  get statusChanged(): ISignal<this, void> {
    return this._statusChanged;
  }

  async check(): Promise<void> {
    try {
      this.status = await this.server.status();
      this.problem = null;
    } catch (error) {
      this.problem = error;
      if (error instanceof Problem && !error.status) {
        clearTimeout(this._retry);
        this._retry = setTimeout(() => void this.check(), UNREACHED * 1000);
      }
    }
    this._statusChanged.emit();
  }

  private _onEmission(_: unknown, emission: Event.Emission): void {
    const event = decode(emission);
    if (event) {
      this.feed.take(event);
    }
  }

  private _onLoss(): void {
    if (this._recovering.length) {
      return;
    }
    this._recovering = AFTER_LOSS.map((seconds, index) =>
      setTimeout(() => {
        this.feed.lost();
        void this.check();
        if (index === AFTER_LOSS.length - 1) {
          this._recovering = [];
        }
      }, seconds * 1000)
    );
  }

  private _retry: ReturnType<typeof setTimeout> | undefined;
  private _recovering: ReturnType<typeof setTimeout>[] = [];
  private readonly _statusChanged = new Signal<this, void>(this);
}
