import type { Runs } from '../api/server';
import type { Counts, JobEvent, Run, RunEvent, RunPage, RunState } from '../tokens/wire';
import type { Feed } from './feed';
import { Gather } from './gather';
import { answersTo, withEvent, withRow } from './merge';
import { Model } from './model';

export interface RunFilter {
  state: RunState | null;
  job?: string;
  notebook?: string;
  q: string;
}

const PAGE = 50;
const MOST = 200;
/** An event after which a row looks the same tells of something that events do not carry, such as a cancel request. */
function tellsNothing(before: Run, after: Run): boolean {
  return (
    before.state === after.state &&
    before.reason === after.reason &&
    before.attempt === after.attempt &&
    JSON.stringify(before.progress) === JSON.stringify(after.progress)
  );
}

/** More changed rows than this at once are cheaper fetched as a page. */
const FEW = 5;
/** Milliseconds between two looks at why runs wait. */
const WAITING_PACE = 10_000;

/** A live list of runs, newest first: pages by cursor, then kept true by events alone. */
export class RunList extends Model {
  constructor(
    private readonly _server: Pick<Runs, 'page' | 'get'>,
    feed: Feed,
    filter: Partial<RunFilter> = {},
    private readonly _pageSize = PAGE
  ) {
    super();
    this._filter = { state: null, q: '', ...filter };
    feed.event.connect(this._onEvent, this);
    feed.stale.connect(this._onStale, this);
  }

  rows: readonly Run[] = [];
  counts: Counts | null = null;
  loading = true;
  problem: unknown = null;

  get filter(): RunFilter {
    return this._filter;
  }

  get hasMore(): boolean {
    return this._cursor !== null;
  }

  override dispose(): void {
    this._details.dispose();
    this._counting.dispose();
    super.dispose();
  }

  narrow(filter: Partial<RunFilter>): Promise<void> {
    this._filter = { ...this._filter, ...filter };
    this.rows = [];
    this._cursor = null;
    this.loading = true;
    this._announce();
    return this.refresh();
  }

  /** Fetches again what is shown. Answers that a newer request has overtaken are dropped. */
  async refresh(): Promise<void> {
    const limit = Math.min(Math.max(this.rows.length, this._pageSize), MOST);
    await this._fetch({ limit }, page => {
      this.rows = page.runs;
    });
  }

  async loadMore(): Promise<void> {
    if (this._cursor === null || this.loading) {
      return;
    }
    this.loading = true;
    await this._fetch({ limit: this._pageSize, cursor: this._cursor }, page => {
      const known = new Set(this.rows.map(row => row.id));
      this.rows = [...this.rows, ...page.runs.filter(row => !known.has(row.id))];
    });
  }

  /** Why a run waits changes without an event; call it while somebody looks. */
  async lookAtWaiting(now: number): Promise<void> {
    const waiting = new Set(this.rows.filter(row => row.state === 'queued').map(row => row.id));
    if (!waiting.size || now - this._looked < WAITING_PACE) {
      return;
    }
    this._looked = now;
    try {
      const { runs } = await this._server.page({ ...this._query(), state: ['queued'], limit: PAGE });
      runs.filter(run => waiting.has(run.id)).forEach(run => this._renew(run));
      this._announce();
    } catch {
      // The reasons stay as they were; the next look asks again.
    }
  }

  /** Takes over a row that an action has just answered with. */
  put(row: Run): void {
    this.rows = this._wants(row) ? withRow(this.rows, row) : this.rows.filter(other => other.id !== row.id);
    this._counting.add('counts');
    this._announce();
  }

  remove(id: string): void {
    this.rows = this.rows.filter(row => row.id !== id);
    this._counting.add('counts');
    this._announce();
  }

  private async _fetch(
    window: { limit: number; cursor?: string },
    accept: (page: RunPage) => void
  ): Promise<void> {
    const ticket = ++this._ticket;
    this._meanwhile = [];
    try {
      const page = await this._server.page({ ...this._query(), ...window });
      if (ticket !== this._ticket || this.isDisposed) {
        return;
      }
      accept(page);
      this._cursor = page.next_cursor;
      this.counts = page.counts;
      this.problem = null;
      this._meanwhile.forEach(event => this._apply(event));
    } catch (error) {
      if (ticket !== this._ticket || this.isDisposed) {
        return;
      }
      this.problem = error;
    }
    this.loading = false;
    this._announce();
  }

  private _query() {
    const { state, job, notebook, q } = this._filter;
    return { state: state ? [state] : undefined, job, notebook, q };
  }

  private _wants(row: Run): boolean {
    const { state, job, notebook, q } = this._filter;
    return (
      (state === null || row.state === state) &&
      (job === undefined || row.job_id === job) &&
      (notebook === undefined || row.notebook === notebook) &&
      answersTo(row, q)
    );
  }

  private _onEvent(_: Feed, event: RunEvent | JobEvent): void {
    if (event.kind !== 'run' || !this._concerns(event)) {
      return;
    }
    this._meanwhile.push(event);
    if (this._apply(event)) {
      this._announce();
    }
  }

  private _concerns({ job_id, notebook }: RunEvent): boolean {
    const { filter } = this;
    return (!filter.notebook || notebook === filter.notebook) && (!filter.job || job_id === filter.job);
  }

  /** Whether anything shown has changed. A change of state brings new facts, which are fetched. */
  private _apply(event: RunEvent): boolean {
    const known = this.rows.find(row => row.id === event.run_id);
    if (known?.state !== event.state || known.attempt !== event.attempt) {
      this._details.add(event.run_id);
      this._counting.add('counts');
    }
    if (!known) {
      return false;
    }
    const row = withEvent(known, event);
    if (tellsNothing(known, row)) {
      this._details.add(event.run_id);
    }
    this.rows = this._wants(row) ? withRow(this.rows, row) : this.rows.filter(other => other.id !== row.id);
    return true;
  }

  private async _fetchDetails(ids: string[]): Promise<void> {
    if (ids.length > FEW) {
      return this.refresh();
    }
    for (const answer of await Promise.allSettled(ids.map(id => this._server.get(id)))) {
      if (answer.status === 'fulfilled' && !this.isDisposed) {
        this._replace(answer.value);
      }
    }
    this._announce();
  }

  private _replace(row: Run): void {
    const oldest = this.rows.at(-1);
    const beyond = this.hasMore && oldest !== undefined && row.created_at < oldest.created_at;
    if (!this._wants(row)) {
      this.rows = this.rows.filter(other => other.id !== row.id);
    } else if (!beyond) {
      this.rows = withRow(this.rows, row);
    }
  }

  /** Takes over an answer, unless an event has said more meanwhile. */
  private _renew(run: Run): void {
    this.rows = this.rows.map(row => (row.id === run.id && row.state === run.state ? run : row));
  }

  private async _count(): Promise<void> {
    try {
      const page = await this._server.page({ ...this._query(), limit: 1 });
      this.counts = page.counts;
      this._announce();
    } catch {
      // The numbers on the tabs stay as they were; the next event asks again.
    }
  }

  private _onStale(): void {
    void this.refresh();
  }

  private _cursor: string | null = null;
  private _looked = 0;
  private _filter: RunFilter;
  private _meanwhile: RunEvent[] = [];
  private _ticket = 0;
  private readonly _counting = new Gather(400, () => void this._count());
  private readonly _details = new Gather(120, ids => void this._fetchDetails(ids));
}
