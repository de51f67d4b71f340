import { createElement } from 'react';
import { Notification } from '@jupyterlab/apputils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { messageOf } from '../api/problem';
import { LiveCells } from '../model/cells';
import { fieldErrors } from '../model/fieldErrors';
import { JobList } from '../model/jobs';
import { ParametersSession } from '../model/parameters';
import { RunList } from '../model/runs';
import type { Workspace } from '../model/workspace';
import { CommandIDs } from '../tokens/names';
import { baseName } from '../tokens/paths';
import type { Arrangement } from '../tokens/wire';
import { actOnJob, actOnRun, OnJob, OnRun } from '../parts/dispatch';
import { healthOf } from '../parts/health';
import { ParametersView } from './parameters';
import { revealLine } from './revealLine';
import { paceOf, TickingWidget } from '../parts/ticking';

const RECENT = 8;

/** What is typed into the form of a notebook that is open stays while another one is in front. */
const sessions = new WeakMap<NotebookPanel, ParametersSession>();

/** What the panel follows: one notebook, its live cells, its jobs and its runs. */
class Followed {
  constructor(
    private readonly workspace: Workspace,
    readonly panel: NotebookPanel,
    readonly path: string,
    private readonly changed: () => void
  ) {
    const { server, feed } = workspace;
    this.jobs = new JobList(server.jobs, feed, path);
    this.runs = new RunList(server.runs, feed, { notebook: path }, RECENT);
    this.jobs.changed.connect(changed);
    this.runs.changed.connect(changed);
    void this.jobs.refresh();
    void this.runs.refresh();
    panel.context.fileChanged.connect(this._compare, this);
    void panel.context.ready.then(() => this._read());
  }

  readonly jobs: JobList;
  readonly runs: RunList;
  session: ParametersSession | null = null;

  dispose(): void {
    this._disposed = true;
    this.panel.context.fileChanged.disconnect(this._compare, this);
    this.jobs.dispose();
    this.runs.dispose();
    this.session?.changed.disconnect(this.changed);
    this.workspace.sessions.delete(this.path);
  }

  /** A saved file may now be newer than the versions that the jobs run. */
  private _compare(): void {
    void this.jobs.refresh();
  }

  private _read(): void {
    const { model, context, disposed } = this.panel;
    if (model && !this._disposed) {
      const { contentsModel } = context;
      const readOnly = () => model.readOnly || contentsModel?.writable === false;
      const cells = () => new LiveCells(model.sharedModel);
      const known = sessions.get(this.panel);
      const session = known ?? new ParametersSession(this.workspace.server, cells(), readOnly);
      if (!known) {
        sessions.set(this.panel, session);
        disposed.connect(() => session.dispose());
      }
      session.changed.connect(this.changed);
      this.session = session;
      this.workspace.sessions.set(this.path, session);
      this.changed();
    }
  }

  private _disposed = false;
}

/** The content of the right side panel *Parameters*: follows the notebook in front. */
export class ParametersPanel extends TickingWidget {
  constructor(
    private readonly workspace: Workspace,
    private readonly tracker: INotebookTracker,
    private readonly commands: CommandRegistry,
    private readonly _pathOf: (panel: NotebookPanel) => string | null,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jns-Widget');
    this._onRun = actOnRun(commands);
    this._onJob = actOnJob(commands);
    tracker.currentChanged.connect(this._follow, this);
    tracker.activeCellChanged.connect(this._redraw, this);
    workspace.statusChanged.connect(this._redraw, this);
    void workspace.check();
    this._follow();
  }

  override dispose(): void {
    this.followed?.dispose();
    super.dispose();
  }

  protected render(): JSX.Element {
    const { followed, commands } = this;
    const session = followed?.session ?? null;
    return createElement(ParametersView, {
      health: healthOf(this.workspace, session?.problem),
      notebook: followed ? baseName(followed.path) : null,
      path: followed?.path ?? '',
      session,
      busy: this._busy,
      activeCell: followed?.panel.content.activeCellIndex ?? -1,
      jobs: followed?.jobs.rows ?? [],
      runs: followed?.runs.rows ?? [],
      moreRuns: followed?.runs.hasMore ?? false,
      now: Date.now(),
      onShow: name => this._showLine(name),
      onProblem: ({ cell, line }) => this._reveal(cell, line),
      onLook: async () => session && this._tell(session.candidates()),
      onArrange: arrangement => this._tell(this._arrange(arrangement)),
      onRunNow: () => void this._runNow(),
      onSchedule: () => void commands.execute(CommandIDs.schedule),
      onSweep: () => void commands.execute(CommandIDs.sweep),
      onMakeCell: () => session?.cells.insertEmpty(),
      onMore: () => void followed?.runs.loadMore(),
      onRun: this._onRun,
      onJob: this._onJob,
      trans: this._trans
    });
  }

  protected pace(): number {
    return paceOf(this.followed?.runs.rows ?? []);
  }

  protected override look(): void {
    void this.followed?.runs.lookAtWaiting(Date.now());
  }

  private _follow(): void {
    const panel = this.tracker.currentWidget;
    const path = panel && this._pathOf(panel);
    if (this.followed && this.followed.panel === panel && this.followed.path === path) {
      return;
    }
    this.followed?.dispose();
    this._watched?.context.pathChanged.disconnect(this._follow, this);
    this._watched = panel;
    panel?.context.pathChanged.connect(this._follow, this);
    this.followed =
      panel && path !== null ? new Followed(this.workspace, panel, path, () => this.update()) : null;
    this.update();
  }

  /** Goes to where a parameter is assigned. */
  private _showLine(name: string): void {
    const { inspection, cells } = this.followed?.session ?? {};
    const { range } = inspection?.parameters.find(parameter => parameter.name === name) ?? {};
    const source = cells?.texts()[inspection?.cell_index ?? -1]?.source ?? '';
    this._reveal(undefined, source.slice(0, range?.[0] ?? 0).split('\n').length);
  }

  private _reveal(cell: number | undefined, line: number | null): void {
    const { panel, session } = this.followed ?? {};
    const index = cell ?? session?.inspection?.cell_index;
    if (panel && typeof index === 'number') {
      void revealLine(panel.content, index, line);
    }
  }

  /** The server's messages by field where it refused. */
  private async _arrange(arrangement: Arrangement): Promise<Record<string, string> | null> {
    const { session } = this.followed ?? {};
    try {
      await session?.arrange(arrangement);
    } catch (error) {
      if (!arrangement.add) {
        throw error;
      }
      const named = Object.entries(fieldErrors(error)).map(([field, told]) => [field.split('.')[2], told]);
      return { name: messageOf(error), ...Object.fromEntries(named) };
    }
    await session?.settle();
    this._reveal(undefined, null);
    return null;
  }

  private async _tell<T>(act: Promise<T>): Promise<T | null> {
    try {
      return await act;
    } catch (error) {
      Notification.error(messageOf(error), { autoClose: 8000 });
      return null;
    }
  }

  private async _runNow(): Promise<void> {
    this._busy = true;
    this.update();
    try {
      await this.commands.execute(CommandIDs.runNow, { quiet: true });
    } finally {
      this._busy = false;
      this.update();
    }
  }

  private _redraw(): void {
    this.update();
  }

  private _busy = false;
  private followed: Followed | null = null;
  private _watched: NotebookPanel | null = null;
  private readonly _onRun: OnRun;
  private readonly _onJob: OnJob;
}
