import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { URLExt } from '@jupyterlab/coreutils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Event, ServerConnection } from '@jupyterlab/services';
import { PACKAGE, RUN_EVENTS, TRANSLATION_DOMAIN } from '../tokens/names';
import type { RunEvent } from '../tokens/wire';
import { IScheduler } from './scheduler';
import type { CatchUpNotice } from './tellCatchUps';
import type { Notices } from './tellEnds';

const ENDS = ['succeeded', 'failed', 'cancelled'];
const CATCH_UPS = 'notebook-sched/runs?state=queued&cause=catch_up&limit=2';

/** Whether an outage before this page was opened has left runs to catch up. Asked before any code is loaded for it. */
async function catchingUp(settings: ServerConnection.ISettings): Promise<boolean> {
  try {
    const url = URLExt.join(settings.baseUrl, CATCH_UPS);
    const response = await ServerConnection.makeRequest(url, {}, settings);
    return response.ok && (await response.json()).runs.length > 1;
  } catch {
    return false;
  }
}

/** Listens to runs from the start; what to say about them loads when there is something to say. */
export const notices: JupyterFrontEndPlugin<void> = {
  id: `${PACKAGE}:notices`,
  description: 'Tells how runs end.',
  autoStart: true,
  requires: [IScheduler],
  optional: [ITranslator],
  activate: (app: JupyterFrontEnd, scheduler: IScheduler, translator: ITranslator | null) => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    const { events, serverSettings } = app.serviceManager;
    let ends: Promise<Notices> | null = null;
    let catchUps: Promise<CatchUpNotice> | null = null;
    const loadEnds = async () =>
      new (await import('./later')).Notices(await scheduler.load(), app.commands, trans);
    const loadCatchUps = async () =>
      new (await import('./later')).CatchUpNotice(await scheduler.load(), app.commands, trans);

    const hear = ({ run_id, at, job_id, state }: RunEvent) => {
      if (job_id !== null && state === 'queued') {
        catchUps ??= loadCatchUps();
      }
      void catchUps?.then(notice => notice.heard(state));
      if (ENDS.includes(state)) {
        const run = { id: run_id, at, job: job_id, failed: state === 'failed' };
        void (ends ??= loadEnds()).then(notices => notices.ended(run));
      }
    };
    events.stream.connect((_: unknown, event: Event.Emission) => {
      if (event.schema_id === RUN_EVENTS) {
        hear(event as unknown as RunEvent);
      }
    });
    void app.restored
      .then(() => catchingUp(serverSettings))
      .then(async waiting => waiting && (await (catchUps ??= loadCatchUps())).heard('queued'));
  }
};
