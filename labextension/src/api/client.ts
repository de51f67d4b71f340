import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import { Problem } from './problem';

const ROOT = 'notebook-sched';

export type Query = Record<string, string | number | readonly string[] | null | undefined>;
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

function queryString(query: Query): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== '') {
        pairs.append(name, String(one));
      }
    }
  }
  const text = pairs.toString();
  return text ? `?${text}` : '';
}

/** Whole numbers that JavaScript would round stay text, as they are typed and sent; a browser that cannot tell rounds. */
export function exactly(_: string, value: unknown, context?: { source?: string }): unknown {
  const { source = '' } = context ?? {};
  return /^-?\d{16,}$/.test(source) && !Number.isSafeInteger(value) ? source : value;
}

/** Speaks strict JSON with the server part; every refusal comes back as a `Problem`. */
export class Client {
  constructor(private readonly _settings: ServerConnection.ISettings) {}

  async send<T>(method: Method, path: string, options: { query?: Query; body?: unknown } = {}): Promise<T> {
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const text = await this.text(this.address(path, options.query ?? {}), { method, body });
    return (text ? JSON.parse(text, exactly) : undefined) as T;
  }

  post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.send('POST', path, { body });
  }

  address(path: string, query: Query): string {
    return URLExt.join(this._settings.baseUrl, ROOT, path) + queryString(query);
  }

  async text(address: string, init: RequestInit = {}): Promise<string> {
    const response = await this._reach(address, init);
    const text = await response.text();
    if (!response.ok) {
      throw this._refusal(response, text);
    }
    return text;
  }

  private async _reach(url: string, init: RequestInit): Promise<Response> {
    try {
      return await ServerConnection.makeRequest(url, init, this._settings);
    } catch {
      throw new Problem(0, 'Jupyter Server does not answer.', 'unreachable');
    }
  }

  /** A 404 whose body is not in our error format comes from Jupyter Server itself: nobody serves the route. */
  private _refusal(response: Response, text: string): Problem {
    try {
      const { message, reason, errors } = JSON.parse(text);
      if (typeof message === 'string' && typeof reason === 'string') {
        return new Problem(response.status, message, reason, errors ?? []);
      }
    } catch {
      // Not JSON: a proxy's page, or Jupyter Server's own.
    }
    const reason = response.status === 404 ? 'no_server_part' : 'unknown';
    return new Problem(response.status, `${response.status} ${response.statusText}`.trim(), reason);
  }
}
