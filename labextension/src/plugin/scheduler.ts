import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Token } from '@lumino/coreutils';
import type { Workspace } from '../model/workspace';
import { PACKAGE } from '../tokens/names';

/** Gives the runs and jobs of this workspace; their code and look load with the first call. */
export interface IScheduler {
  load(): Promise<Workspace>;
}

export const IScheduler = new Token<IScheduler>(
  `${PACKAGE}:IScheduler`,
  'The runs and jobs of this workspace.'
);

export const scheduler: JupyterFrontEndPlugin<IScheduler> = {
  id: `${PACKAGE}:scheduler`,
  description: 'The runs and jobs of this workspace.',
  autoStart: true,
  provides: IScheduler,
  activate: app => {
    let workspace: Promise<Workspace> | null = null;
    const make = async () => {
      const { Workspace, addStyles } = await import('./later');
      await addStyles();
      return new Workspace(app.serviceManager);
    };
    return { load: () => (workspace ??= make()) };
  }
};
