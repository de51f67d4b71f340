import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Status } from '../tokens/wire';

export interface Health {
  status: Status | null;
  /** The server part does not answer at all. */
  missing: boolean;
  /** What else went wrong, in the server's words. */
  problem: string | null;
}

/** Says plainly that the server part is missing, or that nothing will run at present, and how to mend it. */
export function Notice(props: { health: Health; trans: TranslationBundle }): JSX.Element | null {
  const { health, trans } = props;
  if (health.missing) {
    return (
      <div className="jns-Notice jns-mod-wrong" role="alert">
        <p>{trans.__('The server part of Notebook Sched does not answer.')}</p>
        <p>
          {trans.__('Install it where Jupyter Server runs, then start the server again:')}
          <code>pip install jupyter_notebook_sched</code>
        </p>
      </div>
    );
  }
  if (health.problem) {
    return (
      <div className="jns-Notice jns-mod-wrong" role="alert" data-jns="problem">
        <p>{health.problem}</p>
      </div>
    );
  }
  const words = workerWords(health.status, trans);
  return words ? (
    <div className="jns-Notice" role="status">
      <p>{words}</p>
    </div>
  ) : null;
}

function workerWords(status: Status | null, trans: TranslationBundle): string | null {
  switch (status?.worker.state) {
    case 'stopped':
      return trans.__(
        'The scheduler is not running: nothing starts until it does. It starts again with Jupyter Server.'
      );
    case 'starting':
      return trans.__('The scheduler is starting.');
    case 'draining':
      return trans.__('The scheduler finishes its last runs and takes no new ones.');
    default:
      return null;
  }
}
