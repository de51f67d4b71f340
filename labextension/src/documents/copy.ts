import { createElement } from 'react';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { messageOf } from '../api/problem';
import { cellToMend } from '../model/debugging';
import type { Feed } from '../model/feed';
import { Gather } from '../model/gather';
import type { Workspace } from '../model/workspace';
import { OWN_METADATA } from '../tokens/names';
import type { JobEvent, Run, RunEvent } from '../tokens/wire';
import { CopyBar } from './copyBar';
import { HeaderWidget } from './headerWidget';
import { Replay, runAbove } from './replay';
import { revealCell } from './reveal';
import { noKernel } from './views';

/** Milliseconds between two looks at the run while it goes on. */
const PACE = 500;

export interface CopyOptions {
  workspace: Workspace;
  commands: CommandRegistry;
  trans: TranslationBundle;
  /** The copy's path in the workspace. */
  path: () => string | null;
}

/** Whose copy a notebook is. `kernel`: the one that a run which went on from here has taken over with its state. */
interface Mark {
  debug_copy_of?: string;
  kernel?: string;
}

/** The bar above a debug copy: how it stands to its run, and what leads back to that. */
export class CopyView extends HeaderWidget {
  constructor(
    private readonly panel: NotebookPanel,
    private readonly options: CopyOptions
  ) {
    super();
    const { feed } = options.workspace;
    this.addClass('jns-Widget');
    this.addClass('jns-HeaderBar');
    panel.contentHeader.addWidget(this);
    feed.event.connect(this.onEvent, this);
    feed.stale.connect(this.look, this);
    panel.sessionContext.kernelChanged.connect(this.redraw, this);
    panel.sessionContext.statusChanged.connect(this.onStatus, this);
    panel.model?.metadataChanged.connect(this.look, this);
    this.look();
  }

  redraw(): void {
    this.update();
  }

  override dispose(): void {
    const { feed } = this.options.workspace;
    feed.event.disconnect(this.onEvent, this);
    feed.stale.disconnect(this.look, this);
    this.looking.dispose();
    super.dispose();
  }

  protected content(): JSX.Element | null {
    const { run, panel, mark, options, kernel } = this;
    const { commands, trans } = options;
    const attached = kernel !== undefined && [mark.debug_copy_of, mark.kernel].includes(kernel.id);
    return (
      run &&
      createElement(CopyBar, {
        run,
        attached,
        told: noKernel.get(panel),
        replayed: kernel !== undefined && kernel.id === this.replayedOn,
        replay: this.replay,
        problem: this.problem,
        now: Date.now(),
        execute: (command, args) =>
          void commands.execute(command, { ...args, run: run.id, notebook: options.path() }),
        has: command => commands.hasCommand(command),
        onReplay: () => void this.replayAbove(run),
        onStop: () => this.stop(),
        trans
      })
    );
  }

  protected pace(): number {
    return 30;
  }

  private get mark(): Mark {
    return this.panel.model?.getMetadata(OWN_METADATA) ?? {};
  }

  private get kernel() {
    return this.panel.sessionContext.session?.kernel ?? undefined;
  }

  private onEvent(_: Feed, event: RunEvent | JobEvent): void {
    if (event.kind === 'run' && event.run_id === this.mark.debug_copy_of) {
      this.looking.add(event.run_id);
    }
  }

  /** Nothing that was run before is there any more. */
  private onStatus(_: unknown, status: string): void {
    if (status === 'restarting') {
      this.replayedOn = null;
      this.redraw();
    }
  }

  protected override look(): void {
    void this.read();
  }

  private async read(): Promise<void> {
    const id = this.mark.debug_copy_of;
    try {
      this.run = id === undefined ? null : await this.options.workspace.server.runs.get(id);
    } catch (error) {
      console.warn(messageOf(error));
    }
    this.redraw();
  }

  /** Where a person has put in or taken out cells meanwhile, the one that failed is still known by its id. */
  private mended(run: Run): number {
    const cells = this.panel.content.widgets;
    const same = cells.findIndex(({ model }) => model.id === run.error?.cell_id);
    return same < 0 ? Math.min(cellToMend(run) ?? 0, cells.length) : same;
  }

  private async replayAbove(run: Run): Promise<void> {
    const { panel, options } = this;
    this.problem = null;
    this.replay = { done: 0, total: 0 };
    this.redraw();
    try {
      await panel.sessionContext.ready;
      const failed = await runAbove(panel, {
        end: this.mended(run),
        goesOn: replay => {
          this.replay &&= replay;
          this.redraw();
          return this.replay !== null;
        },
        bindSecrets: () => options.workspace.server.runs.replay(run.id, this.kernel?.id ?? '')
      });
      if (this.replay) {
        this.ran(failed);
        await revealCell(panel, failed ?? this.mended(run));
      }
    } catch (error) {
      this.problem = messageOf(error);
    }
    this.replay = null;
    this.redraw();
  }

  private ran(failed: number | null): void {
    if (failed === null) {
      this.replayedOn = this.kernel?.id ?? null;
    } else {
      this.problem = this.options.trans.__('Cell %1 failed here, too.', failed + 1);
    }
    this.replay = null;
    this.redraw();
  }

  private stop(): void {
    this.replay = null;
    this.redraw();
    void this.kernel?.interrupt();
  }

  private run: Run | null = null;
  private replay: Replay | null = null;
  private problem: string | null = null;
  private replayedOn: string | null = null;
  private readonly looking = new Gather(PACE, () => this.look());
}
