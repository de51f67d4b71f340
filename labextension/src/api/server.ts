import type { JSONObject } from '@lumino/coreutils';
import type * as versions from '../tokens/versions';
import type * as wire from '../tokens/wire';
import type { Client } from './client';

export interface RunQuery {
  state?: readonly wire.RunState[];
  job?: string;
  notebook?: string;
  cause?: wire.Run['cause'];
  q?: string;
  limit?: number;
  cursor?: string | null;
}

export interface JobQuery {
  notebook?: string;
  limit?: number;
  cursor?: string | null;
}

const at = (...parts: string[]) => parts.map(encodeURIComponent).join('/');

export class Runs {
  constructor(private readonly client: Client) {}

  page(query: RunQuery): Promise<wire.RunPage> {
    return this.client.send('GET', 'runs', { query: { ...query } });
  }
  get(id: string): Promise<wire.Run> {
    return this.client.send('GET', at('runs', id));
  }
  start(request: wire.RunRequest): Promise<wire.Run> {
    return this.client.send('POST', 'runs', { body: request });
  }
  /** The id of the batch. */
  async sweep(request: wire.SweepRequest): Promise<string> {
    return (await this.client.send<{ batch_id: string }>('POST', 'runs', { body: request })).batch_id;
  }
  batch(id: string): Promise<wire.Batch> {
    return this.client.send('GET', at('batches', id));
  }
  /** Cancels those that have not ended. */
  cancelBatch(id: string): Promise<void> {
    return this.client.send('POST', at('batches', id, 'cancel'), { body: {} });
  }
  cancel(id: string): Promise<wire.Run> {
    return this.client.send('POST', at('runs', id, 'cancel'), { body: {} });
  }
  rerun(id: string, options: wire.Rerun): Promise<wire.Run> {
    return this.client.send('POST', at('runs', id, 'rerun'), { body: options });
  }
  debug(id: string): Promise<wire.DebugCopy> {
    return this.client.send('POST', at('runs', id, 'debug'), { body: {} });
  }
  takeOver(id: string): Promise<wire.DebugCopy> {
    return this.client.send('POST', at('runs', id, 'take-over'), { body: {} });
  }
  /** Keeps the run's kernel for that long from now on; 0 ends it. */
  keepKernel(id: string, seconds: number): Promise<wire.Run> {
    return this.client.send('POST', at('runs', id, 'kernel'), { body: { keep_seconds: seconds } });
  }
  /** Gives a kernel the secrets of the run, so that its cells can run there again. */
  replay(id: string, kernel: string): Promise<void> {
    return this.client.send('POST', at('runs', id, 'replay'), { body: { kernel_id: kernel } });
  }
  /** The address of its output notebook as a page to read. */
  pageAddress(id: string, { attempt, hideCode }: wire.Shown): string {
    const query = { format: 'html', attempt, hide_code: hideCode ? 1 : null };
    return this.client.address(at('runs', id, 'output'), query);
  }
  pageText(id: string, shown: wire.Shown): Promise<string> {
    return this.client.text(this.pageAddress(id, shown));
  }
  /** What was mended in a debug copy becomes a version. */
  publishFix(id: string, request: versions.PublishFixRequest): Promise<versions.PublishedFix> {
    return this.client.send('POST', at('runs', id, 'publish-fix'), { body: request });
  }
  /** A page that compares it with another run, `last_success` or its `source`. */
  comparison(id: string, against: string, theme: string): Promise<string> {
    const query = { against, format: 'html', theme };
    return this.client.text(this.client.address(at('runs', id, 'diff'), query));
  }
  delete(id: string): Promise<void> {
    return this.client.send('DELETE', at('runs', id));
  }
}

export class Jobs {
  constructor(private readonly client: Client) {}

