import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ToolbarButton } from '@jupyterlab/ui-components';
import { JobList } from '../model/jobs';
import { nextTime } from '../model/jobWords';
import { scheduleWords } from '../model/schedule';
import type { Workspace } from '../model/workspace';

/** Tells on a notebook's toolbar button which jobs the notebook already has. */
export class Badge {
  constructor(
    private readonly button: ToolbarButton,
    workspace: Workspace,
    private readonly context: DocumentRegistry.Context,
    private readonly _path: () => string | null,
    private readonly _trans: TranslationBundle
  ) {
    this._jobs = new JobList(workspace.server.jobs, workspace.feed);
    this._jobs.changed.connect(this._show, this);
    context.pathChanged.connect(this._follow, this);
    button.disposed.connect(this._dispose, this);
    this._follow();
  }

  private _follow(): void {
    const notebook = this._path();
    this.button.setHidden(notebook === null);
    if (notebook !== null) {
      void this._jobs.of(notebook);
    }
  }

  private _dispose(): void {
    this.context.pathChanged.disconnect(this._follow, this);
    this._jobs.dispose();
  }

  private _show(): void {
    const rows = this._jobs.rows;
    const { node } = this.button;
    node.classList.toggle('jns-mod-scheduled', rows.length > 0);
    const now = Date.now();
    const lines = rows.map(
      job => `${job.name}: ${scheduleWords(job, now, this._trans)}, ${nextTime(job, now, this._trans)}`
    );
    const title = [this._trans.__('Run or schedule'), ...lines].join('\n');
    const inner = node.querySelector('[title]') ?? node;
    inner.setAttribute('title', title);
    inner.setAttribute('aria-label', title);
    node.dataset.jobs = String(rows.length);
  }

  private readonly _jobs: JobList;
}
