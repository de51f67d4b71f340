import type { JSONValue } from '@lumino/coreutils';
import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import { Problem } from '../api/problem';
import type { Server } from '../api/server';
import type { Inspection, Job, Run, TriggerPreview } from '../tokens/wire';
import { without } from './without';
import { Draft, draftOf, jobRequest, newDraft, testRun, triggerOf } from './draft';

const FIRES = 5;
const PREVIEW_PAUSE = 250;

/** Filling in the *Schedule* form: a draft, what the server says about it, and sending it. */
export class Scheduling implements IDisposable {
  constructor(
    private readonly server: Server,
    readonly notebook: string,
    zone: string,
    /** The job that is edited; null for a new one. */
    public job: Job | null = null
  ) {
    this.draft = job ? draftOf(job, zone) : newDraft(notebook, zone);
    void this.readNotebook();
    void this.look();
  }

  draft: Draft;
  inspection: Inspection | null = null;
  preview: TriggerPreview | null = null;
  /** What is wrong, by the API's name of the field (`trigger.cron`, `parameters.region`). */
  errors: Record<string, string> = {};
  /** What is wrong with no field to blame. */
  problem: Problem | Error | null = null;
  busy = false;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._disposed;
  }

  dispose(): void {
    this._disposed = true;
    clearTimeout(this._timer);
    Signal.clearData(this);
  }

  change(part: Partial<Draft>): void {
    this.draft = { ...this.draft, ...part };
    this.problem = null;
    this.errors = without(
      this.errors,
      Object.keys(part).flatMap(name => FIELDS[name] ?? [])
    );
    if ('when' in part || 'timezone' in part) {
      clearTimeout(this._timer);
      this._timer = setTimeout(() => void this.look(), PREVIEW_PAUSE);
    }
    this._changed.emit();
  }

  setParameter(name: string, value: JSONValue): void {
    this.errors = without(this.errors, [`parameters.${name}`]);
    this.change({ parameters: { ...this.draft.parameters, [name]: value } });
  }

  /** The messages beside the parameters, by parameter. */
  get parameterErrors(): Record<string, string> {
    return below(this.errors, 'parameters.');
  }

  /** Creates or changes the job; null where the server refused, which is then told beside the fields. */
  send(): Promise<Job | null> {
    const request = jobRequest(this.draft, this.inspection?.parameters ?? []);
    const { job } = this;
    return this._attempt(() =>
      job
        ? this.server.jobs.change(job.id, { ...request, revision: job.revision })
        : this.server.jobs.create(request)
    );
  }

  test(): Promise<Run | null> {
    return this._attempt(() =>
      this.server.runs.start(testRun(this.draft, this.inspection?.parameters ?? []))
    );
  }

  /** Somebody else changed the job meanwhile: start again from what it is now. */
  async reload(): Promise<void> {
    const { job } = this;
    if (job) {
      const fresh = await this._attempt(() => this.server.jobs.get(job.id));
      if (fresh) {
        this.job = fresh;
        this.draft = draftOf(fresh, this.draft.timezone);
        await this.look();
      }
    }
  }

  async readNotebook(): Promise<void> {
    try {
      this.inspection = await this.server.parameters(this.notebook);
    } catch (error) {
      this._tell(error);
    }
    this._emit();
  }

  private async look(): Promise<void> {
    const trigger = triggerOf(this.draft);
    const ticket = ++this._ticket;
    let preview: TriggerPreview | null = null;
    let refused: Record<string, string> = {};
    try {
      preview = trigger && (await this.server.preview(trigger, FIRES));
    } catch (error) {
      refused = triggerErrors(error);
    }
    if (ticket === this._ticket) {
      this.preview = preview;
      this.errors = { ...without(this.errors, ['trigger.cron', 'trigger.timezone']), ...refused };
      this._emit();
    }
  }

  private async _attempt<T>(request: () => Promise<T>): Promise<T | null> {
    this.busy = true;
    this.problem = null;
    this.errors = {};
    this._changed.emit();
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
    if (error instanceof Problem && error.errors.length) {
      this.errors = Object.fromEntries(error.errors.map(({ field, message }) => [field, message]));
    }
    const unplaced = Object.keys(this.errors).some(field => !PLACED.test(field));
    if (!(error instanceof Problem) || !error.errors.length || unplaced) {
      this.problem = error instanceof Error ? error : new Error(String(error));
    }
  }

  private _emit(): void {
    if (!this._disposed) {
      this._changed.emit();
    }
  }

  private _disposed = false;
  private _ticket = 0;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private readonly _changed = new Signal<this, void>(this);
}

/** The API's fields that a part of the draft stands for. */
const FIELDS: Record<string, string[]> = {
  name: ['name'],
  kernel: ['kernel'],
  when: ['trigger', 'trigger.cron'],
  timezone: ['trigger.timezone'],
  attempts: ['retry.max_attempts'],
  delay: ['retry.delay_seconds'],
  timeout: ['timeout_seconds'],
  cellTimeout: ['cell_timeout_seconds'],
  tags: ['tags'],
  description: ['description']
};

/** Fields with an input of their own, beside which the message stands. */
const PLACED =
  /^(name|kernel|trigger(\.(cron|timezone))?|retry\.(max_attempts|delay_seconds)|timeout_seconds|cell_timeout_seconds|tags|description|parameters\..+)$/;

function triggerErrors(error: unknown): Record<string, string> {
  if (!(error instanceof Problem)) {
    return { 'trigger.cron': String(error) };
  }
  const { errors, message } = error;
  return errors.length
    ? Object.fromEntries(
        errors.map(one => [one.field === 'trigger' ? 'trigger.cron' : one.field, one.message])
      )
    : { 'trigger.cron': message };
}

function below(errors: Record<string, string>, prefix: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(errors)
      .filter(([field]) => field.startsWith(prefix))
      .map(([field, message]) => [field.slice(prefix.length), message])
  );
}
