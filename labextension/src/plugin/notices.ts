import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { Event } from '@jupyterlab/services';
import { PACKAGE, RUN_EVENTS, TRANSLATION_DOMAIN } from '../tokens/names';
import { IScheduler } from './scheduler';
import type { Notices } from './tellEnds';

/** Listens for ended runs from the start; what to say about them loads with the first one. */
export const notices: JupyterFrontEndPlugin<void> = {
  id: `${PACKAGE}:notices`,
  description: 'Tells when a run that was started by hand ends, and when a scheduled one fails.',
  autoStart: true,
  requires: [IScheduler],
  optional: [ITranslator],
  activate: (app: JupyterFrontEnd, scheduler: IScheduler, translator: ITranslator | null) => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    let loaded: Promise<Notices> | null = null;
    const load = async () =>
      new (await import('./tellEnds')).Notices(await scheduler.load(), app.commands, trans);
    app.serviceManager.events.stream.connect((_: unknown, event: Event.Emission) => {
      if (
        event.schema_id === RUN_EVENTS &&
        ['succeeded', 'failed', 'cancelled'].includes(String(event.state))
      ) {
        const run = {
          id: String(event.run_id),
          job: event.job_id as string | null,
          failed: event.state === 'failed'
        };
        void (loaded ??= load()).then(notices => notices.ended(run));
      }
    });
  }
};
