import { messageOf } from '../api/problem';
import type { Jobs } from '../api/server';
import type { BackfillRequest, Job, Run } from '../tokens/wire';
import { FieldErrors, fieldErrors } from './fieldErrors';
import { instantOf, isZone, wallOf } from './instants';
import { Model } from './model';
import { browserZone } from './times';

const PAUSE = 250;
const DAY = 86_400_000;

/** What is to be backfilled; `to` is not included, as everywhere. */
export interface Range {
  from: string;
  to: string;
}

/** `from` and `to` are wall times in the job's zone. */
export interface BackfillDraft extends Range {
  again: boolean;
}

/** A range of due times being chosen, and what would run in it. */
export class Backfilling extends Model {
  constructor(
    private readonly _server: Pick<Jobs, 'backfillSlots' | 'backfill'>,
    readonly job: Job,
    range: Range
  ) {
    super();
    this.zone = zoneOf(job);
    this.draft = { from: wallOf(range.from, this.zone), to: wallOf(range.to, this.zone), again: false };
    void this._count();
  }

  readonly zone: string;
  draft: BackfillDraft;
  /** The due times that would run; null while that is not known. */
  slots: readonly string[] | null = null;
  errors: FieldErrors = {};
  /** What is wrong with no field to blame. */
  problem: string | null = null;

  override dispose(): void {
    clearTimeout(this._timer);
    super.dispose();
  }

  change(part: Partial<BackfillDraft>): void {
    this.draft = { ...this.draft, ...part };
    this.slots = null;
    this._ticket += 1;
    clearTimeout(this._timer);
    this._timer = setTimeout(() => void this._count(), PAUSE);
    this._announce();
  }

  start(): Promise<Run[]> {
    return this._server.backfill(this.job.id, this._request());
  }

  private async _count(): Promise<void> {
    const ticket = ++this._ticket;
    let slots: readonly string[] | null = null;
    let refused: unknown = null;
    try {
      slots = await this._server.backfillSlots(this.job.id, this._request());
    } catch (error) {
      refused = error;
    }
    if (ticket === this._ticket && !this.isDisposed) {
      this.slots = slots;
      this.errors = fieldErrors(refused);
      const placed = 'from' in this.errors || 'to' in this.errors;
      this.problem = refused && !placed ? messageOf(refused) : null;
      this._announce();
    }
  }

  private _request(): BackfillRequest {
    const { from, to, again } = this.draft;
    return { from: instantOf(from, this.zone), to: instantOf(to, this.zone), again };
  }

  private _ticket = 0;
  private _timer: ReturnType<typeof setTimeout> | undefined;
}

/** The span of missed due times that a run record stands for, its last one included. */
export function rangeOf({ from, to }: NonNullable<Run['covers']>): Range {
  const last = Date.parse(to);
  const step = last % 60_000 ? 1000 : 60_000;
  return { from, to: new Date(Math.floor(last / step) * step + step).toISOString() };
}

/** The day up to now, for one who has not said. */
export function lastDay(now: number): Range {
  const minute = Math.floor(now / 60_000) * 60_000;
  return { from: new Date(minute - DAY).toISOString(), to: new Date(minute).toISOString() };
}

function zoneOf({ trigger }: Job): string {
  return trigger?.type === 'cron' && isZone(trigger.timezone) ? trigger.timezone : browserZone();
}
