import { createElement, FunctionComponent } from 'react';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { Panel } from '@lumino/widgets';
import { messageOf } from '../api/problem';
import type { Feed } from '../model/feed';
import { Gather } from '../model/gather';
import { hasEnded, withEvent } from '../model/merge';
import { moment } from '../model/times';
import type { Workspace } from '../model/workspace';
import { cellToShow } from '../model/debugging';
import { actOnRun, OnRun } from '../parts/dispatch';
import { OWN_METADATA } from '../tokens/names';
import { archivePath } from '../tokens/paths';
import type { JobEvent, Run, RunEvent } from '../tokens/wire';
import { fillIn } from './fill';
import { Actions, Circumstances, HeaderProps, Outcome } from './header';
import { HeaderWidget } from './headerWidget';
import { markCells } from './marks';
import { revealCell } from './reveal';

/** Milliseconds between two looks at the file of a run that goes on. */
const FILL_PACE = 700;

export interface OutputOptions {
  workspace: Workspace;
  commands: CommandRegistry;
  contents: Contents.IManager;
  /** The files of the archive that are not what their runs recorded. */
  changed: ReadonlySet<string>;
  trans: TranslationBundle;
}

/** One piece of what stands above an output notebook. */
class Part extends HeaderWidget {
  constructor(
    private readonly _view: OutputView,
    private readonly _part: FunctionComponent<HeaderProps>
  ) {
    super();
    // A toolbar has one stop for the Tab key, and JupyterLab gives it to a button that may not be shown.
    new MutationObserver(() =>
      this.node.querySelectorAll('[tabindex]').forEach(button => button.removeAttribute('tabindex'))
    ).observe(this.node, { subtree: true, attributeFilter: ['tabindex'] });
  }

  protected content(): JSX.Element | null {
    return this._view.drawn(this._part);
  }

  protected pace(): number {
    return this._view.run?.state === 'running' ? 1 : 60;
  }
}

/** An open output notebook: what its run says stands above it and on its cells, and it fills in while the run goes on. */
export class OutputView {
  constructor(
    private readonly _panel: NotebookPanel,
    private readonly _id: string,
    private readonly _options: OutputOptions,
    slots: { outcome: Panel; actions: Panel }
  ) {
    const { commands, workspace } = _options;
    this._onAct = actOnRun(commands);
    this._parts = [Outcome, Actions, Circumstances].map(part => new Part(this, part));
    [slots.outcome, slots.actions, _panel.contentHeader].forEach((place, index) =>
      place.addWidget(this._parts[index])
    );
    _panel.addClass('jns-Archived');
    workspace.feed.event.connect(this._onEvent, this);
    workspace.feed.stale.connect(this._refresh, this);
    _panel.disposed.connect(this._dispose, this);
    void this._open();
  }

  run: Run | null = null;

  drawn(part: FunctionComponent<HeaderProps>): JSX.Element | null {
    const { run, _onAct: onAct } = this;
    const { commands, changed, trans } = this._options;
    return (
      run &&
      createElement(part, {
        run,
        shown: this._shown(run),
        changed: changed.has(this._panel.context.localPath),
        now: Date.now(),
        onAct,
        execute: (command, args) => void commands.execute(command, { ...args, run: run.id }),
        onReveal: () => void this.revealFailure(),
        trans
      })
    );
  }

  /** Shows the failing cell again, for one who asks to open what is open. */
  async revealFailure(): Promise<void> {
    const index = this.run && cellToShow(this._shown(this.run));
    if (index !== null) {
      this._revealed = true;
      await revealCell(this._panel, index);
    }
  }

  private async _open(): Promise<void> {
    await this._read();
    await this._panel.context.ready;
    this._redraw();
    this._name();
    this._mark();
    this._panel.content.modelContentChanged.connect(this._mark, this);
    await this.revealFailure();
  }

  private async _read(): Promise<void> {
    this.run = await this._options.workspace.server.runs.get(this._id);
    this._redraw();
  }

  /** The tab says which run it is; their files all bear the notebook's name, which is the label and must stay it. */
  private _name(): void {
    const { run, _panel: panel } = this;
    if (run) {
      const when = moment(run.started_at ?? run.created_at, Date.now());
      panel.title.dataset = { ...panel.title.dataset, 'jns-when': when };
    }
  }

  private _onEvent(_: Feed, event: RunEvent | JobEvent): void {
    if (event.kind === 'run' && event.run_id === this._id && this.run) {
      this.run = withEvent(this.run, event);
      this._redraw();
      this._filling.add(this._id);
    }
  }

  /** A run that was deleted meanwhile leaves the view as it is: a last look at what is gone. */
  private async _refresh(): Promise<void> {
    if (this._panel.isDisposed) {
      return;
    }
    try {
      await this._read();
      await fillIn(this._panel, this._options.contents);
    } catch (error) {
      console.warn(messageOf(error));
      return;
    }
    this._mark();
    if (!this._revealed && this.run && hasEnded(this.run.state)) {
      await this.revealFailure();
    }
  }

  private _mark(): void {
    if (this.run && !this._panel.isDisposed) {
      markCells(this._panel.content, this._shown(this.run), this._options.trans);
    }
  }

  /** A run that was tried again has an output notebook for each attempt; how an earlier one ended stands in its own. */
  private _shown(run: Run): Run {
    const { model, context } = this._panel;
    const latest = run.output === null || archivePath(run.output) === context.path;
    const facts: Partial<Run> = (!latest && model?.getMetadata(OWN_METADATA)) || {};
    return latest
      ? run
      : { ...run, message: null, error: null, results: {}, duration_seconds: null, ...facts };
  }

  private _redraw(): void {
    this._parts.forEach(part => part.update());
  }

  private _dispose(): void {
    const { feed } = this._options.workspace;
    feed.event.disconnect(this._onEvent, this);
    feed.stale.disconnect(this._refresh, this);
    this._filling.dispose();
  }

  private _revealed = false;
  private readonly _onAct: OnRun;
  private readonly _filling = new Gather(FILL_PACE, () => void this._refresh());
  private readonly _parts: Part[];
}
