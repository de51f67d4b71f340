import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Token } from '@lumino/coreutils';
import type { Workspace } from '../model/workspace';
import { PACKAGE } from '../tokens/names';

/** Gives the runs and jobs of this workspace; their code loads with the first call. */
export interface IScheduler {
  load(): Promise<Workspace>;
}

export const IScheduler = new Token<IScheduler>(
  `${PACKAGE}:IScheduler`,
  'The runs and jobs of this workspace.'
);

export const scheduler: JupyterFrontEndPlugin<IScheduler> = {
  id: `${PACKAGE}:scheduler`,
  description: 'Gives the other parts the runs and jobs of this workspace.',
  autoStart: true,
  provides: IScheduler,
  activate: app => {
    let workspace: Promise<Workspace> | null = null;
    const make = async () => new (await import('../model/workspace')).Workspace(app.serviceManager);
    return { load: () => (workspace ??= make()) };
  }
};
