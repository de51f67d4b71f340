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
import { TickingWidget } from '../parts/ticking';
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

/** One piece of the toolbar of an output notebook. */
class ToolbarPart extends TickingWidget {
  constructor(
    private readonly view: OutputView,
    private readonly part: FunctionComponent<HeaderProps>
  ) {
    super();
    this.addClass('jns-Widget');
  }

  protected render(): JSX.Element | null {
    return this.view.drawn(this.part);
  }

  protected pace(): number {
    return this.view.pace();
  }
}

/** What stands below it. */
class CircumstancesBar extends HeaderWidget {
  constructor(private readonly view: OutputView) {
    super();
    this.addClass('jns-Widget');
    this.addClass('jns-HeaderBar');
  }

  protected content(): JSX.Element | null {
    return this.view.drawn(Circumstances);
  }

  protected pace(): number {
    return this.view.pace();
  }
}

/** An open output notebook: what its run says stands above it and on its cells, and it fills in while the run goes on. */
export class OutputView {
  constructor(
    private readonly panel: NotebookPanel,
    private readonly id: string,
    private readonly options: OutputOptions,
    slots: { outcome: Panel; actions: Panel }
  ) {
    const { commands, workspace } = options;
    this.onAct = actOnRun(commands);
    const [outcome, actions] = [Outcome, Actions].map(part => new ToolbarPart(this, part));
    const circumstances = new CircumstancesBar(this);
    slots.outcome.addWidget(outcome);
    slots.actions.addWidget(actions);
    panel.contentHeader.addWidget(circumstances);
    this.parts = [outcome, actions, circumstances];
    panel.addClass('jns-Archived');
    workspace.feed.event.connect(this.onEvent, this);
    workspace.feed.stale.connect(this.refresh, this);
    panel.disposed.connect(this.dispose, this);
    void this.open();
  }

  pace(): number {
    return this.run?.state === 'running' ? 1 : 60;
  }

  drawn(part: FunctionComponent<HeaderProps>): JSX.Element | null {
    const { run, onAct } = this;
    const { commands, changed, trans } = this.options;
    return (
      run &&
      createElement(part, {
        run,
        shown: this.shown(run),
        changed: changed.has(this.panel.context.localPath),
        now: Date.now(),
        onAct,
        execute: (command, args) => void commands.execute(command, { ...args, run: run.id }),
        has: command => commands.hasCommand(command),
        onReveal: () => void this.revealFailure(),
        trans
      })
    );
  }

  /** Shows the failing cell again, for one who asks to open what is open. */
  async revealFailure(): Promise<void> {
    const index = this.run && cellToShow(this.shown(this.run));
    if (index !== null) {
      this.revealed = true;
      await revealCell(this.panel, index);
    }
  }

  private async open(): Promise<void> {
    await this.read();
    await this.panel.context.ready;
    this.redraw();
    this.name();
    this.mark();
    this.panel.content.modelContentChanged.connect(this.mark, this);
    await this.revealFailure();
  }

  private async read(): Promise<void> {
    this.run = await this.options.workspace.server.runs.get(this.id);
    this.redraw();
  }

  /** The tab says which run it is; their files all bear the notebook's name, which is the label and must stay it. */
  private name(): void {
    const { run, panel } = this;
    if (run) {
      const when = moment(run.started_at ?? run.created_at, Date.now());
      panel.title.dataset = { ...panel.title.dataset, 'jns-when': when };
    }
  }

  private onEvent(_: Feed, event: RunEvent | JobEvent): void {
    if (event.kind === 'run' && event.run_id === this.id && this.run) {
      this.run = withEvent(this.run, event);
      this.redraw();
      this.filling.add(this.id);
    }
  }

  /** A run that was deleted meanwhile leaves the view as it is: a last look at what is gone. */
  private async refresh(): Promise<void> {
    if (this.panel.isDisposed) {
      return;
    }
    try {
      await this.read();
      await fillIn(this.panel, this.options.contents);
    } catch (error) {
      console.warn(messageOf(error));
      return;
    }
    this.mark();
    if (!this.revealed && this.run && hasEnded(this.run.state)) {
      await this.revealFailure();
    }
  }

  private mark(): void {
    if (this.run && !this.panel.isDisposed) {
      markCells(this.panel.content, this.shown(this.run), this.options.trans);
    }
  }

  /** A run that was tried again has an output notebook for each attempt; how an earlier one ended stands in its own. */
  private shown(run: Run): Run {
    const { model, context } = this.panel;
    const latest = run.output === null || archivePath(run.output) === context.path;
    const facts: Partial<Run> = (!latest && model?.getMetadata(OWN_METADATA)) || {};
    return latest
      ? run
      : { ...run, message: null, error: null, results: {}, duration_seconds: null, ...facts };
  }

  private redraw(): void {
    this.parts.forEach(part => part.update());
  }

  private dispose(): void {
    const { feed } = this.options.workspace;
    feed.event.disconnect(this.onEvent, this);
    feed.stale.disconnect(this.refresh, this);
    this.filling.dispose();
  }

  private run: Run | null = null;
  private revealed = false;
  private readonly onAct: OnRun;
  private readonly filling = new Gather(FILL_PACE, () => void this.refresh());
  private readonly parts: TickingWidget[];
}
