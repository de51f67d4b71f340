import { createElement } from 'react';
import { Clipboard, Notification } from '@jupyterlab/apputils';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { Problem } from '../api/problem';
import { LiveBatch } from '../model/batch';
import { progressWords } from '../model/comparison';
import type { Workspace } from '../model/workspace';
import { healthOf } from '../parts/health';
import { TickingWidget } from '../parts/ticking';
import { CommandIDs } from '../tokens/names';
import type { BatchRun } from '../tokens/wire';
import { ComparisonView } from './comparison';

export interface ComparisonOptions {
  workspace: Workspace;
  commands: CommandRegistry;
  rendermime: IRenderMimeRegistry | null;
  trans: TranslationBundle;
  batch: string;
}

/** The content of a tab that compares the runs of a sweep. */
export class ComparisonTab extends TickingWidget {
  constructor(private readonly options: ComparisonOptions) {
    super();
    const { workspace, batch } = options;
    this.addClass('jns-Widget');
    this.live = new LiveBatch(workspace.server.runs, workspace.feed, batch);
    this.live.changed.connect(this._follow, this);
    workspace.statusChanged.connect(this.update, this);
    void this.live.refresh();
    void workspace.check();
  }

  readonly live: LiveBatch;

  override dispose(): void {
    this.live.dispose();
    super.dispose();
  }

  protected render(): JSX.Element {
    const { workspace, rendermime, trans } = this.options;
    const { problem } = this.live;
    const gone = problem instanceof Problem && problem.reason === 'not_found';
    const words = gone ? new Error(trans.__('The runs of this sweep have been deleted.')) : problem;
    return createElement(ComparisonView, {
      health: healthOf(workspace, words),
      batch: this.live.batch,
      now: Date.now(),
      rendermime,
      onOpen: this._open,
      onCancel: () => this._act(CommandIDs.cancelRest),
      onRetry: () => this._act(CommandIDs.retryFailed),
      onCopy: text => Clipboard.copyToSystem(text),
      trans
    });
  }

  protected pace(): number {
    return this.live.batch?.finished_at ? 3600 : 1;
  }

  private _act(command: string): void {
    void this.options.commands.execute(command, { batch: this.live.id });
  }

  private readonly _open = ({ id }: BatchRun) =>
    void this.options.commands.execute(CommandIDs.openRun, { run: id });

  /** Tells the end to one who looks at something else. */
  private _follow(): void {
    const { commands, trans } = this.options;
    const { batch, id } = this.live;
    const going = batch !== null && batch.finished_at === null;
    if (batch && this._going && !going && !this.isVisible) {
      const show = () => void commands.execute(CommandIDs.compareRuns, { batch: id });
      Notification.info(trans.__('“%1”: %2', batch.name, progressWords(batch, trans)), {
        autoClose: 6000,
        actions: [{ label: trans.__('Compare'), callback: show }]
      });
    }
    this._going = going;
    this.update();
  }

  private _going = false;
}
