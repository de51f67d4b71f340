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
    private readonly path: () => string | null,
    private readonly trans: TranslationBundle
  ) {
    this.jobs = new JobList(workspace.server.jobs, workspace.feed);
    this.jobs.changed.connect(this.show, this);
    context.pathChanged.connect(this.follow, this);
    button.disposed.connect(this.dispose, this);
    this.follow();
  }

  private follow(): void {
    const notebook = this.path();
    this.button.setHidden(notebook === null);
    if (notebook !== null) {
      void this.jobs.of(notebook);
    }
  }

  private dispose(): void {
    this.context.pathChanged.disconnect(this.follow, this);
    this.jobs.dispose();
  }

  private show(): void {
    const rows = this.jobs.rows;
    const { node } = this.button;
    node.classList.toggle('jns-mod-scheduled', rows.length > 0);
    const now = Date.now();
    const lines = rows.map(
      job => `${job.name}: ${scheduleWords(job, now, this.trans)}, ${nextTime(job, now, this.trans)}`
    );
    const title = [this.trans.__('Run or schedule'), ...lines].join('\n');
    const inner = node.querySelector('[title]') ?? node;
    inner.setAttribute('title', title);
    inner.setAttribute('aria-label', title);
    node.dataset.jobs = String(rows.length);
  }

  private readonly jobs: JobList;
}
