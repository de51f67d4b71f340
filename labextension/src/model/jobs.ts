import type { Jobs } from '../api/server';
import type { Job, JobEvent, RunEvent } from '../tokens/wire';
import type { Feed } from './feed';
import { Gather } from './gather';
import { hasEnded } from './merge';
import { Model } from './model';

const PAGE = 100;

/** The jobs of the workspace, or of one notebook, soonest first; kept true by events. */
export class JobList extends Model {
  constructor(
    private readonly _server: Pick<Jobs, 'page'>,
    feed: Feed,
    private _notebook: string | undefined = undefined
  ) {
    super();
    feed.event.connect(this._onEvent, this);
    feed.stale.connect(this._onStale, this);
  }

  rows: readonly Job[] = [];
  /** More jobs exist than are shown. */
  hasMore = false;
  problem: unknown = null;

  override dispose(): void {
    this._due.dispose();
    super.dispose();
  }

  of(notebook: string): Promise<void> {
    this._notebook = notebook;
    this.rows = [];
    return this.refresh();
  }

  async refresh(): Promise<void> {
    const ticket = ++this._ticket;
    try {
      const page = await this._server.page({ notebook: this._notebook, limit: PAGE });
      if (ticket !== this._ticket || this.isDisposed) {
        return;
      }
      this.rows = [...page.jobs].sort(bySoonest);
      this.hasMore = page.next_cursor !== null;
      this.problem = null;
    } catch (error) {
      this.problem = error;
    }
    this._announce();
  }

  private _onEvent(_: Feed, event: RunEvent | JobEvent): void {
    const matters =
      event.kind === 'job' ||
      (event.job_id !== null &&
        (hasEnded(event.state) || event.state === 'queued') &&
        this.rows.some(job => job.id === event.job_id));
    if (matters) {
      this._due.add('jobs');
    }
  }

  private _onStale(): void {
    void this.refresh();
  }

  private _ticket = 0;
  private readonly _due = new Gather(300, () => void this.refresh());
}

/** Next fire first; jobs that will not fire (paused, by hand only) come last, by name. */
export function bySoonest(left: Job, right: Job): number {
  const never = '9999';
  const [first, second] = [left.next_run_at ?? never, right.next_run_at ?? never];
  return first < second ? -1 : first > second ? 1 : left.name.localeCompare(right.name);
}
