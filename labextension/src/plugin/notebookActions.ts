import { MainAreaWidget, Notification, WidgetTracker } from '@jupyterlab/apputils';
import type { JSONObject, ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { makeParametersCell } from '../documents/parametersCell';
import { ScheduleWidget } from '../forms/scheduleForm';
import { runValues } from '../model/parameters';
import type { Workspace } from '../model/workspace';
import { lastZone } from '../model/zone';
import { CommandIDs } from '../tokens/names';
import { stem, workspacePath } from '../tokens/paths';
import type { Job } from '../tokens/wire';
import { Context, notebookInFront, openNotebook } from './context';
import { clockIcon } from './icons';

type Args = ReadonlyPartialJSONObject;

/** What can be done with a notebook: run it now, schedule it, give it a parameters cell. */
export class NotebookActions {
  constructor(
    private readonly _context: Context,
    private readonly _workspace: Workspace,
    private readonly _forms: WidgetTracker<MainAreaWidget>
  ) {}

  async schedule(args: Args): Promise<void> {
    if (typeof args.job === 'string') {
      return this.edit(args.job);
    }
    const path = this.chosen(args);
    if (args.save !== false) {
      await this.save(path);
    }
    await this._showForm(path, null);
  }

  async edit(id: string): Promise<void> {
    const job = await this._workspace.server.jobs.get(id);
    await this._showForm(job.notebook, job);
  }

  /** Saves first, so that what runs is what is seen; the values are those of the Parameters panel where it shows this notebook. */
  async runNow(args: Args): Promise<void> {
    const { trans, app } = this._context;
    const path = this.chosen(args);
    const parameters = (args.parameters as JSONObject | undefined) ?? (await this._formValues(path));
    if (!parameters) {
      Notification.warning(trans.__('Some values are wrong: see the Parameters panel.'), {
        autoClose: 5000
      });
      await app.commands.execute(CommandIDs.showParameters);
      return;
    }
    await this.save(path);
    const run = await this._workspace.server.runs.start({ notebook: path, parameters, cause: 'manual' });
    this._workspace.started.add(run.id);
    if (args.quiet === true) {
      return;
    }
    Notification.info(trans.__('“%1” runs in the background.', run.name), {
      autoClose: 3000,
      actions: [{ label: trans.__('Show'), callback: () => void app.commands.execute(CommandIDs.showRuns) }]
    });
  }

  makeParametersCell(): void {
    const panel = this._context.tracker.currentWidget;
    if (panel) {
      makeParametersCell(panel.content);
    }
  }

  /** The values in the form once the server agrees with them; null where it does not, `{}` where no form is open. */
  private async _formValues(path: string): Promise<JSONObject | null> {
    const session = this._workspace.sessions.get(path);
    if (!session) {
      return {};
    }
    const agreed = await session.settle();
    if (session.problem) {
      throw session.problem;
    }
    return agreed ? runValues(session.inspection?.parameters ?? [], session.values) : null;
  }

  /** Saves the notebook where it is open and has unsaved edits, those that the form is still writing included. */
  async save(path: string): Promise<void> {
    await this._workspace.sessions.get(path)?.settle();
    const panel = openNotebook(this._context, path);
    if (panel?.model?.dirty && !panel.model.readOnly) {
      await panel.context.save();
    }
  }

  /** The workspace path of the notebook that a command is about. */
  chosen(args: Args): string {
    const { app, browsers, trans } = this._context;
    const { contents } = app.serviceManager;
    if (typeof args.path === 'string') {
      return workspacePath(contents, args.path) ?? args.path;
    }
    const selected =
      args.selected === true ? browsers?.tracker.currentWidget?.selectedItems().next().value : null;
    const path = selected ? workspacePath(contents, selected.path) : notebookInFront(this._context);
    if (path === null) {
      throw new Error(trans.__('Open a notebook of this workspace first.'));
    }
    return path;
  }

  private async _showForm(path: string, job: Job | null): Promise<void> {
    const { app, state, trans } = this._context;
    const id = job ? `jns-job-${job.id}` : `jns-schedule-${path}`;
    const open = this._forms.find(form => form.id === id);
    if (open) {
      app.shell.activateById(id);
      return;
    }
    const content = new ScheduleWidget({
      workspace: this._workspace,
      commands: app.commands,
      kernelspecs: app.serviceManager.kernelspecs,
      state,
      trans,
      notebook: path,
      zone: await lastZone(state),
      job,
      save: () => this.save(path),
      done: () => form.dispose()
    });
    const form = new MainAreaWidget({ content });
    form.id = id;
    form.toolbar.hide();
    form.title.label = job ? trans.__('Edit %1', job.name) : trans.__('Schedule %1', stem(path));
    form.title.icon = clockIcon;
    form.title.closable = true;
    form.title.dataset = { ...form.title.dataset, path, ...(job ? { job: job.id } : {}) };
    await this._forms.add(form);
    app.shell.add(form, 'main');
    app.shell.activateById(id);
  }
}
