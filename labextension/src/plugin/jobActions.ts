import { InputDialog, Notification } from '@jupyterlab/apputils';
import { askBackfill } from '../forms/askBackfill';
import { askUntil } from '../forms/askUntil';
import { Backfilling, lastDay, Range } from '../model/backfilling';
import { moment } from '../model/times';
import type { Workspace } from '../model/workspace';
import { agreed } from '../parts/agreed';
import { CommandIDs } from '../tokens/names';
import type { Context } from './context';
import type { NotebookActions } from './notebookActions';

const SHORT = { autoClose: 4000 } as const;

/** What can be done with one job, or with all. */
export class JobActions {
  constructor(
    private readonly _context: Context,
    private readonly _workspace: Workspace,
    private readonly _notebooks: NotebookActions
  ) {}

  async edit(id: string): Promise<void> {
    await this._notebooks.edit(id);
  }

  async run(id: string): Promise<void> {
    const run = await this._jobs.run(id);
    this._workspace.started.add(run.id);
  }

  async pause(id: string, until: string | null): Promise<void> {
    await this._jobs.pause(id, until);
  }

  async pauseUntil(id: string): Promise<void> {
    const job = await this._jobs.get(id);
    const until = await askUntil(job.name, Date.now(), this._context.trans);
    if (until !== null) {
      await this.pause(id, until);
    }
  }

  async resume(id: string): Promise<void> {
    await this._jobs.resume(id);
  }

  async pauseAll(): Promise<void> {
    const { changed } = await this._jobs.pauseAll();
    Notification.info(this._context.trans._n('%1 job paused.', '%1 jobs paused.', changed), SHORT);
  }

  async resumeAll(): Promise<void> {
    const { changed } = await this._jobs.resumeAll();
    Notification.info(this._context.trans._n('%1 job resumed.', '%1 jobs resumed.', changed), SHORT);
  }

  /** Leaves out the due time that the person saw, or the next one. */
  async skip(id: string, seen: string | null): Promise<void> {
    const { trans } = this._context;
    const dueTime = seen ?? (await this._jobs.get(id)).next_run_at;
    if (dueTime === null) {
      Notification.info(trans.__('This job has no next time to skip.'), SHORT);
      return;
    }
    const run = await this._jobs.skip(id, dueTime);
    Notification.info(trans.__('“%1” skips %2.', run.name, moment(dueTime, Date.now())), SHORT);
  }

  /** Without a range, the last day is proposed. */
  async backfill(id: string, range: Range | null): Promise<void> {
    const { trans, app } = this._context;
    const job = await this._jobs.get(id);
    const backfilling = new Backfilling(this._jobs, job, range ?? lastDay(Date.now()));
    try {
      if (await askBackfill(backfilling, trans)) {
        const runs = await backfilling.start();
        const message = trans._n('%1 run of “%2” waits.', '%1 runs of “%2” wait.', runs.length, job.name);
        const show = () => void app.commands.execute(CommandIDs.showRuns, { job: id });
        Notification.success(message, {
          ...SHORT,
          actions: [{ label: trans.__('Show'), callback: show }]
        });
      }
    } finally {
      backfilling.dispose();
    }
  }

  /** Offers the places to which a missing notebook may have moved. */
  async find(id: string): Promise<void> {
    const { trans } = this._context;
    const [job, { notebooks, complete }] = await Promise.all([this._jobs.get(id), this._jobs.moved(id)]);
    if (!notebooks.length) {
      const words =
        complete === false
          ? trans.__('Not found: there are too many notebooks to look into.')
          : trans.__('No notebook here has the content of the version that “%1” runs.', job.name);
      Notification.warning(words, { autoClose: 8000 });
      return;
    }
    const { button, value } = await InputDialog.getItem({
      title: trans.__('Find the notebook of “%1”', job.name),
      label: trans.__('%1 is gone. The same content is in:', job.notebook),
      items: notebooks,
      okLabel: trans.__('Use this one')
    });
    if (button.accept && value !== null) {
      await this._jobs.change(id, { notebook: value });
    }
  }

  async delete(id: string, confirm: boolean): Promise<void> {
    const { trans } = this._context;
    if (confirm) {
      const job = await this._jobs.get(id);
      const title = trans.__('Delete the job “%1”?', job.name);
      const body = trans.__('Its schedule and waiting runs are lost. Runs that have ended stay.');
      if (!(await agreed(title, body, trans.__('Delete'), trans))) {
        return;
      }
    }
    await this._jobs.delete(id);
  }

  private get _jobs() {
    return this._workspace.server.jobs;
  }
}
