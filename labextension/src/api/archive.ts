import { URLExt } from '@jupyterlab/coreutils';
import { Contents, Drive, ServerConnection } from '@jupyterlab/services';
import { ARCHIVE_DRIVE } from '../tokens/names';

/** Source and output notebooks as a read-only drive, `archive:…`. */
export class ArchiveDrive extends Drive {
  constructor(serverSettings: ServerConnection.ISettings) {
    super({ name: ARCHIVE_DRIVE, apiEndpoint: 'notebook-sched/archive/api/contents', serverSettings });
  }

  /** The files that are not what their runs recorded, as far as they have been opened. */
  readonly changed = new Set<string>();

  override async get(localPath: string, options?: Contents.IFetchOptions): Promise<Contents.IModel> {
    const model: Contents.IModel & { intact?: boolean | null } = await super.get(localPath, options);
    if (model.intact === false) {
      this.changed.add(localPath);
    }
    return model;
  }

  override async getDownloadUrl(localPath: string): Promise<string> {
    const { baseUrl } = this.serverSettings;
    return URLExt.join(baseUrl, 'notebook-sched/archive/files', URLExt.encodeParts(localPath));
  }
}
