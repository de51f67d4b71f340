import { URLExt } from '@jupyterlab/coreutils';
import { Drive, ServerConnection } from '@jupyterlab/services';
import { ARCHIVE_DRIVE } from '../tokens/names';

/** Source and output notebooks as a read-only drive, `archive:…`. */
export class ArchiveDrive extends Drive {
  constructor(serverSettings: ServerConnection.ISettings) {
    super({ name: ARCHIVE_DRIVE, apiEndpoint: 'notebook-sched/archive/api/contents', serverSettings });
  }

  override async getDownloadUrl(localPath: string): Promise<string> {
    const { baseUrl } = this.serverSettings;
    return URLExt.join(baseUrl, 'notebook-sched/archive/files', URLExt.encodeParts(localPath));
  }
}