  page(query: JobQuery): Promise<wire.JobPage> {
    return this.client.send('GET', 'jobs', { query: { ...query } });
  }
  get(id: string): Promise<wire.Job> {
    return this.client.send('GET', at('jobs', id));
  }
  create(request: wire.JobRequest): Promise<wire.Job> {
    return this.client.send('POST', 'jobs', { body: request });
  }
  /** Without a `revision` it is meant for the job as it is now, whoever changed it meanwhile. */
  change(
    id: string,
    changes: Partial<wire.JobRequest> & Partial<Pick<wire.Job, 'revision'>>
  ): Promise<wire.Job> {
    return this.client.send('PATCH', at('jobs', id), { body: changes });
  }
  delete(id: string): Promise<void> {
    return this.client.send('DELETE', at('jobs', id));
  }
  run(id: string): Promise<wire.Run> {
    return this.client.send('POST', at('jobs', id, 'run'), { body: {} });
  }
  pause(id: string, until: string | null): Promise<wire.Job> {
    return this.client.send('POST', at('jobs', id, 'pause'), { body: { until } });
  }
  resume(id: string): Promise<wire.Job> {
    return this.client.send('POST', at('jobs', id, 'resume'), { body: {} });
  }
  /** All of them; how many were changed. */
  pauseAll(): Promise<{ changed: number }> {
    return this.client.send('POST', 'pause', { body: {} });
  }
  resumeAll(): Promise<{ changed: number }> {
    return this.client.send('POST', 'resume', { body: {} });
  }
  /** Leaves one due time out; the run record that says so. */
  skip(id: string, scheduledFor: string): Promise<wire.Run> {
    return this.client.send('POST', at('jobs', id, 'skip'), { body: { scheduled_for: scheduledFor } });
  }
  /** The due times that a backfill would run. */
  async backfillSlots(id: string, request: wire.BackfillRequest): Promise<string[]> {
    const body = { ...request, dry_run: true };
    const { slots } = await this.client.send<{ slots: string[] }>('POST', at('jobs', id, 'backfill'), {
      body
    });
    return slots;
  }
  async backfill(id: string, request: wire.BackfillRequest): Promise<wire.Run[]> {
    const body = { ...request, dry_run: false };
    const { runs } = await this.client.send<{ runs: wire.Run[] }>('POST', at('jobs', id, 'backfill'), {
      body
    });
    return runs;
  }
  /** Newest first. */
  versions(id: string): Promise<versions.Version[]> {
    return this.client.send('GET', at('jobs', id, 'versions'));
  }
  /** A page that compares two of its versions; `notebook` is the file as it is now. */
  versionsCompared(id: string, left: string, right: string, theme: string): Promise<string> {
    const query = { left, right, format: 'html', theme };
    return this.client.text(this.client.address(at('jobs', id, 'versions', 'diff'), query));
  }
  publish(id: string, request: versions.PublishRequest): Promise<versions.Published> {
    return this.client.send('POST', at('jobs', id, 'publish'), { body: request });
  }
  /** Where the notebook of a job that misses it may have gone. */
  moved(id: string): Promise<wire.Moved> {
    return this.client.send('GET', at('jobs', id, 'moved'));
  }
}

/** Every call that the front end makes. */
export class Server {
  readonly runs: Runs;
  readonly jobs: Jobs;

  constructor(private readonly client: Client) {
    this.runs = new Runs(client);
    this.jobs = new Jobs(client);
  }

  status(): Promise<wire.Status> {
    return this.client.send('GET', 'status');
  }
  parameters(notebook: string): Promise<wire.Inspection> {
    return this.client.send('GET', 'parameters', { query: { notebook } });
  }
  inspect(
    cells: wire.CellText[],
    kernel: string | null,
    values: JSONObject | null,
    presets: wire.Presets
  ): Promise<wire.Inspection> {
    return this.client.send('POST', 'parameters/inspect', { body: { cells, kernel, values, presets } });
  }
  /** What could become a parameter. */
  async candidates(cells: wire.CellText[], kernel: string | null): Promise<wire.Candidate[]> {
    const body = { cells, kernel };
    return (
      await this.client.send<{ candidates: wire.Candidate[] }>('POST', 'parameters/candidates', { body })
    ).candidates;
  }
  arrange(
    cells: wire.CellText[],
    kernel: string | null,
    arrangement: wire.Arrangement
  ): Promise<wire.Rearranged> {
    return this.client.send('POST', 'parameters/arrange', { body: { cells, kernel, ...arrangement } });
  }
  /** The values as a run that is due then would get them. */
  async rendered(
    notebook: string,
    values: JSONObject,
    scheduledFor: string,
    timezone: string,
    name: string
  ): Promise<JSONObject> {
    const body = { notebook, values, scheduled_for: scheduledFor, timezone, name };
    return (await this.client.send<wire.ParametersPreview>('POST', 'parameters/preview', { body })).values;
  }
  /** The next fires strictly after a moment; null: after now. */
  preview(trigger: wire.Trigger, count: number, after: string | null): Promise<wire.TriggerPreview> {
    return this.client.send('POST', 'triggers/preview', { body: { trigger, count, after } });
  }
}
