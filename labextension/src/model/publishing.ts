import { messageOf, Problem } from '../api/problem';
import type { Server } from '../api/server';
import type { Differences, Published, PublishedFix } from '../tokens/versions';
import type { JobEvent, Run, RunEvent } from '../tokens/wire';
import type { Feed } from './feed';
import { Gather } from './gather';
import { hasEnded } from './merge';
import { Model } from './model';

/** What becomes a version: what was mended in the debug copy of a run, or (of a job) its notebook or an earlier version. */
export type Subject = { run: string; notebook: string } | { job: string; version: string | null };

/** Milliseconds between two looks at the trial while it goes on. */
const PACE = 500;

/** Making something the version that a job runs: what that would change, the trial before, what has come of it. */
export class Publishing extends Model {
  constructor(
    private readonly server: Pick<Server, 'runs' | 'jobs'>,
    private readonly feed: Feed,
    readonly subject: Subject
  ) {
    super();
    feed.event.connect(this._onEvent, this);
    feed.stale.connect(this._lookAtTrial, this);
  }

  /** The name of the run or job that it is about. */
  name = '';
  told: (Published & Partial<PublishedFix>) | null = null;
  /** Where it is to become the version of, beside the job itself. */
  chosen: ReadonlySet<string> = new Set();
  message = '';
  /** The notebook in the workspace gets it, too; `onlyNotebook`: there is no job with a version of its own. */
  write = false;
  onlyNotebook = false;
  /** The person has seen what changed there meanwhile, and wants it written over. */
  over = false;
  trial: Run | null = null;
  /** What has been published. */
  done: Published | null = null;
  problem: string | null = null;
  busy = false;

  override dispose(): void {
    this._news.dispose();
    this.feed.event.disconnect(this._onEvent, this);
    this.feed.stale.disconnect(this._lookAtTrial, this);
    super.dispose();
  }

  get trying(): boolean {
    return this.trial !== null && !hasEnded(this.trial.state);
  }

  /** Somebody else's changes would be lost. */
  get conflict(): { last_modified: string; diff: Differences } | null {
    return (this.write && this.told?.conflict) || null;
  }

  /** Whether a run has shown that it works; what was a version before has been tried out often enough. */
  get tested(): boolean {
    return this.told?.tested ?? true;
  }

  set(part: Partial<Pick<Publishing, 'message' | 'write' | 'over'>>): void {
    Object.assign(this, part);
    this._announce();
  }

  choose(job: string, wanted: boolean): void {
    const rest = [...this.chosen].filter(id => id !== job);
    this.chosen = new Set(wanted ? [...rest, job] : rest);
    this._announce();
  }

  /** Asks what it would do. Choices that were made stay. */
  look(): Promise<void> {
    return this._act(async () => {
      const first = this.told === null;
      this.name ||= await this._ask();
      this.told = await this._send({ dry_run: true, jobs: [] }).catch(error => {
        if (this.onlyNotebook || !(error instanceof Problem) || !ONLY_NOTEBOOK.includes(error.reason)) {
          throw error;
        }
        this.onlyNotebook = this.write = true;
        return this._send({ dry_run: true, jobs: [] });
      });
      if (first) {
        this.chosen = new Set(this.told.others.filter(job => job.preselected).map(job => job.id));
      }
    });
  }

  /** Starts a run of it with the values of the failed one; where that succeeds, it becomes the version. */
  try(): Promise<void> {
    const { subject } = this;
    return this._act(async () => {
      if ('run' in subject) {
        this.trial = await this.server.runs.rerun(subject.run, { notebook: subject.notebook });
      }
    });
  }

  cancelTrial(): Promise<void> {
    return this._act(async () => {
      this.trial &&= await this.server.runs.cancel(this.trial.id);
    });
  }

  publish(version?: string): Promise<void> {
    return this._act(async () => {
      const known = new Set(this.told?.others.map(job => job.id));
      const jobs = [...this.chosen].filter(id => known.has(id));
      try {
        this.done = await this._send({ dry_run: false, jobs, source_version: version });
      } catch (error) {
        this.told = await this._send({ dry_run: true, jobs: [] }); // what stands against it now
        throw error;
      }
    });
  }

  private async _ask(): Promise<string> {
    const { subject, server } = this;
    return ('run' in subject ? await server.runs.get(subject.run) : await server.jobs.get(subject.job)).name;
  }

  private _send(part: { dry_run: boolean; jobs: string[]; source_version?: string }) {
    const { subject, server, conflict } = this;
    const request = { message: this.message, ...part };
    if ('job' in subject) {
      return server.jobs.publish(subject.job, { ...request, source_version: subject.version });
    }
    return server.runs.publishFix(subject.run, {
      ...request,
      notebook: subject.notebook,
      write_notebook: this.write,
      last_modified: conflict && this.over ? conflict.last_modified : undefined
    });
  }

  private async _act(step: () => Promise<void>): Promise<void> {
    if (this.busy) {
      return;
    }
    this.busy = true;
    this.problem = null;
    this._announce();
    try {
      await step();
    } catch (error) {
      this.problem = wordsOf(error);
    }
    this.busy = false;
    this._announce();
  }

  private _onEvent(_: Feed, event: RunEvent | JobEvent): void {
    if (event.kind === 'run' && event.run_id === this.trial?.id) {
      this._news.add(event.run_id);
    }
  }

  private async _lookAtTrial(): Promise<void> {
    if (!this.trial || !this.trying || this.isDisposed) {
      return;
    }
    const { id } = this.trial;
    try {
      const trial = await this.server.runs.get(id);
      if (this.busy) {
        this._news.add(id);
      } else if (this.trying && !this.isDisposed) {
        this.trial = trial;
        this._announce();
        if (trial.state === 'succeeded') {
          await this.publish(trial.source_version);
        }
      }
    } catch {
      // The next event, or a connection that is back, asks again.
    }
  }

  private readonly _news = new Gather(PACE, () => void this._lookAtTrial());
}

/** Refusals that say that there is no version to change, but a notebook. */
const ONLY_NOTEBOOK = ['no_job', 'live_job'];

function wordsOf(error: unknown): string {
  const fields = error instanceof Problem ? error.errors.map(({ message }) => message) : [];
  return fields.length ? fields.join(' · ') : messageOf(error);
}
