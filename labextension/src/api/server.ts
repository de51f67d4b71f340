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
  constructor(private readonly _client: Client) {}

  page(query: RunQuery): Promise<wire.RunPage> {
    return this._client.send('GET', 'runs', { query: { ...query } });
  }
  get(id: string): Promise<wire.Run> {
    return this._client.send('GET', at('runs', id));
  }
  start(request: wire.RunRequest): Promise<wire.Run> {
    return this._client.post('runs', request);
  }
  /** The id of the batch. */
  async sweep(request: wire.SweepRequest): Promise<string> {
    return (await this._client.post<{ batch_id: string }>('runs', request)).batch_id;
  }
  batch(id: string): Promise<wire.Batch> {
    return this._client.send('GET', at('batches', id));
  }
  /** Cancels those that have not ended. */
  cancelBatch(id: string): Promise<void> {
    return this._client.post(at('batches', id, 'cancel'));
  }
  cancel(id: string): Promise<wire.Run> {
    return this._client.post(at('runs', id, 'cancel'));
  }
  rerun(id: string, options: wire.Rerun): Promise<wire.Run> {
    return this._client.post(at('runs', id, 'rerun'), options);
  }
  debug(id: string): Promise<wire.DebugCopy> {
    return this._client.post(at('runs', id, 'debug'));
  }
  takeOver(id: string): Promise<wire.DebugCopy> {
    return this._client.post(at('runs', id, 'take-over'));
  }
  /** Keeps the run's kernel for that long from now on; 0 ends it. */
  keepKernel(id: string, seconds: number): Promise<wire.Run> {
    return this._client.post(at('runs', id, 'kernel'), { keep_seconds: seconds });
  }
  /** Gives a kernel the secrets of the run, so that its cells can run there again. */
  replay(id: string, kernel: string): Promise<void> {
    return this._client.post(at('runs', id, 'replay'), { kernel_id: kernel });
  }
  /** The address of its output notebook as a page to read. */
  pageAddress(id: string, { attempt, hideCode }: wire.Shown, of: 'runs' | 'jobs' = 'runs'): string {
    const query = { format: 'html', attempt, hide_code: hideCode ? 1 : null };
    return this._client.address(at(of, id, 'output'), query);
  }
  pageText(id: string, shown: wire.Shown): Promise<string> {
    return this._client.text(this.pageAddress(id, shown));
  }
  /** What was mended in a debug copy becomes a version. */
  publishFix(id: string, request: versions.PublishFixRequest): Promise<versions.PublishedFix> {
    return this._client.post(at('runs', id, 'publish-fix'), request);
  }
  /** A page that compares it with another run, `last_success` or its `source`. */
  comparison(id: string, against: string, theme: string): Promise<string> {
    const query = { against, format: 'html', theme };
    return this._client.text(this._client.address(at('runs', id, 'diff'), query));
  }
  delete(id: string): Promise<void> {
    return this._client.send('DELETE', at('runs', id));
  }
}

export class Jobs {
  constructor(private readonly _client: Client) {}

  page(query: JobQuery): Promise<wire.JobPage> {
    return this._client.send('GET', 'jobs', { query: { ...query } });
  }
  get(id: string): Promise<wire.Job> {
    return this._client.send('GET', at('jobs', id));
  }
  create(request: wire.JobRequest): Promise<wire.Job> {
    return this._client.post('jobs', request);
  }
  /** Without a `revision` it is meant for the job as it is now, whoever changed it meanwhile. */
  change(
    id: string,
    changes: Partial<wire.JobRequest> & Partial<Pick<wire.Job, 'revision'>>
  ): Promise<wire.Job> {
    return this._client.send('PATCH', at('jobs', id), { body: changes });
  }
  delete(id: string): Promise<void> {
    return this._client.send('DELETE', at('jobs', id));
  }
  run(id: string): Promise<wire.Run> {
    return this._client.post(at('jobs', id, 'run'));
  }
  pause(id: string, until: string | null): Promise<wire.Job> {
    return this._client.post(at('jobs', id, 'pause'), { until });
  }
  resume(id: string): Promise<wire.Job> {
    return this._client.post(at('jobs', id, 'resume'));
  }
  /** All of them; how many were changed. */
  pauseAll(): Promise<{ changed: number }> {
    return this._client.post('pause');
  }
  resumeAll(): Promise<{ changed: number }> {
    return this._client.post('resume');
  }
  /** Leaves one due time out; the run record that says so. */
  skip(id: string, scheduledFor: string): Promise<wire.Run> {
    return this._client.post(at('jobs', id, 'skip'), { scheduled_for: scheduledFor });
  }
  /** The due times that a backfill would run. */
  async backfillSlots(id: string, request: wire.BackfillRequest): Promise<string[]> {
    const body = { ...request, dry_run: true };
    const { slots } = await this._client.post<{ slots: string[] }>(at('jobs', id, 'backfill'), body);
    return slots;
  }
  async backfill(id: string, request: wire.BackfillRequest): Promise<wire.Run[]> {
    const body = { ...request, dry_run: false };
    const { runs } = await this._client.post<{ runs: wire.Run[] }>(at('jobs', id, 'backfill'), body);
    return runs;
  }
  /** Newest first. */
  versions(id: string): Promise<versions.Version[]> {
    return this._client.send('GET', at('jobs', id, 'versions'));
  }
  /** A page that compares two of its versions; `notebook` is the file as it is now. */
  versionsCompared(id: string, left: string, right: string, theme: string): Promise<string> {
    const query = { left, right, format: 'html', theme };
    return this._client.text(this._client.address(at('jobs', id, 'versions', 'diff'), query));
  }
  publish(id: string, request: versions.PublishRequest): Promise<versions.Published> {
    return this._client.post(at('jobs', id, 'publish'), request);
  }
  /** Where the notebook of a job that misses it may have gone. */
  moved(id: string): Promise<wire.Moved> {
    return this._client.send('GET', at('jobs', id, 'moved'));
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
    return this.client.post('parameters/inspect', { cells, kernel, values, presets });
  }
  /** What could become a parameter. */
  async candidates(cells: wire.CellText[], kernel: string | null): Promise<wire.Candidate[]> {
    const body = { cells, kernel };
    return (await this.client.post<{ candidates: wire.Candidate[] }>('parameters/candidates', body))
      .candidates;
  }
  arrange(
    cells: wire.CellText[],
    kernel: string | null,
    arrangement: wire.Arrangement
  ): Promise<wire.Rearranged> {
    return this.client.post('parameters/arrange', { cells, kernel, ...arrangement });
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
    return (await this.client.post<wire.ParametersPreview>('parameters/preview', body)).values;
  }
  /** The next fires strictly after a moment; null: after now. */
  preview(trigger: wire.Trigger, count: number, after: string | null): Promise<wire.TriggerPreview> {
    return this.client.post('triggers/preview', { trigger, count, after });
  }
}
