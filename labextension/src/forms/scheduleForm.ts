import { createElement } from 'react';
import { Notification } from '@jupyterlab/apputils';
import type { KernelSpec } from '@jupyterlab/services';
import type { IStateDB } from '@jupyterlab/statedb';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import { Problem } from '../api/problem';
import { JobList } from '../model/jobs';
import { until } from '../model/times';
import { Scheduling } from '../model/scheduling';
import type { Workspace } from '../model/workspace';
import { allZones, rememberZone } from '../model/zone';
import { CommandIDs } from '../tokens/names';
import type { Job } from '../tokens/wire';
import { actOnJob, OnJob } from '../parts/dispatch';
import { healthOf } from '../parts/health';
import { showRefusal } from '../parts/refusal';
import { ScheduleForm } from './schedule';

export interface ScheduleOptions {
  workspace: Workspace;
  commands: CommandRegistry;
  kernelspecs: KernelSpec.IManager;
  state: IStateDB | null;
  trans: TranslationBundle;
  notebook: string;
  zone: string;
  /** The job to edit; null for a new one. */
  job: Job | null;
  /** Saves the notebook where it is open and has unsaved edits. */
  save: () => Promise<void>;
  /** Called once the job stands. */
  done: () => void;
}

let forms = 0;

/** The content of a *Schedule* tab. */
export class ScheduleWidget extends ReactWidget {
  constructor(private readonly options: ScheduleOptions) {
    super();
    const { workspace, notebook, zone, job } = options;
    this.addClass('jns-Widget');
    this.scheduling = new Scheduling(workspace.server, notebook, zone, job);
    this._jobs = new JobList(workspace.server.jobs, workspace.feed, notebook);
    this._onJob = actOnJob(options.commands);
    this.scheduling.changed.connect(() => this.update());
    this._jobs.changed.connect(() => this.update());
    workspace.statusChanged.connect(this._redraw, this);
    void this._jobs.refresh();
    void workspace.check();
  }

  readonly scheduling: Scheduling;

  override dispose(): void {
    this.scheduling.dispose();
    this._jobs.dispose();
    super.dispose();
  }

  protected render(): JSX.Element {
    const { scheduling, options } = this;
    const { workspace, trans } = options;
    const { problem } = scheduling;
    return createElement(ScheduleForm, {
      id: this._prefix,
      health: healthOf(workspace, null),
      draft: scheduling.draft,
      editing: scheduling.job,
      inspection: scheduling.inspection,
      jobs: this._jobs.rows,
      kernels: this._kernels(),
      zones: ZONES,
      preview: scheduling.preview,
      errors: scheduling.errors,
      parameterErrors: scheduling.parameterErrors,
      rendered: scheduling.rendered,
      problem: problem?.message ?? null,
      stale: problem instanceof Problem && problem.status === 409,
      busy: scheduling.busy,
      now: Date.now(),
      onChange: part => scheduling.change(part),
      onParameter: (name, value) => scheduling.setParameter(name, value),
      onReset: name => scheduling.resetParameter(name),
      onJob: this._onJob,
      onSend: () => void this._send(),
      onTest: () => void this._test(),
      onReload: () => void scheduling.reload(),
      trans
    });
  }

  private _kernels(): { name: string; title: string }[] {
    const specs = Object.entries(this.options.kernelspecs.specs?.kernelspecs ?? {});
    return specs.map(([name, spec]) => ({ name, title: spec?.display_name ?? name }));
  }

  private async _send(): Promise<void> {
    const { options, scheduling } = this;
    const { trans, commands } = options;
    await options.save();
    const job = await scheduling.send();
    if (!job) {
      await showRefusal(this);
      return;
    }
    await rememberZone(options.state, scheduling.draft.when.timezone);
    const next = job.next_run_at
      ? trans.__('“%1” runs %2.', job.name, until(job.next_run_at, Date.now(), trans))
      : trans.__('“%1” runs when started by hand.', job.name);
    Notification.success(next, {
      autoClose: 5000,
      actions: [
        {
          label: trans.__('Show'),
          callback: () => void commands.execute(CommandIDs.showParameters)
        }
      ]
    });
    options.done();
  }

  private async _test(): Promise<void> {
    const { options, scheduling } = this;
    await options.save();
    const run = await scheduling.test();
    if (run) {
      options.workspace.started.add(run.id);
      await options.commands.execute(CommandIDs.showRuns);
    } else {
      await showRefusal(this);
    }
  }

  private _redraw(): void {
    this.update();
  }

  private readonly _prefix = `jns-schedule-${++forms}`;
  private readonly _jobs: JobList;
  private readonly _onJob: OnJob;
}

const ZONES = allZones();
