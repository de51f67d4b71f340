import { createElement } from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import { Gather } from '../model/gather';
import type { Workspace } from '../model/workspace';
import { healthOf } from '../parts/health';
import { CommandIDs } from '../tokens/names';
import type { Version } from '../tokens/versions';
import type { Job, JobEvent, RunEvent } from '../tokens/wire';
import { Pair, Versions } from './versions';

/** The content of a tab with the versions of a job. */
export class VersionsTab extends ReactWidget {
  constructor(
    private readonly workspace: Workspace,
    private readonly commands: CommandRegistry,
    private readonly trans: TranslationBundle,
    private readonly jobId: string
  ) {
    super();
    this.addClass('jns-Widget');
    workspace.feed.event.connect(this._onEvent, this);
    workspace.feed.stale.connect(this._fetch, this);
    workspace.statusChanged.connect(this.update, this);
    void this._fetch();
  }

  override dispose(): void {
    const { feed } = this.workspace;
    feed.event.disconnect(this._onEvent, this);
    feed.stale.disconnect(this._fetch, this);
    this._news.dispose();
    super.dispose();
  }

  protected render(): JSX.Element {
    const { workspace, commands, trans, jobId: id, job, versions, pair, problem } = this;
    return createElement(Versions, {
      health: healthOf(workspace, problem),
      job,
      versions,
      pair,
      now: Date.now(),
      onPair: pair => {
        this.pair = pair;
        this.update();
      },
      onUse: version => void commands.execute(CommandIDs.publishJob, { job: id, version }),
      load: ({ left, right }, theme) => workspace.server.jobs.versionsCompared(id, left, right, theme),
      trans
    });
  }

  private _onEvent(_: unknown, event: RunEvent | JobEvent): void {
    if (event.job_id === this.jobId) {
      this._news.add(this.jobId);
    }
  }

  private async _fetch(): Promise<void> {
    const { jobs } = this.workspace.server;
    try {
      [this.job, this.versions] = await Promise.all([jobs.get(this.jobId), jobs.versions(this.jobId)]);
      this.problem = null;
    } catch (error) {
      this.problem = error;
    }
    this.update();
  }

  private job: Job | null = null;
  private versions: readonly Version[] | null = null;
  private pair: Pair | null = null;
  private problem: unknown = null;
  private readonly _news = new Gather(500, () => void this._fetch());
}
