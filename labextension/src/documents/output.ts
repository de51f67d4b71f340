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
import { actOnRun, OnRun } from '../parts/dispatch';
import { TickingWidget } from '../parts/ticking';
import { archivePath } from '../tokens/paths';
import type { JobEvent, Run, RunEvent } from '../tokens/wire';
import { fillIn } from './fill';
import { Actions, Circumstances, HeaderProps, Outcome } from './header';
import { cellToShow, markCells } from './marks';
import { revealCell } from './reveal';
import '../parts/styles';

/** Milliseconds between two looks at the file of a run that goes on. */
const FILL_PACE = 700;

export interface OutputOptions {
  workspace: Workspace;
  commands: CommandRegistry;
  contents: Contents.IManager;
  trans: TranslationBundle;
}

/** One piece of what stands above an output notebook. */
class HeaderPart extends TickingWidget {
  constructor(
    private readonly view: OutputView,
    private readonly part: FunctionComponent<HeaderProps>,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('jns-Widget');
  }

  protected render(): JSX.Element | null {
    const { run, onAct } = this.view;
    return run && createElement(this.part, { run, now: Date.now(), onAct, trans: this.trans });
  }

  protected pace(): number {
    return this.view.run?.state === 'running' ? 1 : 60;
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
    const { trans, commands, workspace } = options;
    this.onAct = actOnRun(commands);
    this.parts = [Outcome, Actions, Circumstances].map(part => new HeaderPart(this, part, trans));
    slots.outcome.addWidget(this.parts[0]);
    slots.actions.addWidget(this.parts[1]);
    this.parts[2].addClass('jns-CircumstancesBar');
    panel.contentHeader.addWidget(this.parts[2]);
    panel.addClass('jns-Archived');
    workspace.feed.event.connect(this.onEvent, this);
    workspace.feed.stale.connect(this.refresh, this);
    panel.disposed.connect(this.dispose, this);
    void this.open();
  }

  readonly onAct: OnRun;
  run: Run | null = null;

  /** Shows the failing cell again, for one who asks to open what is open. */
  async revealFailure(): Promise<void> {
    const index = this.run && cellToShow(this.run);
    if (index !== null && this.shows(this.run)) {
      this.revealed = true;
      await revealCell(this.panel, index);
    }
  }

  private async open(): Promise<void> {
    await this.read();
    await this.panel.context.ready;
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
    if (this.run && this.shows(this.run) && !this.panel.isDisposed) {
      markCells(this.panel.content, this.run, this.options.trans);
    }
  }

  /** A run that was tried again has an output notebook for each attempt; this one may be an earlier one. */
  private shows(run: Run | null): boolean {
    return (
      run?.output !== null && run?.output !== undefined && archivePath(run.output) === this.panel.context.path
    );
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

  private revealed = false;
  private readonly filling = new Gather(FILL_PACE, () => void this.refresh());
  private readonly parts: HeaderPart[];
}
