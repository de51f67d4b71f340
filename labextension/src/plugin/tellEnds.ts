import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { errorLine } from '../model/rows';
import { reasonWords } from '../model/words';
import type { Workspace } from '../model/workspace';
import { CommandIDs } from '../tokens/names';
import type { Run } from '../tokens/wire';

/** Milliseconds between a run's end and the word of it; later ones are of its kernel. */
const WORD_OF_END = 10_000;

interface Ended {
  id: string;
  at: string;
  job: string | null;
  failed: boolean;
}

/** Says when a run that this tab started ends, and when a scheduled one fails: once per job until it recovers. */
export class Notices {
  constructor(
    private readonly _workspace: Workspace,
    private readonly _commands: CommandRegistry,
    private readonly trans: TranslationBundle
  ) {}

  async ended({ id, at, job, failed }: Ended): Promise<void> {
    const ours = this._workspace.started.take(id);
    if (ours) {
      return this._tell(await this._workspace.server.runs.get(id));
    }
    if (job === null) {
      return;
    }
    if (!failed) {
      this._failing.delete(job);
    } else if (!this._failing.has(job)) {
      const run = await this._workspace.server.runs.get(id);
      if (Date.parse(at) - Date.parse(run.finished_at ?? at) < WORD_OF_END && !this._failing.has(job)) {
        this._failing.add(job);
        this._tell(run);
      }
    }
  }

  private _tell(run: Run): void {
    const { trans } = this;
    const actions = run.output
      ? [
          {
            label: trans.__('Open'),
            callback: () => void this._commands.execute(CommandIDs.openRun, { run: run.id })
          }
        ]
      : [];
    switch (run.state) {
      case 'succeeded':
        Notification.success(trans.__('“%1” succeeded.', run.name), { autoClose: 6000, actions });
        break;
      case 'failed': {
        const why = errorLine(run, trans) ?? run.message ?? reasonWords(run, trans) ?? '';
        Notification.error(trans.__('“%1” failed. %2', run.name, why), { autoClose: false, actions });
        break;
      }
      default:
        Notification.info(trans.__('“%1” was cancelled.', run.name), { autoClose: 4000, actions });
    }
  }

  private readonly _failing = new Set<string>();
}
