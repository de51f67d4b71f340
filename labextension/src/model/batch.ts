import type { Runs } from '../api/server';
import type { Batch, BatchRun, JobEvent, RunEvent } from '../tokens/wire';
import type { Feed } from './feed';
import { Gather } from './gather';
import { Model } from './model';

/** Milliseconds in which the news of a batch is fetched once; a large one takes longer to fetch and to read. */
const PAUSE = 400;
const PAUSE_PER_RUN = 2;

/** The runs of one sweep, kept true by events: progress is taken from them, whatever else they tell is fetched. */
export class LiveBatch extends Model {
  constructor(
    private readonly _server: Pick<Runs, 'batch'>,
    private readonly feed: Feed,
    readonly id: string
  ) {
    super();
    feed.event.connect(this._onEvent, this);
    feed.stale.connect(this.refresh, this);
  }

  batch: Batch | null = null;
  problem: unknown = null;

  override dispose(): void {
    this._news?.dispose();
    this.feed.event.disconnect(this._onEvent, this);
    this.feed.stale.disconnect(this.refresh, this);
    super.dispose();
  }

  /** One request at a time; what is told meanwhile is fetched after it. */
  async refresh(): Promise<void> {
    if (this._fetching) {
      this._again = true;
      return;
    }
    this._fetching = true;
    try {
      do {
        this._again = false;
        this.batch = keeping(this.batch?.runs ?? [], await this._server.batch(this.id));
        this.problem = null;
      } while (this._again);
    } catch (error) {
      this.problem = error;
    }
    this._fetching = false;
    this._announce();
  }

  private _onEvent(_: Feed, event: RunEvent | JobEvent): void {
    if (event.kind !== 'run' || event.batch_id !== this.id) {
      return;
    }
    if (!this.batch) {
      this._again = true;
      return;
    }
    const { runs } = this.batch;
    const known = runs.find(run => run.id === event.run_id);
    const { state, attempt, progress } = event;
    if (!progress || known?.state !== state || known.attempt !== attempt) {
      this._news ??= new Gather(PAUSE + PAUSE_PER_RUN * runs.length, () => void this.refresh());
      this._news.add(this.id);
      return;
    }
    this.batch = { ...this.batch, runs: runs.map(run => (run === known ? { ...run, progress } : run)) };
    this._announce();
  }

  private _again = false;
  private _fetching = false;
  private _news: Gather | null = null;
}

/** Runs that are as they were stay the same objects, so that their rows need not be drawn again. */
function keeping(known: readonly BatchRun[], batch: Batch): Batch {
  const before = new Map(known.map(run => [run.id, run]));
  const same = (one: BatchRun, other: BatchRun) => JSON.stringify(one) === JSON.stringify(other);
  const kept = (run: BatchRun) => before.get(run.id) ?? run;
  return { ...batch, runs: batch.runs.map(run => (same(kept(run), run) ? kept(run) : run)) };
}
