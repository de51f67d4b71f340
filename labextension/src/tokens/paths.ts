import type { Contents } from '@jupyterlab/services';
import { ARCHIVE_DRIVE } from './names';

/**
 * The workspace path of a document that can be run, or null for one on another drive.
 * `RTC` is the drive that collaboration puts in front of workspace paths.
 */
export function workspacePath(
  contents: Pick<Contents.IManager, 'driveName' | 'localPath'>,
  path: string
): string | null {
  const drive = contents.driveName(path);
  return drive === '' || drive === 'RTC' ? contents.localPath(path).replace(/^\/+/, '') : null;
}

/** The id of the run whose output notebook stands at this path (`runs/<Y>/<M>/<D>/<run id>/<attempt>/<name>`), or null. */
export function runOfOutput(path: string): string | null {
  const [drive, ...rest] = path.split(':');
  const parts = rest.join(':').replace(/^\/+/, '').split('/');
  return drive === ARCHIVE_DRIVE && parts[0] === 'runs' && parts.length === 7 ? parts[4] : null;
}

export function archivePath(output: string): string {
  return `${ARCHIVE_DRIVE}:${output}`;
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The notebook's file name without its extension, as a first name for a job. */
export function stem(path: string): string {
  return baseName(path).replace(/\.ipynb$/i, '');
}
