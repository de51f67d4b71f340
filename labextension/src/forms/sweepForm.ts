import { createElement } from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { JSONObject } from '@lumino/coreutils';
import { Sweeping } from '../model/sweeping';
import type { Workspace } from '../model/workspace';
import { healthOf } from '../parts/health';
import { showRefusal } from '../parts/refusal';
import { SweepForm } from './sweep';

export interface SweepOptions {
  workspace: Workspace;
  trans: TranslationBundle;
  notebook: string;
  /** What stands in the Parameters panel. */
  values: JSONObject;
  /** Saves the notebook where it is open and has unsaved edits. */
  save: () => Promise<void>;
  /** Called once the runs wait, with the id of their batch. */
  done: (batch: string) => void;
}

let forms = 0;

/** The content of a *Sweep* tab. */
export class SweepWidget extends ReactWidget {
  constructor(private readonly options: SweepOptions) {
    super();
    const { workspace, notebook, values } = options;
    this.addClass('jns-Widget');
    this.sweeping = new Sweeping(workspace.server, notebook, values);
    this.sweeping.changed.connect(this.update, this);
    workspace.statusChanged.connect(this._look, this);
    void workspace.check();
  }

  readonly sweeping: Sweeping;

  override dispose(): void {
    this.sweeping.dispose();
    super.dispose();
  }

  protected render(): JSX.Element {
    const { workspace, trans } = this.options;
    return createElement(SweepForm, {
      id: this._prefix,
      health: healthOf(workspace, null),
      sweeping: this.sweeping,
      onStart: () => void this._start(),
      trans
    });
  }

  /** The server may be back. */
  private _look(): void {
    if (!this.sweeping.inspection) {
      void this.sweeping.readNotebook();
    }
    this.update();
  }

  private async _start(): Promise<void> {
    await this.options.save();
    const batch = await this.sweeping.start();
    if (batch !== null) {
      this.options.done(batch);
    } else {
      await showRefusal(this);
    }
  }

  private readonly _prefix = `jns-sweep-${++forms}`;
}
