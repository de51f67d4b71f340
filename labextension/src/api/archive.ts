import { URLExt } from '@jupyterlab/coreutils';
import { Contents, Drive, ServerConnection } from '@jupyterlab/services';
import { ARCHIVE_DRIVE } from '../tokens/names';

/** With `no-store` JupyterLab adds the time to each query, which the server part refuses as unknown. */
export function plain(settings: ServerConnection.ISettings): ServerConnection.ISettings {
  return { ...settings, init: { ...settings.init, cache: 'no-cache' } };
}

/** Source and output notebooks as a read-only drive, `archive:…`. */
export class ArchiveDrive extends Drive {
  constructor(serverSettings: ServerConnection.ISettings) {
    super({
      name: ARCHIVE_DRIVE,
      apiEndpoint: 'notebook-sched/archive/api/contents',
      serverSettings: plain(serverSettings)
    });
  }

  // TEMPORARY
  override async get(localPath: string, options?: Contents.IFetchOptions): Promise<Contents.IModel> {
    const known = {
      type: options?.type,
      format: options?.format,
      content: options?.content,
      hash: options?.hash
    };
    return super.get(localPath, Object.fromEntries(Object.entries(known).filter(([, v]) => v !== undefined)));
  }

  override async getDownloadUrl(localPath: string): Promise<string> {
    const { baseUrl } = this.serverSettings;
    return URLExt.join(baseUrl, 'notebook-sched/archive/files', URLExt.encodeParts(localPath));
  }
}
