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
  output_changed?: boolean;
  kernel?: string;
}

/** The bar above a debug copy: how it stands to its run, and what leads back to that. */
export class CopyView extends HeaderWidget {
  constructor(
    private readonly _panel: NotebookPanel,
    private readonly _options: CopyOptions
  ) {
    super();
    const { feed } = _options.workspace;
    _panel.contentHeader.addWidget(this);
    feed.event.connect(this._onEvent, this);
    feed.stale.connect(this.look, this);
    _panel.sessionContext.kernelChanged.connect(this.update, this);
    _panel.sessionContext.statusChanged.connect(this._onStatus, this);
    void _panel.sessionContext.ready.then(() => this.update());
    _panel.model?.metadataChanged.connect(this.look, this);
    this.look();
  }

  override dispose(): void {
    const { feed } = this._options.workspace;
    feed.event.disconnect(this._onEvent, this);
    feed.stale.disconnect(this.look, this);
    this._looking.dispose();
    super.dispose();
  }

  protected content(): JSX.Element | false | null {
    const { _run: run, _panel: panel, _mark: mark, _options: options, _kernel: kernel } = this;
    const { commands, trans } = options;
    const attached = kernel !== undefined && [mark.debug_copy_of, mark.kernel].includes(kernel.id);
    const isKnown = kernel !== undefined || panel.sessionContext.isReady; // else it is on its way
    return (
      run &&
      isKnown &&
      createElement(CopyBar, {
        run,
        attached,
        changed: !!mark.output_changed,
        told: noKernel.get(panel) ?? null,
        replayed: kernel !== undefined && kernel.id === this._replayedOn,
        replay: this._replay,
        problem: this._problem,
        now: Date.now(),
        execute: (command, args) =>
          void commands.execute(command, { ...args, run: run.id, notebook: options.path() }),
        onReplay: () => void this._replayAbove(run),
        onStop: () => this._stop(),
        trans
      })
    );
  }

  protected pace(): number {
    return 30;
  }

  private get _mark(): Mark {
    return this._panel.model?.getMetadata(OWN_METADATA) ?? {};
  }

  private get _kernel() {
    return this._panel.sessionContext.session?.kernel ?? undefined;
  }

  private _onEvent(_: Feed, event: RunEvent | JobEvent): void {
    if (event.kind === 'run' && event.run_id === this._mark.debug_copy_of) {
      this._looking.add(event.run_id);
    }
  }

  /** Nothing that was run before is there any more. */
  private _onStatus(_: unknown, status: string): void {
    if (status === 'restarting') {
      this._replayedOn = null;
      this.update();
    }
  }

  protected override look(): void {
    void this._read();
  }

  private async _read(): Promise<void> {
    const id = this._mark.debug_copy_of;
    try {
      this._run = id === undefined ? null : await this._options.workspace.server.runs.get(id);
    } catch (error) {
      console.warn(messageOf(error));
    }
    this.update();
  }

  /** Where a person has put in or taken out cells meanwhile, the one that failed is still known by its id. */
  private _mended(run: Run): number {
    const cells = this._panel.content.widgets;
    const same = cells.findIndex(({ model }) => model.id === run.error?.cell_id);
    return same < 0 ? Math.min(cellToMend(run) ?? 0, cells.length) : same;
  }

  private async _replayAbove(run: Run): Promise<void> {
    const { _panel: panel, _options: options } = this;
    const end = this._mended(run);
    const replay = (this._replay = { done: 0, total: 0 });
    this._problem = null;
    this.update();
    try {
      const failed = await runAbove(panel, {
        end,
        goesOn: (done, total) => {
          Object.assign(replay, { done, total });
          this.update();
          return this._replay === replay;
        },
        bindSecrets: () => options.workspace.server.runs.replay(run.id, this._kernel?.id ?? '')
      });
      if (this._replay !== replay) {
        return;
      }
      if (failed === null) {
        this._replayedOn = this._kernel?.id ?? null;
      } else {
        this._problem = options.trans.__('Cell %1 failed here, too.', failed + 1);
      }
      void revealCell(panel, failed ?? end);
    } catch (error) {
      this._problem = messageOf(error);
    }
    this._stopped();
  }

  private _stopped(): void {
    this._replay = null;
    this.update();
  }

  private _stop(): void {
    this._stopped();
    void this._kernel?.interrupt();
  }

  private _run: Run | null = null;
  private _replay: Replay | null = null;
  private _problem: string | null = null;
  private _replayedOn: string | null = null;
  private readonly _looking = new Gather(PACE, () => this.look());
}
