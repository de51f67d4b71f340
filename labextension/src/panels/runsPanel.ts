import { createElement } from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { JobList } from '../model/jobs';
import { RunFilter, RunList } from '../model/runs';
import type { Workspace } from '../model/workspace';
import { actOnJob, actOnRun, OnJob, OnRun, openJobsMenu } from '../parts/dispatch';
import { healthOf } from '../parts/health';
import { paceOf, TickingWidget } from '../parts/ticking';
import { baseName } from '../tokens/paths';
import { RunsView } from './runs';

const TYPING_PAUSE = 250;

/** The content of the left side panel *Runs*. */
export class RunsPanel extends TickingWidget {
  constructor(
    private readonly workspace: Workspace,
    private readonly commands: CommandRegistry,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jns-Widget');
    this.runs = new RunList(workspace.server.runs, workspace.feed);
    this.jobs = new JobList(workspace.server.jobs, workspace.feed);
    this._onRun = actOnRun(commands);
    this._onJob = actOnJob(commands);
    for (const model of [this.runs, this.jobs]) {
      model.changed.connect(() => this.update());
    }
    workspace.statusChanged.connect(() => this.update(), this);
    void this._fetch();
  }

  /** Shows runs in one state only, of one job or notebook, or those that a text finds. */
  narrow(filter: Partial<RunFilter>): void {
    void this.runs.narrow(filter);
  }

  override dispose(): void {
    this.runs.dispose();
    this.jobs.dispose();
    super.dispose();
  }

  protected render(): JSX.Element {
    const { runs, jobs } = this;
    return createElement(RunsView, {
      health: healthOf(this.workspace, runs.problem),
      jobs: jobs.rows,
      moreJobs: jobs.hasMore,
      runs: runs.rows,
      moreRuns: runs.hasMore,
      loading: runs.loading,
      counts: runs.counts,
      state: runs.filter.state,
      q: this._typed ?? runs.filter.q,
      only: this._only(),
      now: Date.now(),
      onState: state => this.narrow({ state }),
      onSearch: q => this._search(q),
      onAll: () => this.narrow({ job: undefined, notebook: undefined }),
      onMore: () => void runs.loadMore(),
      onRun: this._onRun,
      onJob: this._onJob,
      onJobsMenu: anchor => openJobsMenu(this.commands, anchor),
      trans: this._trans
    });
  }

  protected pace(): number {
    return paceOf(this.runs.rows);
  }

  protected override look(): void {
    void this.runs.lookAtWaiting(Date.now());
  }

  /** Whose runs are shown, where it is not everybody's. */
  private _only(): string | null {
    const { job, notebook } = this.runs.filter;
    if (job !== undefined) {
      return (this.jobs.rows.find(({ id }) => id === job) ?? this.runs.rows[0])?.name ?? job;
    }
    return notebook === undefined ? null : baseName(notebook);
  }

  private async _fetch(): Promise<void> {
    await Promise.all([this.workspace.check(), this.runs.refresh(), this.jobs.refresh()]);
  }

  private _search(q: string): void {
    this._typed = q;
    this.update();
    clearTimeout(this._typing);
    this._typing = setTimeout(() => {
      this._typed = null;
      this.narrow({ q });
    }, TYPING_PAUSE);
  }

  private _typed: string | null = null;
  private _typing: ReturnType<typeof setTimeout> | undefined;
  private readonly _onRun: OnRun;
  private readonly _onJob: OnJob;
  private readonly jobs: JobList;
  private readonly runs: RunList;
}
