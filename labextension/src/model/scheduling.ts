import type { JSONObject, JSONValue } from '@lumino/coreutils';
import { messageOf, Problem } from '../api/problem';
import type { Server } from '../api/server';
import type { Inspection, Job, Run, TriggerPreview } from '../tokens/wire';
import { Draft, draftOf, jobRequest, newDraft, testRun } from './draft';
import { below, FieldErrors, fieldErrors, isPlaced, withoutParts } from './fieldErrors';
import { forecast } from './forecast';
import { Model } from './model';
import { render } from './rendering';
import { without } from './without';

const PREVIEW_PAUSE = 250;

/** Filling in the *Schedule* form: a draft, what the server says about it, and sending it. */
export class Scheduling extends Model {
  constructor(
    private readonly _server: Server,
    readonly notebook: string,
    zone: string,
    /** The job that is edited; null for a new one. */
    public job: Job | null = null
  ) {
    super();
    this.draft = job ? draftOf(job, zone, Date.now()) : newDraft(notebook, zone, Date.now());
    void this.readNotebook();
    void this._look();
  }

  draft: Draft;
  inspection: Inspection | null = null;
  preview: TriggerPreview | null = null;
  errors: FieldErrors = {};
  /** What the templates among the values would be at the next due time. */
  rendered: JSONObject = {};
  /** What is wrong with no field to blame. */
  problem: Problem | Error | null = null;
  busy = false;

  override dispose(): void {
    clearTimeout(this._timer);
    clearTimeout(this._rendering);
    super.dispose();
  }

  change(part: Partial<Draft>): void {
    this.draft = { ...this.draft, ...part };
    this.problem = null;
    this.errors = withoutParts(this.errors, Object.keys(part) as (keyof Draft)[]);
    if ('when' in part) {
      clearTimeout(this._timer);
      this._timer = setTimeout(() => void this._look(), PREVIEW_PAUSE);
    }
    if ('parameters' in part) {
      clearTimeout(this._rendering);
      this._rendering = setTimeout(() => void this._render(), PREVIEW_PAUSE);
    }
    this._announce();
  }

  setParameter(name: string, value: JSONValue): void {
    this.errors = without(this.errors, [`parameters.${name}`]);
    this.change({ parameters: { ...this.draft.parameters, [name]: value } });
  }

  /** The cell's own value again. */
  resetParameter(name: string): void {
    this.errors = without(this.errors, [`parameters.${name}`]);
    this.change({ parameters: without(this.draft.parameters as Record<string, JSONValue>, [name]) });
  }

  /** The messages beside the parameters, by parameter. */
  get parameterErrors(): FieldErrors {
    return below(this.errors, 'parameters');
  }

  /** Creates or changes the job; null where the server refused, which is then told beside the fields. */
  send(): Promise<Job | null> {
    const request = jobRequest(this.draft, this.inspection?.parameters ?? []);
    const { job } = this;
    return this._attempt(() =>
      job
        ? this._server.jobs.change(job.id, { ...request, revision: job.revision })
        : this._server.jobs.create(request)
    );
  }

  test(): Promise<Run | null> {
    return this._attempt(() =>
      this._server.runs.start(testRun(this.draft, this.inspection?.parameters ?? []))
    );
  }

  /** Somebody else changed the job meanwhile: start again from what it is now. */
  async reload(): Promise<void> {
    const { job } = this;
    if (job) {
      const fresh = await this._attempt(() => this._server.jobs.get(job.id));
      if (fresh) {
        this.job = fresh;
        this.draft = draftOf(fresh, this.draft.when.timezone, Date.now());
        await this._look();
      }
    }
  }

  async readNotebook(): Promise<void> {
    try {
      this.inspection = await this._server.parameters(this.notebook);
    } catch (error) {
      this._tell(error);
    }
    this._emit();
  }

  /** Asks for the next dates; what the server has against the trigger is told beside it, before it is sent. */
  private async _look(): Promise<void> {
    const { when } = this.draft;
    const ticket = ++this._ticket;
    let preview: TriggerPreview | null = null;
    let refused: FieldErrors = {};
    try {
      preview = await forecast(this._server, when, this.job, Date.now());
    } catch (error) {
      const told = fieldErrors(error);
      refused = Object.keys(told).length ? told : { trigger: messageOf(error) };
    }
    if (ticket === this._ticket) {
      this.preview = preview;
      const stale = Object.keys(this.errors).filter(field => field.startsWith('trigger'));
      this.errors = { ...without(this.errors, stale), ...refused };
      this._emit();
      await this._render();
    }
  }

  /** Tries the templates out; what the server has against one is told beside it. */
  private async _render(): Promise<void> {
    const { draft, preview } = this;
    const due = preview?.fires[0]?.at ?? new Date().toISOString();
    const { values, refused } = await render(this._server, draft, due);
    if (draft.parameters === this.draft.parameters) {
      this.rendered = values;
      const placed = Object.entries(refused).map(([name, message]) => [`parameters.${name}`, message]);
      Object.assign(this.errors, Object.fromEntries(placed));
      this._emit();
    }
  }

  private async _attempt<T>(request: () => Promise<T>): Promise<T | null> {
    this.busy = true;
    this.problem = null;
    this.errors = {};
    this._announce();
    try {
      return await request();
    } catch (error) {
      this._tell(error);
      return null;
    } finally {
      this.busy = false;
      this._emit();
    }
  }

  private _tell(error: unknown): void {
    const told = fieldErrors(error);
    const fields = Object.keys(told);
    if (fields.length) {
      this.errors = told;
    }
    if (!fields.every(isPlaced) || !fields.length) {
      this.problem = error instanceof Error ? error : new Error(String(error));
    }
  }

  private _emit(): void {
    if (!this.isDisposed) {
      this._announce();
    }
  }

  private _ticket = 0;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _rendering: ReturnType<typeof setTimeout> | undefined;
}
