import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { messageOf } from '../api/problem';
import { CatchUps, skipCatchUps, waitingCatchUps } from '../model/catchUps';
import { Gather } from '../model/gather';
import type { Workspace } from '../model/workspace';
import { CommandIDs } from '../tokens/names';
import type { RunState } from '../tokens/wire';

/** Milliseconds in which what many runs tell is looked at once. */
const PAUSE = 2000;

/** After an outage, says once how many runs make up for missed due times, and offers to leave the rest out. */
export class CatchUpNotice {
  constructor(
    private readonly _workspace: Workspace,
    private readonly commands: CommandRegistry,
    private readonly trans: TranslationBundle
  ) {}

  /** Call with each change of a scheduled run; only those count that can change the number. */
  heard(state: RunState): void {
    if (state === 'queued' || this.telling !== null) {
      this._looking.add('catch-ups');
    }
  }

  private async _look(): Promise<void> {
    try {
      this._tell(await waitingCatchUps(this._workspace.server));
    } catch (error) {
      console.warn(messageOf(error));
    }
  }

  private _tell({ count }: CatchUps): void {
    const { telling } = this;
    if (count < 2) {
      this.telling = null;
      if (telling !== null) {
        Notification.dismiss(telling);
      }
      return;
    }
    const message = this.trans.__('After an outage, %1 runs wait to make up for missed due times.', count);
    if (telling === null) {
      this.telling = Notification.info(message, { autoClose: false, actions: this._actions() });
    } else if (Notification.manager.has(telling)) {
      Notification.update({ id: telling, message });
    }
  }

  private _actions(): Notification.IAction[] {
    const { trans, commands } = this;
    return [
      { label: trans.__('Skip the rest'), callback: () => void this._skip() },
      {
        label: trans.__('Show'),
        callback: event => {
          event.preventDefault(); // else the notification goes, and with it the other choice
          void commands.execute(CommandIDs.showRuns, { state: 'queued' });
        }
      }
    ];
  }

  private async _skip(): Promise<void> {
    const { trans } = this;
    try {
      const skipped = await skipCatchUps(this._workspace.server);
      const message = trans._n('%1 missed due time skipped.', '%1 missed due times skipped.', skipped);
      Notification.success(message, { autoClose: 4000 });
    } catch (error) {
      Notification.error(messageOf(error), { autoClose: 8000 });
    }
  }

  /** The notification of this outage, also after the person has closed it. */
  private telling: string | null = null;
  private readonly _looking = new Gather(PAUSE, () => void this._look());
}
