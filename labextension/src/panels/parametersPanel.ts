import { createElement } from 'react';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { LiveCells } from '../model/cells';
import { JobList } from '../model/jobs';
import { ParametersSession } from '../model/parameters';
import { RunList } from '../model/runs';
import type { Workspace } from '../model/workspace';
import { CommandIDs } from '../tokens/names';
import { baseName } from '../tokens/paths';
import { actOnJob, actOnRun, OnJob, OnRun } from '../parts/dispatch';
import { healthOf } from '../parts/health';
import { ParametersView } from './parameters';
import { paceOf, TickingWidget } from '../parts/ticking';
import '../parts/styles';

const RECENT = 8;

/** What the panel follows: one notebook, its live cells, its jobs and its runs. */
class Followed {
  constructor(
    private readonly workspace: Workspace,
    readonly panel: NotebookPanel,
    readonly path: string,
    changed: () => void
  ) {
    const { server, feed } = workspace;
    this.jobs = new JobList(server.jobs, feed, path);
    this.runs = new RunList(server.runs, feed, { notebook: path }, RECENT);
    this.jobs.changed.connect(changed);
    this.runs.changed.connect(changed);
    void this.jobs.refresh();
    void this.runs.refresh();
    panel.context.fileChanged.connect(this.compare, this);
    void panel.context.ready.then(() => this.read(changed));
  }

  readonly jobs: JobList;
  readonly runs: RunList;
  session: ParametersSession | null = null;

  dispose(): void {
    this.disposed = true;
    this.panel.context.fileChanged.disconnect(this.compare, this);
    this.jobs.dispose();
    this.runs.dispose();
    this.session?.dispose();
    this.workspace.sessions.delete(this.path);
  }

  /** A saved file may now be newer than the versions that the jobs run. */
  private compare(): void {
    void this.jobs.refresh();
  }

  private read(changed: () => void): void {
    const model = this.panel.model;
    if (model && !this.disposed) {
      const { contentsModel } = this.panel.context;
      const readOnly = () => model.readOnly || contentsModel?.writable === false;
      this.session = new ParametersSession(this.workspace.server, new LiveCells(model.sharedModel), readOnly);
      this.session.changed.connect(changed);
      this.workspace.sessions.set(this.path, this.session);
    }
  }

  private disposed = false;
}

/** The content of the right side panel *Parameters*: follows the notebook in front. */
export class ParametersPanel extends TickingWidget {
  constructor(
    private readonly workspace: Workspace,
    private readonly tracker: INotebookTracker,
    private readonly commands: CommandRegistry,
    private readonly pathOf: (panel: NotebookPanel) => string | null,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('jns-Widget');
    this.onRun = actOnRun(commands);
    this.onJob = actOnJob(commands);
    tracker.currentChanged.connect(this.follow, this);
    tracker.activeCellChanged.connect(this.redraw, this);
    workspace.statusChanged.connect(this.redraw, this);
    void workspace.check();
    this.follow();
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
      inspection: session?.inspection ?? null,
      values: session?.values ?? {},
      errors: session?.errors ?? {},
      busy: this.busy,
      activeCell: this.tracker.activeCell?.model.type === 'code',
      jobs: followed?.jobs.rows ?? [],
      runs: followed?.runs.rows ?? [],
      moreRuns: followed?.runs.hasMore ?? false,
      now: Date.now(),
      onEdit: (name, value) => session?.edit(name, value),
      onRunNow: () => void this.runNow(),
      onSchedule: () => void commands.execute(CommandIDs.schedule),
      onMakeCell: () => void commands.execute(CommandIDs.makeParametersCell),
      onMore: () => void followed?.runs.loadMore(),
      onRun: this.onRun,
      onJob: this.onJob,
      trans: this.trans
    });
  }

  protected pace(): number {
    return paceOf(this.followed?.runs.rows ?? []);
  }

  protected override look(): void {
    void this.followed?.runs.lookAtWaiting(Date.now());
  }

  private follow(): void {
    const panel = this.tracker.currentWidget;
    const path = panel && this.pathOf(panel);
    if (this.followed && this.followed.panel === panel && this.followed.path === path) {
      return;
    }
    this.followed?.dispose();
    this.watched?.context.pathChanged.disconnect(this.follow, this);
    this.watched = panel;
    panel?.context.pathChanged.connect(this.follow, this);
    this.followed =
      panel && path !== null ? new Followed(this.workspace, panel, path, () => this.update()) : null;
    this.update();
  }

  private async runNow(): Promise<void> {
    this.busy = true;
    this.update();
    try {
      await this.commands.execute(CommandIDs.runNow, { quiet: true });
    } finally {
      this.busy = false;
      this.update();
    }
  }

  private redraw(): void {
    this.update();
  }

  private busy = false;
  private followed: Followed | null = null;
  private watched: NotebookPanel | null = null;
  private readonly onRun: OnRun;
  private readonly onJob: OnJob;
}
